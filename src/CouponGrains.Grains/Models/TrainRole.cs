using CouponGrains.Domain;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace CouponGrains.Grains.Models;

/// <summary>Places a grain only on silos that have the train role.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TrainRoleAttribute() : PlacementFilterAttribute(new TrainRoleStrategy());

internal sealed class TrainRoleStrategy() : PlacementFilterStrategy(order: 0)
{
    /// <summary>The silo metadata that tells the role; its value is <c>true</c>.</summary>
    public const string Key = "role.train";
}

/// <summary>Orleans' own filter compares with the silo that does the placing; this one with the role. Where no silo has it,
/// the caller is told so with <see cref="RefusalCodes.NoTrainSilo"/>.</summary>
internal sealed class TrainRoleDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(
        PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var training = silos
            .Where(s => metadata.GetSiloMetadata(s).Metadata.GetValueOrDefault(TrainRoleStrategy.Key) == "true").ToArray();
        return training.Length > 0
            ? training
            : throw new RefusedException(RefusalCodes.NoTrainSilo, "No silo with the train role is up.");
    }
}
