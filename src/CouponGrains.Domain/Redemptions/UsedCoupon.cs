using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>A coupon that the user has used on the same order before, and that is in force.</summary>
/// <param name="Stacking">Its demands of others.</param>
/// <param name="Discount">What it took off.</param>
public sealed record UsedCoupon(Stacking Stacking, Discount Discount);
