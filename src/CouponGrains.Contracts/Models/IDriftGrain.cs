using CouponGrains.Domain.Models.Drift;

namespace CouponGrains.Contracts.Models;

/// <summary>How far the shop has moved from what the model in force was trained on; there is one, key 0.</summary>
[Alias("cg.drift"), GrainInterfaceType("cg.drift")]
public interface IDriftGrain : IGrainWithIntegerKey
{
    /// <summary>What was measured.</summary>
    [Alias("show")]
    Task<DriftReport> Show(CancellationToken cancel = default);

    /// <summary>Measures what has come into the log since the last full day now, without waiting for the day to
    /// end.</summary>
    [Alias("measure")]
    Task<DriftReport> Measure(CancellationToken cancel = default);

    /// <summary>Takes in what has come into the log, and measures a day once it is over. Called again and
    /// again.</summary>
    [Alias("look")]
    Task Look(CancellationToken cancel = default);
}

/// <summary>The days measured.</summary>
/// <param name="Days">Newest first, at most <see cref="DriftDay.DaysMax"/>.</param>
/// <param name="References">What the model in force was trained on, by feature; empty without one.</param>
[GenerateSerializer, Immutable, Alias("cg.drift-report")]
public sealed record DriftReport(
    [property: Id(0)] IReadOnlyList<DriftDay> Days, [property: Id(1)] IReadOnlyList<FeatureReference> References);
