using CouponGrains.Domain.Events;

namespace CouponGrains.Contracts.Wire;

/// <summary>The names of the e-commerce events of Segment's specification, for senders that have them already: each
/// may stand where the kind of an event does. What happens to coupons is refused under either name.</summary>
internal static class SegmentNames
{
    public static IReadOnlyDictionary<string, EventKind> Kinds { get; } = new Dictionary<string, EventKind>
    {
        ["Product Viewed"] = EventKind.View,
        ["Product Clicked"] = EventKind.View,
        ["Products Searched"] = EventKind.Search,
        ["Product Added"] = EventKind.Cart,
        ["Order Completed"] = EventKind.Purchase,
        ["Order Refunded"] = EventKind.Refund,
        ["Promotion Viewed"] = EventKind.Exposed,
        ["Promotion Clicked"] = EventKind.CouponViewed,
        ["Coupon Entered"] = EventKind.Claimed,
        ["Coupon Applied"] = EventKind.Redeemed,
        ["Coupon Removed"] = EventKind.RolledBack,
    };
}
