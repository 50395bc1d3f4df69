using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Simulation;

/// <summary>One user as he really is. No policy sees this; what a policy may see is <see cref="Record"/> and the
/// events.</summary>
public sealed class MarketUser
{
    /// <summary>His number, 0, 1, 2, …</summary>
    public required int Number { get; init; }

    /// <summary>What the shop knows of him: id, age band and region.</summary>
    public required UserRecord Record { get; init; }

    /// <summary>How he answers to coupons.</summary>
    public required UserKind Kind { get; init; }

    /// <summary>His taste: the share of his interest in each category, shape (categories), sums to 1.</summary>
    public required double[] Taste { get; init; }

    /// <summary>Within each category, the cumulative weights of its items for him, in the market's order of
    /// items.</summary>
    public required double[][] ItemTaste { get; init; }

    /// <summary>How often he shops, relative to the average user.</summary>
    public required double Activity { get; init; }

    /// <summary>How strongly a discount moves him, around 1.</summary>
    public required double Sensitivity { get; init; }

    /// <summary>The most he pays for one piece, in minor units: his budget.</summary>
    public required long LimitMinor { get; init; }

    /// <summary>Probability that he notices a coupon of his on a visit.</summary>
    public required double Notice { get; init; }

    /// <summary>His id.</summary>
    public UserId Id => Record.Id;
}
