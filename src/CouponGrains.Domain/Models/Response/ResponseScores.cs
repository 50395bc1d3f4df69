namespace CouponGrains.Domain.Models.Response;

/// <summary>Calibrated probabilities of what a user does with a coupon if it is issued to him now.</summary>
/// <param name="View">He looks at it.</param>
/// <param name="Claim">He claims it.</param>
/// <param name="Redeem">He redeems it while it is valid: the redemption probability.</param>
/// <param name="Satisfaction">He rates it 4 or 5, if he redeems it.</param>
public readonly record struct ResponseScores(float View, float Claim, float Redeem, float Satisfaction);

/// <summary>What a score rests on.</summary>
public enum ResponseBasis
{
    /// <summary>The response model knows the user and the coupon's items.</summary>
    Model = 1,

    /// <summary>The mean of the segment: nothing is known of the user, or of the coupon's items, or there is no
    /// response model yet.</summary>
    Segment = 2,
}
