using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Simulation.Policies;

/// <summary>Decides who gets which coupons, from what the shop knows.</summary>
public interface IPolicy
{
    /// <summary>Its name in tables.</summary>
    string Name { get; }

    /// <summary>Takes in what happened until the campaign under way began.</summary>
    Task Learn(Shop shop, CancellationToken cancel);

    /// <summary>The offer of the campaign under way to issue to a user next, or null for none (any more).</summary>
    RankedOffer? Choose(Shop shop, UserRecord user, DateTimeOffset now, Random random);
}
