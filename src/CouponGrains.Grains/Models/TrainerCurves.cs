using CouponGrains.Domain.Models;

namespace CouponGrains.Grains.Models;

/// <summary>The stored curves of training runs, apart from their state, which is written often.</summary>
[GenerateSerializer, Immutable, Alias("cg.trainer-curves")]
internal sealed record TrainerCurves
{
    /// <summary>The curves of how many runs are kept.</summary>
    public const int RunsMax = 20;

    /// <summary>By run.</summary>
    [Id(0)]
    public IReadOnlyDictionary<long, IReadOnlyList<TrainingCurve>> Runs { get; init; } =
        new Dictionary<long, IReadOnlyList<TrainingCurve>>();

    /// <summary>With those of a run, and without those of the oldest.</summary>
    public TrainerCurves With(long run, IReadOnlyList<TrainingCurve> curves) => new()
    {
        Runs = Runs.Where(kept => kept.Key != run).Append(new(run, curves))
            .OrderByDescending(kept => kept.Key).Take(RunsMax).ToDictionary(),
    };
}
