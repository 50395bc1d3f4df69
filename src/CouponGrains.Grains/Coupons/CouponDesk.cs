using CouponGrains.Contracts;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Events;
using CouponGrains.Grains.Models;
using CouponGrains.Grains.Profiles;

namespace CouponGrains.Grains.Coupons;

/// <summary>The ports behind a user's coupons.</summary>
/// <param name="Ledger">Coupons, redemptions and budgets.</param>
/// <param name="Campaigns">Offers, withdrawn ones too.</param>
/// <param name="Feedback">What was refused.</param>
internal sealed record CouponPorts(ILedger Ledger, ICampaignStore Campaigns, FeedbackCounts Feedback);

/// <summary>What a user grain does with coupons: asks the ledger, and keeps the wallet that it told of last, for the
/// rules of eligibility. Every limit is kept by the ledger.</summary>
internal sealed class CouponDesk(UserId user, CouponPorts ports, IReplica replica, LiveProfile live, TimeProvider time)
{
    private const int WalletMax = 500;
    private const int NextMax = 100;

    private IReadOnlyList<Coupon>? _wallet;

    /// <summary>The user as the ranking sees him.</summary>
    public async Task<RankingSubject> Subject(OfferIndex index, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var stale = _wallet is null || _wallet.Any(c => c.IsOpen && c.ExpiresAt <= now);
        var wallet = stale ? await Wallet(cancel) : _wallet!;
        var taste = await live.Taste(index.Model, cancel);
        return new(live.Profile, taste, wallet, live.Sequence(index.Model));
    }

    /// <summary>The wallet, newest first, after those whose time is over have been expired.</summary>
    public async Task<IReadOnlyList<Coupon>> Wallet(CancellationToken cancel)
    {
        if ((await ports.Ledger.ExpireDue(user, time.GetUtcNow(), cancel)).Count > 0)
        {
            await live.CatchUp(cancel);
        }

        return _wallet = await ports.Ledger.Wallet(user, WalletMax, cancel);
    }

    /// <summary>Coupons with their offers.</summary>
    public async Task<IReadOnlyList<WalletEntry>> Entries(IReadOnlyList<Coupon> coupons, CancellationToken cancel)
    {
        var offers = new Dictionary<OfferId, Offer>();
        var entries = new WalletEntry[coupons.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var id = coupons[i].Offer;
            if (!offers.TryGetValue(id, out var offer))
            {
                offers.Add(id, offer = await OfferOf(id, cancel));
            }

            entries[i] = new(coupons[i], offer);
        }

        return entries;
    }

    /// <summary>Issues; the push is null unless the coupon is new.</summary>
    public async Task<(Answer<Coupon> Answer, CouponPush? Push)> Issue(IssueCommand command, CancellationToken cancel)
    {
        if (!IdRules.IsValid(command.Key))
        {
            return (new Refusal(RefusalCodes.InvalidId, "The key must have 1 to 128 characters.", "/key"), null);
        }

        if (CodeRules.IsOfCode(command.Key))
        {
            return (new Refusal(
                RefusalCodes.InvalidId, $"Keys that begin with {CodeRules.KeyPrefix} are those of codes.", "/key"), null);
        }

        // A repeated key is answered before a choice is made: what it issued is not eligible any more.
        if (await FindIssued(command.Key, cancel) is { } issued)
        {
            return (Repeated(command, issued), null);
        }

        var chosen = await Choose(command, cancel);
        if (chosen.Value is not { } ranked)
        {
            return (chosen.Refusal!, null);
        }

        _wallet = null; // Of an issue whose answer is lost the wallet tells when the key is asked again.
        var answer = await Issue(command.Key, ranked, cancel);
        if (command.Offer is null && IsGone(answer))
        {
            (answer, ranked) = await IssueNext(command, answer, ranked, cancel);
        }

        var push = answer is { Coupon: { } coupon, Event: not null }
            ? new CouponPush(coupon, ranked.Offer, ranked.Reasons)
            : null;
        return (answer is { Coupon: { } before, Event: null } ? Repeated(command, before) : Told(answer), push);
    }

    /// <summary>Notes a look at a coupon.</summary>
    public Task<Answer<Coupon>> View(string code, CancellationToken cancel) =>
        Change(CouponCode.Normalise(code), c => ports.Ledger.View(user, c, time.GetUtcNow(), cancel));

    /// <summary>Notes that a coupon was claimed; of a code that many share the user's own.</summary>
    public Task<Answer<Coupon>> Claim(string code, CancellationToken cancel) => Change(
        SharedCodes.NormaliseAny(code), c => ports.Ledger.Claim(user, c, time.GetUtcNow(), cancel));

    /// <summary>Notes a rating.</summary>
    public async Task<Answer<Coupon>> Rate(string code, int rating, CancellationToken cancel) => rating is < 1 or > 5
        ? new Refusal(RefusalCodes.InvalidValue, $"A rating is 1 to 5, but was {rating}.", "/rating")
        : await Change(CouponCode.Normalise(code), c => ports.Ledger.Rate(user, c, rating, time.GetUtcNow(), cancel));

    /// <summary>What <see cref="Redeem"/> would answer at <paramref name="now"/>.</summary>
    public Task<RedemptionAnswer> Validate(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        ports.Ledger.Validate(Checked(request), now, cancel);

    /// <summary>Which coupons to use on a cart. Each is first asked for by itself, as <see cref="Redeem"/>
    /// would.</summary>
    public async Task<CartChoice> Choose(ChoiceRequest request, CancellationToken cancel)
    {
        if (request.Codes.Count > ChoiceRequest.CodesMax)
        {
            throw new RefusedException(new(RefusalCodes.BatchTooLarge,
                $"At most {ChoiceRequest.CodesMax} coupons are chosen between, but there were {request.Codes.Count}.",
                "/codes"));
        }

        var now = time.GetUtcNow();
        var (usable, unused, seen) = (new List<CartCoupon>(), new List<UnusedCoupon>(), new HashSet<string>());
        foreach (var (given, code) in request.Codes.Select(c => (c, SharedCodes.NormaliseAny(c) ?? c)))
        {
            if (!seen.Add(await OwnCode(code, cancel)))
            {
                continue; // The same coupon, perhaps once by its own code and once by the shared one that it came of.
            }

            var answer = await ports.Ledger.Validate(Checked(Alone(request, code)), now, cancel);
            if (answer.Status != RedemptionStatus.Redeemed)
            {
                unused.Add(new(answer.Status == RedemptionStatus.UnknownCoupon ? given : code, answer.Status));
                continue;
            }

            var of = await OfferBehind(code, cancel);
            var campaign = await ports.Campaigns.Get(of.Campaign, cancel)
                ?? throw new InvalidOperationException("An offer has a campaign.");
            var offer = RedemptionRules.Capped(of, campaign);
            usable.Add(new(code, offer, campaign.Budget.Currency, campaign.Guardrails));
        }

        var before = await ports.Ledger.UsedOn(user, request.Order, cancel);
        var choice = CartChooser.Choose(request.Cart, usable, replica.Current.Catalog.Get, request.Mode, before);
        return choice with { Unused = [.. choice.Unused.Concat(unused).OrderBy(u => u.Code, StringComparer.Ordinal)] };
    }

    /// <summary>Redeems, once for a key.</summary>
    public async Task<RedemptionAnswer> Redeem(RedemptionRequest request, CancellationToken cancel)
    {
        var answer = await ports.Ledger.Redeem(Checked(request), time.GetUtcNow(), cancel);
        _wallet = null;
        return Told(answer);
    }

    /// <summary>The campaign of a code, or null if there is no such code.</summary>
    public async Task<CampaignId?> CampaignOf(string code, CancellationToken cancel) =>
        (await ports.Ledger.Find(code, cancel))?.Campaign ?? (await ports.Ledger.FindShared(code, cancel))?.Campaign;

    /// <summary>Sets aside, once for a key; of a code that many share the user is issued his own coupon.</summary>
    public Task<ReservationAnswer> Reserve(ReservationRequest request, CancellationToken cancel)
    {
        _wallet = null;
        return ports.Ledger.Reserve(request with { Checkout = Checked(request.Checkout) }, time.GetUtcNow(), cancel);
    }

    /// <summary>Redeems what is set aside.</summary>
    public async Task<RedemptionAnswer> Confirm(string key, CancellationToken cancel)
    {
        var answer = await ports.Ledger.Confirm(user, key, time.GetUtcNow(), cancel);
        _wallet = null;
        return Told(answer);
    }

    /// <summary>Gives up what is set aside.</summary>
    public Task<ReservationAnswer> Release(string key, CancellationToken cancel) =>
        ports.Ledger.Release(user, key, time.GetUtcNow(), cancel);

    /// <summary>Takes a coupon back.</summary>
    public Task<Answer<Coupon>> Void(string code, CancellationToken cancel) =>
        Change(CouponCode.Normalise(code), c => ports.Ledger.Void(user, c, time.GetUtcNow(), cancel));

    /// <summary>Rolls back.</summary>
    public async Task<RedemptionAnswer> RollBack(string redemptionKey, CancellationToken cancel)
    {
        var answer = await ports.Ledger.RollBack(user, redemptionKey, time.GetUtcNow(), cancel);
        _wallet = null;
        return answer.Answer;
    }

    /// <summary>Books a return, once for a key.</summary>
    public async Task<Answer<OrderReturn>> Return(ReturnRequest request, CancellationToken cancel)
    {
        if (request.User != user)
        {
            throw new ArgumentException("The request names another user.", nameof(request));
        }

        var answer = await ports.Ledger.Return(request, time.GetUtcNow(), cancel);
        return answer.Return is { } booked
            ? new Answer<OrderReturn> { Value = booked, IsRepeat = answer.IsRepeat }
            : answer.Refusal!;
    }

    /// <summary>The coupon that was issued under a key, or null. A wallet that is full may not hold it any
    /// more.</summary>
    private async Task<Coupon?> FindIssued(string key, CancellationToken cancel)
    {
        var wallet = _wallet ?? await Wallet(cancel);
        return wallet.FirstOrDefault(c => c.IssueKey == key)
            ?? (wallet.Count < WalletMax ? null : await ports.Ledger.FindIssued(user, key, cancel));
    }

    private Task<CouponAnswer> Issue(string key, RankedOffer ranked, CancellationToken cancel) => ports.Ledger.Issue(
        new(key, user, ranked.Offer.Id, ranked.Model, ranked.Score, ranked.Propensity, ranked.Response?.Redeem),
        time.GetUtcNow(), cancel);

    /// <summary>The stock of the chosen offer is used up, or its time is over, or its coupon would run out before one
    /// comes, which only the ledger knows: the next one of the ranking that is there.</summary>
    private async Task<(CouponAnswer Answer, RankedOffer Ranked)> IssueNext(
        IssueCommand command, CouponAnswer answer, RankedOffer ranked, CancellationToken cancel)
    {
        var index = replica.Current;
        var subject = await Subject(index, cancel);
        foreach (var next in OfferRanker.Rank(index, subject, command.Campaign, NextMax, time.GetUtcNow()))
        {
            if (next.Offer.Id != ranked.Offer.Id && IsGone(answer))
            {
                // What was drawn for the offer that is gone falls to this one.
                ranked = next with { Propensity = Math.Min(1, next.Propensity + ranked.Propensity) };
                answer = await Issue(command.Key, ranked, cancel);
            }
        }

        return (answer, ranked);
    }

    private static bool IsGone(CouponAnswer answer) =>
        answer.Refusal?.Code is RefusalCodes.StockExhausted or RefusalCodes.OfferEnded or RefusalCodes.NoUsableTime;

    /// <summary>The coupon that the key issued before, unless the caller asks for another one now.</summary>
    private static Answer<Coupon> Repeated(IssueCommand command, Coupon issued) =>
        issued.Campaign == command.Campaign && (command.Offer ?? issued.Offer) == issued.Offer
            ? new Answer<Coupon> { Value = issued, IsRepeat = true }
            : new Refusal(RefusalCodes.DuplicateOtherContent, "This key was used for another campaign or offer.", "/key");

    private async Task<Answer<Coupon>> Change(string? normal, Func<string, Task<CouponAnswer>> change)
    {
        if (normal is null)
        {
            return new Refusal(RefusalCodes.UnknownCoupon, "There is no such coupon.");
        }

        var answer = await change(normal);
        _wallet = null;
        return Told(answer);
    }

    /// <summary>The offer to issue, ranked: the named one, or the one that suits best.</summary>
    private async Task<Answer<RankedOffer>> Choose(IssueCommand command, CancellationToken cancel)
    {
        if (!replica.Current.Campaigns.ContainsKey(command.Campaign))
        {
            await replica.Refresh(cancel);
        }

        var now = time.GetUtcNow();
        var index = replica.Current;
        if (!index.Campaigns.TryGetValue(command.Campaign, out var campaign) || now < campaign.Start || now >= campaign.End)
        {
            return await ports.Campaigns.Get(command.Campaign, cancel) is null
                ? new Refusal(RefusalCodes.UnknownCampaign, $"There is no campaign {command.Campaign}.", "/campaign")
                : new Refusal(RefusalCodes.CampaignNotActive, $"Campaign {command.Campaign} is not active now.", "/campaign");
        }

        if (command.Offer is { } named)
        {
            var offer = replica.Find(named) ?? await ports.Campaigns.GetOffer(named, cancel);
            return offer?.Campaign == command.Campaign
                ? new RankedOffer(offer, 0, 1, ModelVersion.None, [new Reason("rule", "given by name")])
                : new Refusal(RefusalCodes.UnknownOffer, $"Campaign {command.Campaign} has no offer {named}.", "/offer");
        }

        var subject = await Subject(index, cancel);
        // The dice are thrown by the key, so that a repeated call chooses the same offer.
        var random = new Random(unchecked((int)Domain.StableHash.Of(command.Key, user.Value)));
        if (OfferRanker.Choose(index, subject, command.Campaign, now, random) is { } ranked)
        {
            return ranked;
        }

        return OfferRanker.Obstacle(index, subject, command.Campaign, now) is { Code: RefusalCodes.CapReached } cap
            ? cap
            : new Refusal(
                RefusalCodes.NoSuitableOffer, $"Campaign {command.Campaign} has no offer for this user now.");
    }

    /// <summary>The wish to use one of the coupons, under a key that no redemption has.</summary>
    private static RedemptionRequest Alone(ChoiceRequest request, string code) => new()
    {
        Key = Guid.NewGuid().ToString("N"),
        User = request.User,
        Code = code,
        Order = request.Order,
        Cart = request.Cart,
    };

    private RedemptionRequest Checked(RedemptionRequest request)
    {
        if (request.User != user)
        {
            throw new ArgumentException("The request names another user.", nameof(request));
        }

        return CartEngine.Check(request.Cart) is { } refusal
            ? throw new RefusedException(refusal)
            : request with { PriorOrders = live.Profile.OrdersBeside(request.Order) };
    }

    /// <summary>The code of the user's own coupon, if this is a shared one and he has a coupon of it; else the
    /// code.</summary>
    private async Task<string> OwnCode(string code, CancellationToken cancel) =>
        CouponCode.Normalise(code) is null && await ports.Ledger.FindShared(code, cancel) is { } shared
            && CodeRules.IssueOf(user, shared.Code, shared.Offer).Key is var key
            && await FindIssued(key, cancel) is { } own
                ? own.Code
                : code;

    private async Task<Offer> OfferBehind(string code, CancellationToken cancel) => await OfferOf(
        (await ports.Ledger.Find(code, cancel))?.Offer ?? (await ports.Ledger.FindShared(code, cancel))?.Offer
            ?? throw new InvalidOperationException("A code that is valid has an offer."), cancel);

    private async Task<Offer> OfferOf(OfferId id, CancellationToken cancel) => replica.Find(id)
        ?? await ports.Campaigns.GetOffer(id, cancel)
        ?? throw new InvalidOperationException($"A coupon carries the offer {id}, which does not exist.");

    /// <summary>Of a redemption that was there before the ledger records no event.</summary>
    private static RedemptionAnswer Told(LedgerAnswer answer) =>
        answer.Answer with { IsRepeat = answer is { Event: null, Answer.Status: RedemptionStatus.Redeemed } };

    private static Answer<Coupon> Told(CouponAnswer answer) =>
        answer.Coupon is { } coupon
            ? coupon
            : answer.Refusal ?? throw new InvalidOperationException("The ledger answered nothing.");
}
