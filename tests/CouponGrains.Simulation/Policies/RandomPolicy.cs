using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Simulation.Policies;

/// <summary>Any offer that the user does not hold, each as likely.</summary>
public sealed class RandomPolicy : IPolicy
{
    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public Task Learn(Shop shop, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public RankedOffer? Choose(Shop shop, UserRecord user, DateTimeOffset now, Random random)
    {
        var held = shop.Open(user.Id).Select(c => c.Offer).ToHashSet();
        var offers = shop.Offers.Where(o => !held.Contains(o.Id)).ToList();
        return offers.Count == 0 ? null : new(offers[random.Next(offers.Count)], 0, 1.0 / offers.Count, ModelVersion.None, []);
    }
}
