using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>A wish to issue a coupon.</summary>
/// <param name="Key">The caller's key: the same user and key give the same coupon. 1 to 128 characters.</param>
/// <param name="User">Who gets it.</param>
/// <param name="Offer">What it gives.</param>
/// <param name="Model">The model that chose it.</param>
/// <param name="Score">Its score.</param>
/// <param name="Propensity">The probability with which the policy chose it.</param>
/// <param name="RedemptionProbability">The redemption probability told by the response model, or null.</param>
public sealed record IssueRequest(
    string Key, UserId User, OfferId Offer, ModelVersion Model, double Score, double Propensity,
    double? RedemptionProbability = null);

/// <summary>The answer of a change to a coupon.</summary>
/// <param name="Coupon">The coupon after it; null if refused.</param>
/// <param name="Refusal">Why not; null on success.</param>
/// <param name="Event">The event recorded by this call, in the same transaction; null if refused or done
/// before.</param>
public sealed record CouponAnswer(Coupon? Coupon, Refusal? Refusal, RecordedEvent? Event);

/// <summary>The answer of a redemption or a roll-back.</summary>
/// <param name="Answer">What the caller is told.</param>
/// <param name="Coupon">The coupon after it, if there is one.</param>
/// <param name="Event">The event recorded by this call, in the same transaction; null if refused or done
/// before.</param>
public sealed record LedgerAnswer(RedemptionAnswer Answer, Coupon? Coupon, RecordedEvent? Event);

/// <summary>The ledger: coupons, redemptions and budgets. Each call is one transaction that also records the event in
/// the event log; the database, not the caller's memory, keeps every limit.</summary>
public interface ILedger
{
    /// <summary>Issues a coupon with a new code, if its campaign is active and inside its window, has budget left, and
    /// the user's caps allow it. Expiry is the earlier of issue + <see cref="Offer.ValidFor"/> and the campaign's
    /// end.</summary>
    Task<CouponAnswer> Issue(IssueRequest request, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Notes that the user looked at the coupon.</summary>
    Task<CouponAnswer> View(UserId user, string code, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Notes that the user claimed the coupon. A code that was made in advance and is nobody's yet is issued
    /// to him first, under the rules of <see cref="Issue"/>; of one that many share he is issued a coupon of his own,
    /// once.</summary>
    Task<CouponAnswer> Claim(UserId user, string code, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Notes the user's rating, 1 to 5; the last one counts.</summary>
    Task<CouponAnswer> Rate(UserId user, string code, int rating, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Marks the user's open coupons whose time is over as expired, but for those that a reservation still
    /// holds; answers one event for each.</summary>
    Task<IReadOnlyList<CouponAnswer>> ExpireDue(UserId user, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Users who hold open coupons whose time is over, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<UserId>> UsersWithDue(DateTimeOffset now, int limit, CancellationToken cancel);

    /// <summary>The code that many share, in any writing, or null.</summary>
    Task<SharedCode?> FindShared(string code, CancellationToken cancel);

    /// <summary>The coupon with a code (in any writing), or null.</summary>
    Task<Coupon?> Find(string code, CancellationToken cancel);

    /// <summary>The coupon that the user was issued under a key, or null.</summary>
    Task<Coupon?> FindIssued(UserId user, string key, CancellationToken cancel);

    /// <summary>The user's coupons, newest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Coupon>> Wallet(UserId user, int limit, CancellationToken cancel);

    /// <summary>Coupons in the order of their codes after <paramref name="after"/>, at most
    /// <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Coupon>> Coupons(string? after, int limit, CancellationToken cancel);

    /// <summary>Redemptions, those rolled back among them, in the order of their keys after <paramref name="after"/>,
    /// at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Redemption>> Redemptions(string? after, int limit, CancellationToken cancel);

    /// <summary>What <see cref="Redeem"/> would answer, without doing it; issues nothing.</summary>
    Task<RedemptionAnswer> Validate(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Redeems the coupon and moves its campaign's budget, in one transaction; exactly once for a key. With a
    /// code that many share it is the user's own coupon of it, which is issued in the same transaction if he has none
    /// and the checkout is accepted. A key whose redemption was rolled back is answered
    /// <see cref="RedemptionStatus.RolledBack"/>: nothing is given for it any more.</summary>
    Task<LedgerAnswer> Redeem(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Sets a coupon and its part of the budget aside for an order, exactly once for a key. It is redeemed by
    /// <see cref="Confirm"/>, or by <see cref="Redeem"/> with the same key and content; given up by
    /// <see cref="Release"/>; and holds nothing any more once its time is over. Throws <see cref="RefusedException"/>
    /// for what <see cref="ReservationRules.Check"/> refuses.</summary>
    Task<ReservationAnswer> Reserve(ReservationRequest request, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Redeems what the user reserved under the key, exactly once. The status is
    /// <see cref="RedemptionStatus.UnknownReservation"/> if there is none.</summary>
    Task<LedgerAnswer> Confirm(UserId user, string key, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Gives up what the user reserved under the key. Doing it twice answers the same.</summary>
    Task<ReservationAnswer> Release(UserId user, string key, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Gives back what reservations hold whose time is over; answers how many there were. Every change that a
    /// reservation could stand against does so by itself before it decides.</summary>
    Task<int> ReleaseDue(DateTimeOffset now, CancellationToken cancel);

    /// <summary>Takes an open coupon back, and gives up its reservation if it has one; a coupon that is used or ran out
    /// is refused with <see cref="RefusalCodes.CouponNotOpen"/>. Doing it twice answers the same.</summary>
    Task<CouponAnswer> Void(UserId user, string code, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Rolls a redemption back: the budget gets the discount back and the coupon its use, by
    /// <see cref="Coupon.GivenBack"/>. Doing it twice answers the same. The status is
    /// <see cref="RedemptionStatus.UnknownCoupon"/> if there is no such redemption of this user,
    /// <see cref="RedemptionStatus.OrderReturned"/> if pieces of its order came back,
    /// <see cref="RedemptionStatus.Redeemed"/> on success.</summary>
    Task<LedgerAnswer> RollBack(UserId user, string redemptionKey, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Books pieces of an order that come back, exactly once for a key, gives the budgets their discounts
    /// back, and records a refund event for each line of which pieces come back (<see cref="ReturnEvents"/>). No piece
    /// comes back twice, and from then on the coupons of the order stay as they are.</summary>
    Task<ReturnAnswer> Return(ReturnRequest request, DateTimeOffset now, CancellationToken cancel);

    /// <summary>The coupons in force that the user has used on an order, in the order of their use.</summary>
    Task<IReadOnlyList<UsedCoupon>> UsedOn(UserId user, string order, CancellationToken cancel);

    /// <summary>Checks every balance on the store as it is. Reads only.</summary>
    Task<LedgerAudit> Audit(CancellationToken cancel);

    /// <summary>What has been used of a campaign's budget, or null if there is no such campaign.</summary>
    Task<BudgetUse?> Budget(CampaignId campaign, CancellationToken cancel);
}
