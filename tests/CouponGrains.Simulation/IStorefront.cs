using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Simulation;

/// <summary>The shop as its users meet it: they look around, look at their coupons, and pay.</summary>
public interface IStorefront
{
    /// <summary>The user's coupons that can still be used, oldest first.</summary>
    IReadOnlyList<Coupon> Open(UserId user);

    /// <summary>What an offer gives.</summary>
    Offer Offer(OfferId id);

    /// <summary>Tells the shop what the user did.</summary>
    void Record(UserEvent e);

    /// <summary>The user looks at a coupon; with <paramref name="claims"/> he takes it up at once.</summary>
    void View(Coupon coupon, bool claims, DateTimeOffset at);

    /// <summary>The user pays one piece of an item with a coupon; false if the shop refuses it.</summary>
    bool Redeem(Coupon coupon, Item item, string order, DateTimeOffset at);

    /// <summary>The user rates a coupon, 1 to 5.</summary>
    void Rate(Coupon coupon, int stars, DateTimeOffset at);
}
