using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Decides redemptions. Pure: the ledger reads, asks here, and writes.</summary>
public static class RedemptionRules
{
    /// <summary>The answer to <paramref name="request"/>, by the checks of <see cref="RedemptionStatus"/> from
    /// <see cref="RedemptionStatus.UnknownCoupon"/> on. The redemption itself is the ledger's to write. Throws
    /// <see cref="RefusedException"/> if the cart is not one that <see cref="CartEngine.Check"/> accepts.</summary>
    /// <param name="request">The wish.</param>
    /// <param name="coupon">The coupon of the code, or null.</param>
    /// <param name="offer">Its offer; there must be one if there is a coupon, and so for the next two.</param>
    /// <param name="campaign">Its campaign.</param>
    /// <param name="use">What has been used of the budget.</param>
    /// <param name="redeemedByUser">Redemptions in force of this user in the campaign.</param>
    /// <param name="item">Looks an item up.</param>
    /// <param name="now">The time.</param>
    public static RedemptionAnswer Decide(
        RedemptionRequest request, Coupon? coupon, Offer? offer, Campaign? campaign, BudgetUse? use, int redeemedByUser,
        Func<ItemId, Item> item, DateTimeOffset now)
    {
        if (CartEngine.Check(request.Cart) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        if (coupon is null)
        {
            return new(RedemptionStatus.UnknownCoupon);
        }

        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(use);
        if (CheckCoupon(request, coupon, campaign, now) is { } unusable)
        {
            return new(unusable);
        }

        if (CheckCart(request, offer, campaign, item, out var discount) is { } obstacle)
        {
            return new(obstacle);
        }

        return CheckLimits(discount!, campaign, use, redeemedByUser) is { } limit
            ? new(limit)
            : new(RedemptionStatus.Redeemed, discount);
    }

    private static RedemptionStatus? CheckCoupon(
        RedemptionRequest request, Coupon coupon, Campaign campaign, DateTimeOffset now)
    {
        if (coupon.User != request.User)
        {
            return RedemptionStatus.IssuedToAnotherUser;
        }

        if (coupon.State == CouponState.Voided || campaign.Status == CampaignStatus.Archived)
        {
            return RedemptionStatus.Voided;
        }

        if (now < campaign.Start)
        {
            return RedemptionStatus.NotYetValid;
        }

        if (coupon.State == CouponState.Expired || now >= coupon.ExpiresAt || now >= campaign.End)
        {
            return RedemptionStatus.Expired;
        }

        return coupon.State == CouponState.Redeemed ? RedemptionStatus.AlreadyRedeemed : null;
    }

    private static RedemptionStatus? CheckCart(
        RedemptionRequest request, Offer offer, Campaign campaign, Func<ItemId, Item> item, out Discount? discount)
    {
        var most = campaign.Guardrails.Cap;
        var capped = offer with { Cap = Money.Min(offer.Cap ?? most, most) };
        var obstacle = CartEngine.Apply(capped, request.Cart, item, campaign.Budget.Currency, out discount);
        if (obstacle == OfferObstacle.CurrencyMismatch)
        {
            return RedemptionStatus.CurrencyMismatch;
        }

        if (offer.FirstOrderOnly && request.PriorOrders > 0)
        {
            return RedemptionStatus.NotFirstOrder;
        }

        return obstacle switch
        {
            OfferObstacle.NothingInScope => RedemptionStatus.NothingInScope,
            OfferObstacle.BelowMinimumSpend => RedemptionStatus.BelowMinimumSpend,
            _ => null,
        };
    }

    private static RedemptionStatus? CheckLimits(
        Discount discount, Campaign campaign, BudgetUse use, int redeemedByUser)
    {
        if (redeemedByUser >= campaign.Caps.RedeemedPerUser)
        {
            return RedemptionStatus.UserCapReached;
        }

        if (use.Redeemed >= campaign.RedemptionsMax)
        {
            return RedemptionStatus.CampaignCapReached;
        }

        return discount.Total > use.Left ? RedemptionStatus.BudgetExhausted : null;
    }
}
