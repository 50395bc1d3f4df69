using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>The answer to a redemption: the first check that fails, in the order of
/// <see cref="RedemptionRules.Checks"/>. The numbers are on the wire: never reuse one.</summary>
public enum RedemptionStatus
{
    /// <summary>The coupon is used, or (when validating) could be.</summary>
    Redeemed = 1,

    /// <summary>The key was used for another coupon, order or cart: the caller has a bug.</summary>
    KeyReusedWithOtherContent = 2,

    /// <summary>There is no such code.</summary>
    UnknownCoupon = 3,

    /// <summary>The code belongs to somebody else.</summary>
    IssuedToAnotherUser = 4,

    /// <summary>The shop took the coupon back, or its campaign is archived.</summary>
    Voided = 5,

    /// <summary>The campaign has not begun.</summary>
    NotYetValid = 6,

    /// <summary>The coupon ran out.</summary>
    Expired = 7,

    /// <summary>The coupon is used as often as it may be, or on this order already.</summary>
    AlreadyRedeemed = 8,

    /// <summary>The cart's currency is not the campaign's.</summary>
    CurrencyMismatch = 9,

    /// <summary>The offer is for a first order, and the user has ordered before.</summary>
    NotFirstOrder = 10,

    /// <summary>Nothing in the cart is covered.</summary>
    NothingInScope = 11,

    /// <summary>Too little of what is covered.</summary>
    BelowMinimumSpend = 12,

    /// <summary>The user has redeemed as often as the campaign allows.</summary>
    UserCapReached = 13,

    /// <summary>The campaign has been redeemed as often as it allows.</summary>
    CampaignCapReached = 14,

    /// <summary>The discount does not fit into what is left of the budget; worth a retry after a roll-back.</summary>
    BudgetExhausted = 15,

    /// <summary>The key's redemption was rolled back; asked right after
    /// <see cref="KeyReusedWithOtherContent"/>. To redeem again takes a new key.</summary>
    RolledBack = 16,

    /// <summary>The weekday or the hour is not one of the offer's, or of the campaign's.</summary>
    OutsideTimes = 17,

    /// <summary>The offer is for new users, and the user has ordered too often.</summary>
    NotNewUser = 18,

    /// <summary>The offer is for returning users, and the user has ordered too rarely.</summary>
    NotReturningUser = 19,

    /// <summary>A coupon used on the same order, or a better choice, does not stand beside it.</summary>
    NotStackable = 20,

    /// <summary>Too few pieces to buy, or none to get.</summary>
    NotEnoughPieces = 21,

    /// <summary>Too few points.</summary>
    NotEnoughPoints = 22,

    /// <summary>The coupons before have taken off all that is covered.</summary>
    NothingLeft = 23,

    /// <summary>It could be used, but the choice between several is better without it.</summary>
    NotChosen = 24,

    /// <summary>Coupons in force on the same order were used on another cart: other lines, or another shipping
    /// fee.</summary>
    OtherCart = 25,

    /// <summary>Pieces of the order came back: its coupons stay as they are.</summary>
    OrderReturned = 26,

    /// <summary>The coupon is set aside; to a redemption: under another key, so it is worth a retry.</summary>
    Reserved = 27,

    /// <summary>The time of the key's reservation ran out.</summary>
    ReservationExpired = 28,

    /// <summary>The key's reservation was given up.</summary>
    Released = 29,

    /// <summary>The user has no reservation of the key.</summary>
    UnknownReservation = 30,

    /// <summary>The user has redeemed as often as the campaign allows in this period.</summary>
    UserLimitReached = 31,

    /// <summary>The discount is more than what the campaign still gives to the user in this period.</summary>
    UserValueReached = 32,

    /// <summary>The campaign has been redeemed as often as it allows in this period.</summary>
    CampaignLimitReached = 33,

    /// <summary>The discount is more than what the campaign still gives in this period.</summary>
    CampaignValueReached = 34,

    /// <summary>The code is nobody's coupon yet: a user must claim it first.</summary>
    NotClaimed = 35,

    /// <summary>Together with other coupons of the cart it would leave less of an item's margin than a campaign's
    /// floor.</summary>
    BelowMarginFloor = 40,
}

/// <summary>A wish to use a coupon on a cart.</summary>
public sealed record RedemptionRequest
{
    /// <summary>The caller's key: the same key with the same content redeems once and answers alike. 1 to 128
    /// characters.</summary>
    public required string Key { get; init; }

    /// <summary>Who.</summary>
    public required UserId User { get; init; }

    /// <summary>The code, in any writing.</summary>
    public required string Code { get; init; }

    /// <summary>The shop's order, 1 to 128 characters.</summary>
    public required string Order { get; init; }

    /// <summary>The cart.</summary>
    public required Cart Cart { get; init; }

    /// <summary>The user's orders other than this one, as his profile counts them.</summary>
    public int PriorOrders { get; init; }
}

/// <summary>A redemption that was made.</summary>
public sealed record Redemption
{
    /// <summary>The caller's key, which is its id.</summary>
    public required string Key { get; init; }

    /// <summary>The coupon's code.</summary>
    public required string Code { get; init; }

    /// <summary>Whose.</summary>
    public required UserId User { get; init; }

    /// <summary>Who pays.</summary>
    public required CampaignId Campaign { get; init; }

    /// <summary>The shop's order.</summary>
    public required string Order { get; init; }

    /// <summary>What was taken off, with its parts by cart line.</summary>
    public required Discount Discount { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was rolled back, or null.</summary>
    public DateTimeOffset? RolledBackAt { get; init; }
}

/// <summary>What became of a redemption.</summary>
/// <param name="Status">The answer.</param>
/// <param name="Discount">What is (or, when validating, would be) taken off; null if refused.</param>
/// <param name="Redemption">The redemption, on success; null when validating or refused.</param>
/// <param name="IsRepeat">True if the key had redeemed before, and this is the answer of then.</param>
public sealed record RedemptionAnswer(
    RedemptionStatus Status, Discount? Discount = null, Redemption? Redemption = null, bool IsRepeat = false);
