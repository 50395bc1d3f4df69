using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The ledger. Every change reads, asks the rules and writes in one operation of the one writer, so that nothing can
/// come between the decision and its effect; constraints of the tables stand behind it.</summary>
internal sealed class SqliteLedger(SqliteWriter writer, SqliteReaders readers) : ILedger
{
    public Task<CouponAnswer> Issue(IssueRequest request, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => Issue(session, request, now, null), cancel);

    public Task<CouponAnswer> View(UserId user, string code, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => Change(session, user, code, coupon => coupon.ViewedAt is null && IsUsable(coupon, now)
            ? Write(session, coupon, coupon with { ViewedAt = now }, CouponEvents.Viewed(coupon, now))
            : Unchanged(coupon)), cancel);

    public Task<CouponAnswer> Claim(UserId user, string code, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteCodeStore.FindFree(session, code) is { } free
            ? Issue(session, CodeRules.IssueOf(user, CouponCode.Normalise(code)!, free.Offer), now, code)
            : Change(session, user, code, coupon => Claim(session, coupon, now)), cancel);

    public Task<CouponAnswer> Rate(UserId user, string code, int rating, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => Change(session, user, code, coupon => rating switch
        {
            < 1 or > 5 => Refused(RefusalCodes.InvalidValue, $"A rating is 1 to 5, but was {rating}.", "/rating"),
            _ when coupon.Rating == rating => Unchanged(coupon),
            _ => Write(session, coupon, coupon with { Rating = rating }, CouponEvents.Rated(coupon, rating, now)),
        }), cancel);

    public Task<IReadOnlyList<CouponAnswer>> ExpireDue(UserId user, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write<IReadOnlyList<CouponAnswer>>(session =>
        {
            SqliteReservations.ReleaseDue(session, now);
            return
            [
                .. SqliteCoupons.Due(session, user, now).Select(coupon => Write(
                    session, coupon, coupon with { State = CouponState.Expired }, CouponEvents.Expired(coupon))),
            ];
        }, cancel);

    public Task<IReadOnlyList<UserId>> UsersWithDue(DateTimeOffset now, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<UserId>>(session => SqliteCoupons.UsersWithDue(session, now, limit), cancel);

    public Task<Coupon?> Find(string code, CancellationToken cancel) =>
        readers.Read(session => SqliteCoupons.Find(session, code), cancel);

    public Task<IReadOnlyList<Coupon>> Wallet(UserId user, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<Coupon>>(session => SqliteCoupons.Wallet(session, user, limit), cancel);

    public async Task<RedemptionAnswer> Validate(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel)
    {
        if (await readers.Read(session => SqliteReservations.AnyDue(session, now), cancel))
        {
            await ReleaseDue(now, cancel);
        }

        return await readers.Read(session => SqliteCheckout.Validate(session, request, now), cancel);
    }

    public Task<LedgerAnswer> Redeem(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteCheckout.Redeem(session, request, now), cancel);

    public Task<ReservationAnswer> Reserve(ReservationRequest request, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteCheckout.Reserve(session, request, now), cancel);

    public Task<LedgerAnswer> Confirm(UserId user, string key, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteCheckout.Confirm(session, user, key, now), cancel);

    public Task<ReservationAnswer> Release(UserId user, string key, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteCheckout.Release(session, user, key, now), cancel);

    public Task<int> ReleaseDue(DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteReservations.ReleaseDue(session, now), cancel);

    public Task<CouponAnswer> Void(UserId user, string code, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => Change(session, user, code, coupon => Void(session, coupon, now)), cancel);

    public Task<LedgerAnswer> RollBack(UserId user, string redemptionKey, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteCheckout.RollBack(session, user, redemptionKey, now), cancel);

    public Task<ReturnAnswer> Return(ReturnRequest request, DateTimeOffset now, CancellationToken cancel) =>
        writer.Write(session => SqliteReturns.Book(session, request, now), cancel);

    public Task<IReadOnlyList<UsedCoupon>> UsedOn(UserId user, string order, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<UsedCoupon>>(session => SqliteRedemptions.UsedOn(session, user, order), cancel);

    public Task<LedgerAudit> Audit(CancellationToken cancel) => readers.Read(SqliteAudit.Run, cancel);

    public Task<BudgetUse?> Budget(CampaignId campaign, CancellationToken cancel) =>
        readers.Read(session => SqliteCampaignStore.FindBudget(session, campaign), cancel);

    /// <summary>Issues a coupon: with a new code, or with <paramref name="free"/>, which the user claims.</summary>
    private static CouponAnswer Issue(SqliteSession session, IssueRequest request, DateTimeOffset now, string? free)
    {
        if (IssueRules.Check(request) is { } wrong)
        {
            return new(null, wrong, null);
        }

        if (SqliteCoupons.FindByKey(session, request.User, request.Key) is { } before)
        {
            return Unchanged(before);
        }

        if (SqliteCampaignStore.FindOffer(session, request.Offer) is not { } stored)
        {
            return Refused(RefusalCodes.UnknownOffer, $"There is no offer {request.Offer}.", "/offer");
        }

        if (stored.Withdrawn)
        {
            return Refused(RefusalCodes.UnknownOffer, $"The offer {request.Offer} is withdrawn.", "/offer");
        }

        if (stored.Held)
        {
            return Refused(RefusalCodes.UnknownOffer, $"The offer {request.Offer} is not approved.", "/offer");
        }

        var (campaign, use) = CampaignOf(session, stored.Offer.Campaign);
        var (open, issued) = SqliteCoupons.Count(session, request.User, campaign.Id, now);
        if ((IssueRules.Check(campaign, use, open, issued, now)
            ?? IssueRules.Check(stored.Offer, stored.Issued, now)
            ?? IssueRules.CheckTimes(stored.Offer, campaign, now)) is { } refusal)
        {
            return new(null, refusal, null);
        }

        var coupon = new Coupon
        {
            Code = CouponCode.Normalise(free) ?? SqliteCodeStore.Free(session),
            User = request.User,
            Offer = request.Offer,
            Campaign = campaign.Id,
            IssueKey = request.Key,
            IssuedAt = now,
            ExpiresAt = IssueRules.ExpiryOf(stored.Offer, campaign, now),
            Model = request.Model,
            Score = request.Score,
            Propensity = request.Propensity,
            RedemptionProbability = request.RedemptionProbability,
        };
        var recorded = Record(session, coupon, CouponEvents.Issued(coupon));
        SqliteCoupons.Insert(session, coupon);
        session["UPDATE budgets SET issued = issued + 1 WHERE campaign_id = ?"].Bind(campaign.Id.Value).Run();
        session["UPDATE offers SET issued = issued + 1 WHERE id = ?"].Bind(coupon.Offer.Value).Run();
        if (free is null)
        {
            return new(coupon, null, recorded);
        }

        SqliteCodeStore.Claim(session, coupon.Code, now);
        return Claim(session, coupon, now);
    }

    private static CouponAnswer Claim(SqliteSession session, Coupon coupon, DateTimeOffset now) => coupon.State switch
    {
        CouponState.Claimed => Unchanged(coupon),
        CouponState.Issued when IsUsable(coupon, now) => Write(session, coupon,
            coupon with { State = CouponState.Claimed, ClaimedAt = now }, CouponEvents.Claimed(coupon, now)),
        CouponState.Issued => Refused(RefusalCodes.CouponNotOpen, $"The coupon ran out at {coupon.ExpiresAt:O}."),
        _ => Refused(RefusalCodes.CouponNotOpen, $"The coupon is {coupon.State}."),
    };

    private static CouponAnswer Void(SqliteSession session, Coupon coupon, DateTimeOffset now)
    {
        if (coupon.State == CouponState.Voided)
        {
            return Unchanged(coupon);
        }

        if (!coupon.IsOpen)
        {
            return Refused(RefusalCodes.CouponNotOpen, $"The coupon is {coupon.State}.");
        }

        if (SqliteReservations.HolderOf(session, coupon.Code) is { } holder)
        {
            SqliteReservations.End(session, holder, ReservationState.Released, now);
        }

        return new(SqliteCoupons.Update(session, coupon with { State = CouponState.Voided }, coupon.State), null, null);
    }

    private static CouponAnswer Change(
        SqliteSession session, UserId user, string code, Func<Coupon, CouponAnswer> change) =>
        SqliteCoupons.Find(session, code) is { } coupon && coupon.User == user
            ? change(coupon)
            : Refused(RefusalCodes.UnknownCoupon, "The user has no coupon with this code.", "/code");

    private static CouponAnswer Write(SqliteSession session, Coupon from, Coupon to, UserEvent e)
    {
        var coupon = SqliteCoupons.Update(session, to, from.State);
        return new(coupon, null, Record(session, coupon, e));
    }

    /// <summary>Records what happened to a coupon, and tells of it.</summary>
    internal static RecordedEvent Record(SqliteSession session, Coupon coupon, UserEvent e)
    {
        var recorded = Record(session, e);
        if (OutboxMessages.Of(recorded.Event, coupon) is { } message)
        {
            SqliteOutbox.Add(session, message);
        }

        return recorded;
    }

    /// <summary>Records an event of the ledger. Should a sender have used its id for something else, it takes another one:
    /// a stranger's event must not stand in the way of money.</summary>
    internal static RecordedEvent Record(SqliteSession session, UserEvent e)
    {
        var result = SqliteEventLog.Append(session, [e])[0];
        return result.Status == AppendStatus.Conflict
            ? Record(session, e with { Id = new($"coupon:{Guid.NewGuid():N}") })
            : new(result.Sequence, e);
    }

    internal static (Campaign Campaign, BudgetUse Use) CampaignOf(SqliteSession session, CampaignId id) => (
        SqliteCampaignStore.Find(session, id) ?? throw new InvalidOperationException("An offer names its campaign."),
        SqliteCampaignStore.FindBudget(session, id) ?? throw new InvalidOperationException("A campaign has a budget."));

    private static bool IsUsable(Coupon coupon, DateTimeOffset now) => coupon.IsOpen && now < coupon.ExpiresAt;

    private static CouponAnswer Unchanged(Coupon coupon) => new(coupon, null, null);

    private static CouponAnswer Refused(string code, string detail, string? pointer = null) =>
        new(null, new(code, detail, pointer), null);
}
