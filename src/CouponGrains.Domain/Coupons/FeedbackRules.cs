using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Coupons;

/// <summary>Which events of coupons are taken in from outside, and which accepted events are worth a look. A history of
/// another system keeps its own codes; of its own coupons and lists the shop knows better than any sender.</summary>
public static class FeedbackRules
{
    /// <summary>An accepted event that happened later than now: the sender's clock is ahead, by no more than
    /// <see cref="EventRules.ClockSkewMax"/>. It is taken as it is.</summary>
    public const string ClockAhead = "clock_ahead";

    /// <summary>An accepted event on an item that the catalog does not describe (yet). The item is created.</summary>
    public const string ItemNotInCatalog = "item_not_in_catalog";

    /// <summary>The code that must be looked up before <see cref="Check"/> can tell, or null.</summary>
    public static string? CodeOf(UserEvent e) =>
        e.Kind >= EventKind.Issued && e.CouponCode is { } code ? CouponCode.Normalise(code) : null;

    /// <summary>Null if the event is taken in. Refused are: that a list was shown
    /// (<see cref="RefusalCodes.RecordedByShop"/>), what happens to a coupon that the ledger holds (the same: the
    /// ledger recorded it), and a code of ours that was never issued
    /// (<see cref="RefusalCodes.UnknownCoupon"/>).</summary>
    /// <param name="e">The event.</param>
    /// <param name="coupon">The coupon of <see cref="CodeOf"/>; null if there is none.</param>
    public static Refusal? Check(UserEvent e, Coupon? coupon)
    {
        if (e.Kind == EventKind.Exposed || coupon is not null)
        {
            return new(RefusalCodes.RecordedByShop,
                "What the shop shows, and what happens to its coupons, is recorded where it happens.", "/kind");
        }

        return CodeOf(e) is null
            ? null
            : new(RefusalCodes.UnknownCoupon, "No coupon with this code was ever issued.", "/couponCode");
    }

    /// <summary>What is worth a look about an accepted event.</summary>
    public static IEnumerable<string> Notes(UserEvent e, CatalogIndex catalog, DateTimeOffset now)
    {
        if (e.At > now)
        {
            yield return ClockAhead;
        }

        if (e.Item is { } item && !catalog.Contains(item))
        {
            yield return ItemNotInCatalog;
        }
    }
}
