using CouponGrains.Domain;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace CouponGrains.Grains;

/// <summary>Places a grain only on silos that have the train role, on one with a GPU if there is one.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TrainRoleAttribute() : PlacementFilterAttribute(new TrainRoleStrategy());

/// <summary>Places a grain only on silos that have the serve role.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ServeRoleAttribute() : PlacementFilterAttribute(new ServeRoleStrategy());

/// <summary>Places a grain on silos that have the serve role while one is up, and otherwise anywhere: what serves
/// requests and the trainer too.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ServeRoleFirstAttribute() : PlacementFilterAttribute(new ServeRoleFirstStrategy());

/// <summary>What a grain asks of a silo's role.</summary>
/// <param name="key">The silo metadata that tells the role; its value is <c>true</c>.</param>
/// <param name="code">What callers are refused with where no silo has the role; null if any silo will do then.</param>
internal abstract class RoleStrategy(string key, string? code) : PlacementFilterStrategy(order: 0)
{
    /// <summary>The metadata of the serve role.</summary>
    public const string Serve = "role.serve";

    /// <summary>The metadata of the train role.</summary>
    public const string Train = "role.train";

    /// <summary>The metadata of a silo that trains on a GPU.</summary>
    public const string Gpu = "gpu";

    /// <summary>The metadata of the program's version.</summary>
    public const string Version = "version";

    /// <summary>The role's metadata.</summary>
    public string Key => key;

    /// <summary>Code of the refusal, or null.</summary>
    public string? Code => code;

    /// <summary>Metadata that a silo with the role has at best: where one has it, the others are left out.</summary>
    public virtual string? Best => null;
}

internal sealed class TrainRoleStrategy() : RoleStrategy(Train, RefusalCodes.NoTrainSilo)
{
    public override string Best => Gpu;
}

internal sealed class ServeRoleStrategy() : RoleStrategy(Serve, RefusalCodes.NoServeSilo);

internal sealed class ServeRoleFirstStrategy() : RoleStrategy(Serve, null);

/// <summary>Orleans' own filter compares with the silo that does the placing; this one with the role. Where no silo has
/// it, the caller is told so at once.</summary>
internal sealed class RoleDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(
        PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var role = (RoleStrategy)filterStrategy;
        var all = silos.ToArray();
        var having = Having(all, role.Key);
        return having.Length > 0 ? role.Best is { } best && Having(having, best) is { Length: > 0 } few ? few : having
            : role.Code is null ? all
            : throw new RefusedException(
                role.Code, $"No silo with the {role.Key[(role.Key.IndexOf('.') + 1)..]} role is up.");
    }

    private SiloAddress[] Having(SiloAddress[] silos, string key) => Array.FindAll(
        silos, silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(key) == "true");
}
