using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Ledger;

/// <summary>An offer as it is stored.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Withdrawn">True once it is not issued any more.</param>
/// <param name="Issued">Coupons of it that were issued.</param>
/// <param name="Held">True while it waits for review, or if that rejected it.</param>
internal sealed record StoredOffer(Offer Offer, bool Withdrawn, long Issued, bool Held);

/// <summary>A code that was made in advance and is nobody's yet.</summary>
/// <param name="Code">The code.</param>
/// <param name="Offer">What it gives.</param>
internal sealed record FreeCode(string Code, OfferId Offer);

/// <summary>A redemption as it is stored.</summary>
/// <param name="Redemption">The redemption.</param>
/// <param name="Request">The hash of what was asked for.</param>
/// <param name="Cart">What it was used on.</param>
/// <param name="Day">The day that it counts on.</param>
/// <param name="Returned">Minor units of its discount that came back.</param>
internal sealed record StoredRedemption(Redemption Redemption, byte[] Request, Cart Cart, int Day, long Returned = 0);

/// <summary>A reservation as it is stored.</summary>
/// <param name="Reservation">The reservation.</param>
/// <param name="Request">The hash of what was asked for.</param>
/// <param name="Cart">What it is for.</param>
/// <param name="Day">The day that it counts on.</param>
/// <param name="EndedAt">When it ended, or null.</param>
internal sealed record StoredReservation(
    Reservation Reservation, byte[] Request, Cart Cart, int Day, DateTimeOffset? EndedAt = null);

/// <summary>A return as it is stored.</summary>
/// <param name="Return">The answer that was given.</param>
/// <param name="Request">The hash of what was asked for.</param>
/// <param name="Pieces">The pieces by the place of their line.</param>
internal sealed record StoredReturn(OrderReturn Return, byte[] Request, IReadOnlyList<int> Pieces);

/// <summary>A redemption in force on an order.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Used">The coupon that it used.</param>
internal readonly record struct RedemptionInForce(string Key, UsedCoupon Used);
