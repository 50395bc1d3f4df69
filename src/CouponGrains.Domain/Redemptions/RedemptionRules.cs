using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Decides redemptions. Pure: the ledger reads, asks here, and writes.</summary>
public static class RedemptionRules
{
    /// <summary>The answer to <paramref name="request"/>, by the checks of <see cref="RedemptionStatus"/> from
    /// <see cref="RedemptionStatus.UnknownCoupon"/> on.</summary>
    /// <param name="request">The wish.</param>
    /// <param name="coupon">The coupon of the code, or null.</param>
    /// <param name="offer">Its offer.</param>
    /// <param name="campaign">Its campaign.</param>
    /// <param name="use">What has been used of the budget.</param>
    /// <param name="redeemedByUser">Redemptions in force of this user in the campaign.</param>
    /// <param name="item">Looks an item up.</param>
    /// <param name="now">The time.</param>
    public static RedemptionAnswer Decide(
        RedemptionRequest request, Coupon? coupon, Offer? offer, Campaign? campaign, BudgetUse? use, int redeemedByUser,
        Func<ItemId, Item> item, DateTimeOffset now) => throw new NotImplementedException();
}
