using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Ledger;

/// <summary>What happens to a coupon apart from the checkout: reads, asks the rules, writes.</summary>
internal static class CouponSteps
{
    public static CouponAnswer Issue(ILedgerRows rows, IssueRequest request, DateTimeOffset now) =>
        Issue(rows, request, now, null);

    /// <summary>Issues a coupon: with a new code, or with <paramref name="free"/>, which the user claims.</summary>
    private static CouponAnswer Issue(ILedgerRows rows, IssueRequest request, DateTimeOffset now, string? free)
    {
        if (IssueRules.Check(request) is { } wrong)
        {
            return new(null, wrong, null);
        }

        if (rows.FindIssued(request.User, request.Key) is { } before)
        {
            return Unchanged(before);
        }

        var (coupon, refusal) = Draft(rows, request, now, free);
        if (coupon is null)
        {
            return new(null, refusal, null);
        }

        var recorded = Put(rows, coupon);
        if (free is null)
        {
            return new(coupon, null, recorded);
        }

        rows.ClaimCode(free, now);
        return Claim(rows, coupon, now);
    }

    /// <summary>The coupon that a wish would issue, or why it would not. Writes nothing.</summary>
    public static (Coupon? Coupon, Refusal? Refusal) Draft(
        ILedgerRows rows, IssueRequest request, DateTimeOffset now, string? free = null)
    {
        var stored = rows.FindOffer(request.Offer);
        if (Unknown(stored, request.Offer) is { } unknown)
        {
            return (null, unknown);
        }

        var campaign = rows.Campaign(stored!.Offer.Campaign);
        var (open, issued) = rows.CountCoupons(request.User, campaign.Id, now);
        if ((IssueRules.Check(campaign, rows.Budget(campaign.Id), open, issued, now)
            ?? IssueRules.Check(stored.Offer, stored.Issued, now)
            ?? IssueRules.CheckTimes(stored.Offer, campaign, now)) is { } refusal)
        {
            return (null, refusal);
        }

        return (new Coupon
        {
            // With 70 random bits a code that is taken is never met; should it be, the tables refuse it.
            Code = free ?? CouponCode.New(),
            User = request.User,
            Offer = request.Offer,
            Campaign = campaign.Id,
            IssueKey = request.Key,
            UsesMax = stored.Offer.UsesMax,
            IssuedAt = now,
            ExpiresAt = IssueRules.ExpiryOf(stored.Offer, campaign, now),
            Model = request.Model,
            Score = request.Score,
            Propensity = request.Propensity,
            RedemptionProbability = request.RedemptionProbability,
        }, null);
    }

    /// <summary>Issues a draft as claimed.</summary>
    public static Coupon PutClaimed(ILedgerRows rows, Coupon draft, DateTimeOffset now)
    {
        Put(rows, draft);
        return Claim(rows, draft, now).Coupon
            ?? throw new InvalidOperationException("A coupon that was just issued can be claimed.");
    }

    public static CouponAnswer View(ILedgerRows rows, UserId user, string code, DateTimeOffset now) =>
        Change(rows, user, code, coupon => coupon.ViewedAt is null && IsUsable(coupon, now)
            ? Write(rows, coupon, coupon with { ViewedAt = now }, CouponEvents.Viewed(coupon, now))
            : Unchanged(coupon));

    /// <summary>A code that was made in advance and is nobody's yet is issued to the user first, and of one that many
    /// share a coupon of his own.</summary>
    public static CouponAnswer Claim(ILedgerRows rows, UserId user, string code, DateTimeOffset now)
    {
        if (rows.FindShared(code) is { } shared)
        {
            var issued = Issue(rows, CodeRules.IssueOf(user, shared.Code, shared.Offer), now);
            return issued.Coupon is { } own ? Claim(rows, own, now) : issued;
        }

        return rows.FindFreeCode(code) is { } free
            ? Issue(rows, CodeRules.IssueOf(user, free.Code, free.Offer), now, free.Code)
            : Change(rows, user, code, coupon => Claim(rows, coupon, now));
    }

    public static CouponAnswer Rate(ILedgerRows rows, UserId user, string code, int rating, DateTimeOffset now) =>
        Change(rows, user, code, coupon => rating switch
        {
            < 1 or > 5 => Refused(RefusalCodes.InvalidValue, $"A rating is 1 to 5, but was {rating}.", "/rating"),
            _ when coupon.Rating == rating => Unchanged(coupon),
            _ => Write(rows, coupon, coupon with { Rating = rating }, CouponEvents.Rated(coupon, rating, now)),
        });

    public static CouponAnswer Void(ILedgerRows rows, UserId user, string code, DateTimeOffset now) =>
        Change(rows, user, code, coupon =>
        {
            if (coupon.State == CouponState.Voided)
            {
                return Unchanged(coupon);
            }

            if (!coupon.IsOpen)
            {
                return NotOpen(coupon);
            }

            if (rows.HolderOf(coupon.Code) is { } holder)
            {
                rows.End(holder, ReservationState.Released, now);
            }

            return Unchanged(rows.Update(coupon with { State = CouponState.Voided }, coupon.State));
        });

    public static IReadOnlyList<CouponAnswer> ExpireDue(ILedgerRows rows, UserId user, DateTimeOffset now)
    {
        rows.ReleaseDue(now);
        return
        [
            .. rows.DueCoupons(user, now).ToList().Select(coupon => Write(
                rows, coupon, coupon with { State = CouponState.Expired }, CouponEvents.Expired(coupon))),
        ];
    }

    private static CouponAnswer Claim(ILedgerRows rows, Coupon coupon, DateTimeOffset now) => coupon.State switch
    {
        CouponState.Claimed => Unchanged(coupon),
        CouponState.Issued when IsUsable(coupon, now) => Write(rows, coupon,
            coupon with { State = CouponState.Claimed, ClaimedAt = now }, CouponEvents.Claimed(coupon, now)),
        CouponState.Issued => Refused(RefusalCodes.CouponNotOpen, $"The coupon ran out at {coupon.ExpiresAt:O}."),
        _ => NotOpen(coupon),
    };

    private static RecordedEvent Put(ILedgerRows rows, Coupon coupon)
    {
        var recorded = rows.Record(coupon, CouponEvents.Issued(coupon));
        rows.Insert(coupon);
        return recorded;
    }

    private static Refusal? Unknown(StoredOffer? stored, OfferId id) => stored switch
    {
        null => new(RefusalCodes.UnknownOffer, $"There is no offer {id}.", "/offer"),
        { Withdrawn: true } => new(RefusalCodes.UnknownOffer, $"The offer {id} is withdrawn.", "/offer"),
        { Held: true } => new(RefusalCodes.UnknownOffer, $"The offer {id} is not approved.", "/offer"),
        _ => null,
    };

    private static CouponAnswer Change(ILedgerRows rows, UserId user, string code, Func<Coupon, CouponAnswer> change) =>
        rows.FindCoupon(code) is { } coupon && coupon.User == user
            ? change(coupon)
            : Refused(RefusalCodes.UnknownCoupon, "The user has no coupon with this code.", "/code");

    private static CouponAnswer Write(ILedgerRows rows, Coupon from, Coupon to, UserEvent e) =>
        new(rows.Update(to, from.State), null, rows.Record(to, e));

    private static bool IsUsable(Coupon coupon, DateTimeOffset now) => coupon.IsOpen && now < coupon.ExpiresAt;

    private static CouponAnswer Unchanged(Coupon coupon) => new(coupon, null, null);

    private static CouponAnswer NotOpen(Coupon coupon) =>
        Refused(RefusalCodes.CouponNotOpen, $"The coupon is {coupon.State}.");

    private static CouponAnswer Refused(string code, string detail, string? pointer = null) =>
        new(null, new(code, detail, pointer), null);
}
