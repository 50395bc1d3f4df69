using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Simulation.Stores;

namespace CouponGrains.Simulation;

/// <summary>The shop's books in one offline run: the event log, the wallets and the budget of the campaign under way.
/// Every redemption is decided by the product's own rules. A policy sees this and nothing of the market's
/// truth.</summary>
public sealed class Shop : IStorefront
{
    private readonly Dictionary<UserId, List<Coupon>> _wallets = [];
    private readonly Dictionary<OfferId, Offer> _offers = [];

    /// <summary>A shop that goes on from a past, which it does not change.</summary>
    public Shop(CatalogIndex catalog, MemoryEventLog past)
    {
        Catalog = catalog;
        Log = new(past);
        Items = new(catalog.Items);
    }

    /// <summary>The items by id.</summary>
    public CatalogIndex Catalog { get; }

    /// <summary>The items as a store.</summary>
    public MemoryCatalog Items { get; }

    /// <summary>What happened.</summary>
    public MemoryEventLog Log { get; }

    /// <summary>Every campaign so far with its offers, as a store.</summary>
    public MemoryCampaigns Campaigns { get; } = new();

    /// <summary>The campaign under way, or null before the first.</summary>
    public Campaign? Campaign { get; private set; }

    /// <summary>The offers of the campaign under way.</summary>
    public IReadOnlyList<Offer> Offers { get; private set; } = [];

    /// <summary>What the campaign under way has used of its budget, or null before the first.</summary>
    public BudgetUse? Use { get; private set; }

    /// <summary>Margin of everything sold, before discounts, in minor units.</summary>
    public long MarginMinor { get; private set; }

    /// <summary>Discounts given, in minor units.</summary>
    public long DiscountMinor { get; private set; }

    /// <summary>The user's coupons, oldest first.</summary>
    public IReadOnlyCollection<Coupon> Wallet(UserId user) => _wallets.GetValueOrDefault(user) ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<Coupon> Open(UserId user) => _wallets.TryGetValue(user, out var wallet) ? [.. wallet.Where(c => c.IsOpen)] : [];

    /// <inheritdoc/>
    public Offer Offer(OfferId id) => _offers[id];

    /// <summary>Begins a campaign.</summary>
    public async Task Begin(Campaign campaign, IReadOnlyList<Offer> offers, CancellationToken cancel)
    {
        await Campaigns.Put(campaign, cancel);
        await Campaigns.AddOffers(offers, cancel);
        (Campaign, Offers) = (campaign, offers);
        Use = new(campaign.Budget, Money.Zero(campaign.Budget.Currency), 0, 0);
        foreach (var offer in offers)
        {
            _offers.Add(offer.Id, offer);
        }
    }

    /// <summary>Issues a coupon to a user.</summary>
    public void Issue(UserId user, RankedOffer chosen, DateTimeOffset at)
    {
        var campaign = Campaign ?? throw new InvalidOperationException("No campaign is under way.");
        var key = $"{chosen.Offer.Id}/{user}";
        var coupon = new Coupon
        {
            Code = key,
            User = user,
            Offer = chosen.Offer.Id,
            Campaign = campaign.Id,
            IssueKey = key,
            IssuedAt = at,
            ExpiresAt = at + chosen.Offer.ValidFor < campaign.End ? at + chosen.Offer.ValidFor : campaign.End,
            Model = chosen.Model,
            Score = chosen.Score,
            Propensity = chosen.Propensity,
            RedemptionProbability = chosen.Response?.Redeem,
        };
        if (!_wallets.TryGetValue(user, out var wallet))
        {
            _wallets.Add(user, wallet = []);
        }

        wallet.Add(coupon);
        Use = Use! with { Issued = Use.Issued + 1 };
        Record(Event(coupon, EventKind.Issued, at));
    }

    /// <summary>Ends the campaign: what is open and over is expired.</summary>
    public void End(DateTimeOffset at)
    {
        foreach (var coupon in _wallets.Values.SelectMany(w => w.Where(c => c.IsOpen && c.ExpiresAt <= at).ToList()))
        {
            Replace(coupon, c => c with { State = CouponState.Expired });
            Record(Event(coupon, EventKind.Expired, at));
        }
    }

    /// <inheritdoc/>
    public void Record(UserEvent e)
    {
        if (Log.Append(e).Status != AppendStatus.Accepted)
        {
            throw new InvalidOperationException($"The event {e.Id} was recorded before.");
        }

        if (e.Kind == EventKind.Purchase && e is { Item: { } item, Amount: { } paid })
        {
            MarginMinor += paid.Share(Catalog.Get(item).MarginBasisPoints ?? 0).Minor;
        }
    }

    /// <inheritdoc/>
    public void View(Coupon coupon, bool claims, DateTimeOffset at)
    {
        Replace(coupon, c => c with { ViewedAt = at });
        Record(Event(coupon, EventKind.CouponViewed, at));
        if (claims)
        {
            Replace(coupon, c => c with { State = CouponState.Claimed, ClaimedAt = at });
            Record(Event(coupon, EventKind.Claimed, at.AddSeconds(1)));
        }
    }

    /// <inheritdoc/>
    public bool Redeem(Coupon coupon, Item item, string order, DateTimeOffset at)
    {
        var cart = new Cart { Currency = item.Price!.Value.Currency, Lines = [new(item.Id, 1, item.Price.Value)] };
        var request = new RedemptionRequest { Key = order, User = coupon.User, Code = coupon.Code, Order = order, Cart = cart };
        var redeemed = _wallets[coupon.User].Where(c => c.Campaign == coupon.Campaign).Sum(c => c.Uses);
        var answer = RedemptionRules.Decide(
            request, coupon, Offer(coupon.Offer), Campaign, Use, redeemed, Catalog.Get, at);
        if (answer is not { Status: RedemptionStatus.Redeemed, Discount: { } discount })
        {
            return false;
        }

        Use = Use! with { Spent = Use.Spent + discount.Total, Redeemed = Use.Redeemed + 1 };
        DiscountMinor += discount.Total.Minor;
        Replace(coupon, c => c.Used());
        Record(Event(coupon, EventKind.Redeemed, at) with { Order = order, Amount = discount.Total });
        return true;
    }

    /// <inheritdoc/>
    public void Rate(Coupon coupon, int stars, DateTimeOffset at)
    {
        Replace(coupon, c => c with { Rating = stars });
        Record(Event(coupon, EventKind.Rated, at) with { Rating = stars });
    }

    private void Replace(Coupon coupon, Func<Coupon, Coupon> change)
    {
        var wallet = _wallets[coupon.User];
        var place = wallet.FindIndex(c => c.Code == coupon.Code);
        wallet[place] = change(wallet[place]);
    }

    private static UserEvent Event(Coupon coupon, EventKind kind, DateTimeOffset at) => new()
    {
        Id = new($"{coupon.Code}/{kind}"),
        User = coupon.User,
        Kind = kind,
        At = at,
        Offer = coupon.Offer,
        CouponCode = coupon.Code,
        Propensity = coupon.Propensity,
        Exposure = new(coupon.Model, 1, coupon.IssuedAt, coupon.Score, coupon.RedemptionProbability),
    };
}
