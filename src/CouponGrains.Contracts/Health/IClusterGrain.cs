namespace CouponGrains.Contracts.Health;

/// <summary>The cluster as its members see it; a stateless worker, key 0.</summary>
[Alias("cg.cluster"), GrainInterfaceType("cg.cluster")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>The silos and what is active on them. One that does not answer within 3 seconds is told without its
    /// figures.</summary>
    [Alias("show")]
    Task<ClusterView> Show(CancellationToken cancel = default);
}

/// <summary>The cluster.</summary>
/// <param name="Silos">In the order of their names: all that are not dead, and those that died within a day, the newest
/// 50.</param>
/// <param name="Activations">Of all silos that answered.</param>
/// <param name="Grains">The activations by kind of grain, the most first.</param>
[GenerateSerializer, Immutable, Alias("cg.cluster-view")]
public sealed record ClusterView(
    [property: Id(0)] IReadOnlyList<SiloView> Silos, [property: Id(1)] long Activations,
    [property: Id(2)] IReadOnlyList<GrainCount> Grains);

/// <summary>How many grains of a kind are active.</summary>
/// <param name="Type">The class, without its namespace.</param>
/// <param name="Activations">On all silos that answered.</param>
[GenerateSerializer, Immutable, Alias("cg.grain-count")]
public sealed record GrainCount([property: Id(0)] string Type, [property: Id(1)] long Activations);

/// <summary>Where a silo stands.</summary>
public enum SiloState
{
    /// <summary>It is coming in.</summary>
    Joining = 1,

    /// <summary>It is a member.</summary>
    Active = 2,

    /// <summary>It is going.</summary>
    Stopping = 3,

    /// <summary>It has ended, or the others declared it dead.</summary>
    Dead = 4,
}

/// <summary>A silo.</summary>
[GenerateSerializer, Immutable, Alias("cg.silo-view")]
public sealed record SiloView
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Where the others reach it, host:port.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)]
    public required SiloState Status { get; init; }

    /// <summary><c>serve</c>, <c>train</c>, both, or none where it does not tell any more.</summary>
    [Id(3)]
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>When it started.</summary>
    [Id(4)]
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it last said in the members' table that it lives.</summary>
    [Id(5)]
    public required DateTimeOffset AliveAt { get; init; }

    /// <summary>The version of its program, or null where it does not tell any more.</summary>
    [Id(6)]
    public string? Version { get; init; }

    /// <summary>Its figures; null where it is no member or did not answer in time.</summary>
    [Id(7)]
    public SiloLoad? Load { get; init; }
}

/// <summary>What a silo is busy with.</summary>
/// <param name="Activations">Grains active on it.</param>
/// <param name="Clients">Orleans clients connected to it.</param>
/// <param name="CpuPercent">Of the machine, 0 to 100.</param>
/// <param name="MemoryBytes">Managed memory in use.</param>
/// <param name="MemoryMaxBytes">The most that the process may have.</param>
/// <param name="IsOverloaded">True while it turns calls away.</param>
[GenerateSerializer, Immutable, Alias("cg.silo-load")]
public sealed record SiloLoad(
    [property: Id(0)] long Activations, [property: Id(1)] long Clients, [property: Id(2)] double CpuPercent,
    [property: Id(3)] long MemoryBytes, [property: Id(4)] long MemoryMaxBytes, [property: Id(5)] bool IsOverloaded);
