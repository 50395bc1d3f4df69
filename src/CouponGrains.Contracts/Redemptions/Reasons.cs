using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Contracts.Redemptions;

/// <summary>Says to people why a coupon was not redeemed.</summary>
public static class Reasons
{
    /// <summary>The status as a refusal, its name in snake_case as the code.</summary>
    public static Refusal Of(RedemptionStatus status) => new(Snake.Case(status), Words(status));

    private static string Words(RedemptionStatus status) => status switch
    {
        RedemptionStatus.KeyReusedWithOtherContent => "This key was used for another coupon, order or cart.",
        RedemptionStatus.UnknownCoupon => "There is no coupon of this code.",
        RedemptionStatus.IssuedToAnotherUser => "The coupon belongs to another user.",
        RedemptionStatus.Voided => "The coupon was taken back, or its campaign is over for good.",
        RedemptionStatus.NotYetValid => "The campaign has not begun.",
        RedemptionStatus.Expired => "The coupon has run out.",
        RedemptionStatus.AlreadyRedeemed => "The coupon has been used.",
        RedemptionStatus.CurrencyMismatch => "The cart's currency is not the campaign's.",
        RedemptionStatus.NotFirstOrder => "The coupon is for a first order.",
        RedemptionStatus.NothingInScope => "The coupon covers nothing in the cart.",
        RedemptionStatus.BelowMinimumSpend => "Too little of what the coupon covers is in the cart.",
        RedemptionStatus.UserCapReached => "The user has redeemed as often as the campaign allows.",
        RedemptionStatus.CampaignCapReached => "The campaign has been redeemed as often as it allows.",
        RedemptionStatus.BudgetExhausted => "The discount does not fit into what is left of the campaign's budget.",
        RedemptionStatus.RolledBack => "The redemption of this key was rolled back; to redeem again takes a new key.",
        RedemptionStatus.OutsideTimes => "The coupon is for other days or hours.",
        RedemptionStatus.NotNewUser => "The coupon is for new users.",
        RedemptionStatus.NotReturningUser => "The coupon is for users who have ordered before.",
        RedemptionStatus.NotStackable => "The coupon may not be used beside another one of this order.",
        RedemptionStatus.OrderReturned => "Pieces of this order came back; its coupons stay as they are.",
        RedemptionStatus.OtherCart => "Other coupons of this order were used on another cart; roll them back first.",
        RedemptionStatus.NotEnoughPieces => "Too few pieces of what the coupon asks for are in the cart.",
        RedemptionStatus.NotEnoughPoints => "The user has too few points.",
        RedemptionStatus.NothingLeft => "Other coupons have taken off all that the coupon covers.",
        RedemptionStatus.BelowMarginFloor =>
            "Together with other coupons it would take more off an item than its margin allows.",
        RedemptionStatus.NotChosen => "The cart is better off without the coupon.",
        RedemptionStatus.Reserved => "The coupon is reserved under another key.",
        RedemptionStatus.ReservationExpired => "The time of the reservation of this key ran out.",
        RedemptionStatus.Released => "The reservation of this key was given up; to redeem takes a new key.",
        RedemptionStatus.UnknownReservation => "This user has no reservation of this key.",
        RedemptionStatus.UserLimitReached => "The user has redeemed as often as the campaign allows in this period.",
        RedemptionStatus.UserValueReached =>
            "The discount is more than what the campaign still gives to the user in this period.",
        RedemptionStatus.CampaignLimitReached => "The campaign has been redeemed as often as it allows in this period.",
        RedemptionStatus.CampaignValueReached => "The discount is more than what the campaign still gives in this period.",
        RedemptionStatus.NotClaimed => "The code is nobody's coupon yet; claim it for the user first.",
        _ => "The coupon was not redeemed.",
    };
}
