using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Domain.Coupons;

/// <summary>The events that tell the log what happened to a coupon. Their ids are derived from what happened, and each
/// repeats what was known when the coupon was issued.</summary>
public static class CouponEvents
{
    /// <summary>The coupon was issued.</summary>
    public static UserEvent Issued(Coupon coupon) =>
        Of(coupon, EventKind.Issued, coupon.IssuedAt, "issued");

    /// <summary>The user looked at the coupon for the first time.</summary>
    public static UserEvent Viewed(Coupon coupon, DateTimeOffset at) =>
        Of(coupon, EventKind.CouponViewed, at, "viewed");

    /// <summary>The user claimed the coupon.</summary>
    public static UserEvent Claimed(Coupon coupon, DateTimeOffset at) => Of(coupon, EventKind.Claimed, at, "claimed");

    /// <summary>The user rated the coupon.</summary>
    public static UserEvent Rated(Coupon coupon, int rating, DateTimeOffset at) =>
        Of(coupon, EventKind.Rated, at, $"rated:{at.UtcTicks}") with { Rating = rating };

    /// <summary>The coupon ran out, at its own time and not when that was noticed.</summary>
    public static UserEvent Expired(Coupon coupon) => Of(coupon, EventKind.Expired, coupon.ExpiresAt, "expired");

    /// <summary>The coupon was redeemed.</summary>
    /// <param name="coupon">The coupon.</param>
    /// <param name="redemption">The redemption.</param>
    /// <param name="number">1 for the coupon's first redemption, 2 for the next one, whatever became of the
    /// first.</param>
    public static UserEvent Redeemed(Coupon coupon, Redemption redemption, int number) =>
        Of(coupon, EventKind.Redeemed, redemption.At, $"redeemed:{number}") with
        {
            Amount = redemption.Discount.Total,
            Order = redemption.Order,
        };

    /// <summary>A redemption of the coupon was rolled back.</summary>
    /// <param name="coupon">The coupon.</param>
    /// <param name="redemption">The redemption.</param>
    /// <param name="number">1 for the coupon's first roll-back, and so on.</param>
    /// <param name="at">When.</param>
    public static UserEvent RolledBack(Coupon coupon, Redemption redemption, int number, DateTimeOffset at) =>
        Of(coupon, EventKind.RolledBack, at, $"rolled-back:{number}") with
        {
            Amount = redemption.Discount.Total,
            Order = redemption.Order,
        };

    private static UserEvent Of(Coupon coupon, EventKind kind, DateTimeOffset at, string what) => new()
    {
        Id = new($"coupon:{coupon.Code}:{what}"),
        User = coupon.User,
        Kind = kind,
        At = at,
        Offer = coupon.Offer,
        CouponCode = coupon.Code,
        Propensity = coupon.Propensity,
        Exposure = new(coupon.Model, 1, coupon.IssuedAt, coupon.Score, coupon.RedemptionProbability),
    };
}
