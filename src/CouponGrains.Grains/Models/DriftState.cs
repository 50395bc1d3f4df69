using CouponGrains.Domain.Models.Drift;

namespace CouponGrains.Grains.Models;

/// <summary>The stored state of the measurement of drift.</summary>
[GenerateSerializer, Immutable, Alias("cg.drift-state")]
internal sealed record DriftState
{
    /// <summary>Midnight UTC of the day under way; null before the first.</summary>
    [Id(0)]
    public DateTimeOffset? Day { get; init; }

    /// <summary>The place in the log at which it began.</summary>
    [Id(1)]
    public long Sequence { get; init; }

    /// <summary>The days measured, newest first.</summary>
    [Id(2)]
    public IReadOnlyList<DriftDay> Days { get; init; } = [];

    /// <summary>The days of issues up to <see cref="Sequence"/>, oldest first.</summary>
    [Id(3)]
    public IReadOnlyList<IssueDay> Issues { get; init; } = [];
}
