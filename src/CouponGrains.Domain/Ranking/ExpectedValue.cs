using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Ranking;

/// <summary>What issuing an offer is expected to be worth to the shop.</summary>
public static class ExpectedValue
{
    /// <summary><c>p_redeem (w · (margin − discount) + redemption + p_satisfaction · satisfaction) + p_view · view +
    /// p_claim · claim − issue cost</c> in minor units, margin and discount of a typical cart in scope. What the user
    /// would have bought without the coupon is not taken off.</summary>
    /// <param name="response">How the user is expected to respond.</param>
    /// <param name="use">One use on a typical cart.</param>
    /// <param name="worth">What each response is worth.</param>
    public static double Of(ResponseScores response, TypicalUse use, ResponseWorth worth)
    {
        var redeemed = (worth.MarginWeight * (use.MarginMinor - use.DiscountMinor)) + worth.RedemptionMinor
            + (response.Satisfaction * worth.SatisfactionMinor);
        return (response.Redeem * redeemed) + (response.View * worth.ViewMinor) + (response.Claim * worth.ClaimMinor)
            - worth.IssueCostMinor;
    }
}
