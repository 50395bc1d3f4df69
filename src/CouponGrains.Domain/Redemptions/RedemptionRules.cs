using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Decides redemptions. Pure: the ledger reads, asks here, and writes.</summary>
public static class RedemptionRules
{
    /// <summary>The order of the checks: of several that fail the first is answered.</summary>
    public static IReadOnlyList<RedemptionStatus> Checks { get; } =
    [
        RedemptionStatus.KeyReusedWithOtherContent, RedemptionStatus.RolledBack, RedemptionStatus.ReservationExpired,
        RedemptionStatus.Released, RedemptionStatus.UnknownReservation, RedemptionStatus.OrderReturned,
        RedemptionStatus.NotClaimed, RedemptionStatus.UnknownCoupon, RedemptionStatus.IssuedToAnotherUser,
        RedemptionStatus.Voided, RedemptionStatus.NotYetValid, RedemptionStatus.Expired,
        RedemptionStatus.AlreadyRedeemed, RedemptionStatus.Reserved, RedemptionStatus.OutsideTimes,
        RedemptionStatus.CurrencyMismatch, RedemptionStatus.NotFirstOrder, RedemptionStatus.NotNewUser,
        RedemptionStatus.NotReturningUser, RedemptionStatus.NotStackable, RedemptionStatus.OtherCart,
        RedemptionStatus.NothingInScope, RedemptionStatus.BelowMinimumSpend, RedemptionStatus.NotEnoughPieces,
        RedemptionStatus.NotEnoughPoints, RedemptionStatus.NothingLeft, RedemptionStatus.BelowMarginFloor,
        RedemptionStatus.UserCapReached, RedemptionStatus.UserLimitReached, RedemptionStatus.UserValueReached,
        RedemptionStatus.CampaignCapReached, RedemptionStatus.CampaignLimitReached,
        RedemptionStatus.CampaignValueReached, RedemptionStatus.BudgetExhausted, RedemptionStatus.NotChosen,
    ];

    /// <summary>The answer to <paramref name="request"/>, by the checks of <see cref="RedemptionStatus"/> from
    /// <see cref="RedemptionStatus.UnknownCoupon"/> on. The redemption itself is the ledger's to write. Throws
    /// <see cref="RefusedException"/> if the cart is not one that <see cref="CartEngine.Check"/> accepts.</summary>
    /// <param name="request">The wish.</param>
    /// <param name="coupon">The coupon of the code, or null.</param>
    /// <param name="offer">Its offer; there must be one if there is a coupon, and so for the next two.</param>
    /// <param name="campaign">Its campaign.</param>
    /// <param name="use">What has been used of the budget.</param>
    /// <param name="redeemedByUser">Redemptions in force, and reservations, of this user in the campaign.</param>
    /// <param name="item">Looks an item up.</param>
    /// <param name="now">The time.</param>
    /// <param name="before">Coupons that the user has used on the same order, in the order of their use.</param>
    /// <param name="reserved">True if the coupon is reserved under another key.</param>
    /// <param name="limits">What has been used of each of the campaign's limits, in their order; none if left
    /// out.</param>
    public static RedemptionAnswer Decide(
        RedemptionRequest request, Coupon? coupon, Offer? offer, Campaign? campaign, BudgetUse? use, int redeemedByUser,
        Func<ItemId, Item> item, DateTimeOffset now, IReadOnlyList<UsedCoupon>? before = null, bool reserved = false,
        IReadOnlyList<LimitUse>? limits = null)
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
        var usedBefore = before?.Any(used => used.Code == coupon.Code) ?? false;
        if (CheckCoupon(request, coupon, campaign, offer, reserved, usedBefore, now) is { } unusable)
        {
            return new(unusable);
        }

        if (CheckCart(request, offer, campaign, item, before ?? [], out var discount) is { } obstacle)
        {
            return new(obstacle);
        }

        return CheckLimits(discount!, campaign, use, redeemedByUser, limits ?? []) is { } limit
            ? new(limit)
            : new(RedemptionStatus.Redeemed, discount);
    }

    /// <summary>The offer with the cap that holds at the checkout: its own or the guardrails', whichever is
    /// lower.</summary>
    public static Offer Capped(Offer offer, Campaign campaign) =>
        offer with { Cap = Money.Min(offer.Cap ?? campaign.Guardrails.Cap, campaign.Guardrails.Cap) };

    /// <summary>The answer for an obstacle, or null for none.</summary>
    internal static RedemptionStatus? StatusOf(OfferObstacle obstacle) => obstacle switch
    {
        OfferObstacle.None => null,
        OfferObstacle.CurrencyMismatch => RedemptionStatus.CurrencyMismatch,
        OfferObstacle.NothingInScope => RedemptionStatus.NothingInScope,
        OfferObstacle.BelowMinimumSpend => RedemptionStatus.BelowMinimumSpend,
        OfferObstacle.NotEnoughPieces => RedemptionStatus.NotEnoughPieces,
        OfferObstacle.NotEnoughPoints => RedemptionStatus.NotEnoughPoints,
        OfferObstacle.NothingLeft => RedemptionStatus.NothingLeft,
        OfferObstacle.BelowMarginFloor => RedemptionStatus.BelowMarginFloor,
        _ => throw new ArgumentOutOfRangeException(nameof(obstacle), obstacle, "Unknown."),
    };

    private static RedemptionStatus? CheckCoupon(
        RedemptionRequest request, Coupon coupon, Campaign campaign, Offer offer, bool reserved, bool usedBefore,
        DateTimeOffset now)
    {
        if (coupon.User != request.User)
        {
            return RedemptionStatus.IssuedToAnotherUser;
        }

        if (coupon.State == CouponState.Voided || campaign.Status == CampaignStatus.Archived)
        {
            return RedemptionStatus.Voided;
        }

        if (now < campaign.Start || now < offer.Times?.Start)
        {
            return RedemptionStatus.NotYetValid;
        }

        if (coupon.State == CouponState.Expired || now >= coupon.ExpiresAt || now >= campaign.End
            || now >= offer.Times?.End)
        {
            return RedemptionStatus.Expired;
        }

        // What holds the coupon stands among those used on its order, too.
        if (coupon.State == CouponState.Redeemed || (usedBefore && !reserved))
        {
            return RedemptionStatus.AlreadyRedeemed;
        }

        if (reserved)
        {
            return RedemptionStatus.Reserved;
        }

        return IsTime(offer.Times, campaign, now) && IsTime(campaign.Guardrails.Times, campaign, now)
            ? null
            : RedemptionStatus.OutsideTimes;
    }

    private static bool IsTime(OfferTimes? times, Campaign campaign, DateTimeOffset now) =>
        times is null || times.Holds(now, CampaignRules.Zone(campaign));

    private static RedemptionStatus? CheckCart(
        RedemptionRequest request, Offer offer, Campaign campaign, Func<ItemId, Item> item,
        IReadOnlyList<UsedCoupon> before, out Discount? discount)
    {
        var rest = UsedCoupon.RestOf(request.Cart, before, item);
        var obstacle = CartEngine.Apply(
            Capped(offer, campaign), request.Cart, rest ?? CartRest.Of(request.Cart), item, campaign.Budget.Currency,
            campaign.Guardrails, out discount);
        if (obstacle == OfferObstacle.CurrencyMismatch)
        {
            return RedemptionStatus.CurrencyMismatch;
        }

        if (offer.FirstOrderOnly && request.PriorOrders > 0)
        {
            return RedemptionStatus.NotFirstOrder;
        }

        if (request.PriorOrders > offer.OrdersMax)
        {
            return RedemptionStatus.NotNewUser;
        }

        if (request.PriorOrders < offer.OrdersMin)
        {
            return RedemptionStatus.NotReturningUser;
        }

        return before.Any(used => !Stacking.Allows(used.Stacking, offer.Stacking))
            ? RedemptionStatus.NotStackable
            : rest is null ? RedemptionStatus.OtherCart
            : StatusOf(obstacle);
    }

    private static RedemptionStatus? CheckLimits(
        Discount discount, Campaign campaign, BudgetUse use, int redeemedByUser, IReadOnlyList<LimitUse> limits)
    {
        if (redeemedByUser >= campaign.Caps.RedeemedPerUser)
        {
            return RedemptionStatus.UserCapReached;
        }

        if (Reached(discount, campaign, LimitPer.User, limits) is { } ofUser)
        {
            return ofUser ? RedemptionStatus.UserLimitReached : RedemptionStatus.UserValueReached;
        }

        if (use.Redeemed + use.Held >= campaign.RedemptionsMax)
        {
            return RedemptionStatus.CampaignCapReached;
        }

        if (Reached(discount, campaign, LimitPer.Campaign, limits) is { } ofCampaign)
        {
            return ofCampaign ? RedemptionStatus.CampaignLimitReached : RedemptionStatus.CampaignValueReached;
        }

        return discount.Total > use.Left ? RedemptionStatus.BudgetExhausted : null;
    }

    /// <summary>True if a count is reached, false if a value would be passed, null if neither.</summary>
    private static bool? Reached(
        Discount discount, Campaign campaign, LimitPer per, IReadOnlyList<LimitUse> uses)
    {
        for (var i = 0; i < uses.Count; i++)
        {
            var (limit, use) = (campaign.Limits[i], uses[i]);
            if (limit.Per == per && use.Count >= limit.Count)
            {
                return true;
            }

            // A discount of nothing fits even where a limit was lowered below what is used.
            if (limit.Per == per && limit.Value is { } value && discount.Total.Minor > 0
                && discount.Total.Minor > value.Minor - use.Minor)
            {
                return false;
            }
        }

        return null;
    }
}
