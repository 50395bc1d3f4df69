using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Grains.Models;

/// <summary>The stored state of the trainer.</summary>
[GenerateSerializer, Immutable, Alias("cg.trainer-state")]
internal sealed record TrainerState
{
    /// <summary>How many runs are remembered.</summary>
    public const int RunsMax = 100;

    /// <summary>The last runs, newest first.</summary>
    [Id(0)]
    public TrainingRun[] Runs { get; init; } = [];

    /// <summary>The period of the schedule, zero without one.</summary>
    [Id(1)]
    public TimeSpan Period { get; init; }

    /// <summary>The model that was in force when the newest run began: only it may be replaced by the run's
    /// model.</summary>
    [Id(2)]
    public ModelVersion Before { get; init; }

    /// <summary>What the last run that was published was made with, what a search chose included: a scheduled run
    /// repeats it. Null if none was published yet.</summary>
    [Id(3)]
    public TrainingOptions? Options { get; init; }

    /// <summary>How much that is new starts a run.</summary>
    [Id(4)]
    public VolumeTrigger Volume { get; init; } = VolumeTrigger.Off;

    /// <summary>What has come into the log since the newest run began.</summary>
    [Id(5)]
    public NewVolume New { get; init; }

    /// <summary>What the newest run was started with: a silo that takes it up trains by that.</summary>
    [Id(6)]
    public TrainingOptions? Started { get; init; }

    /// <summary>How often the newest run was taken up after its silo had ended.</summary>
    [Id(7)]
    public int TakenUp { get; init; }

    /// <summary>The state with a run added or changed.</summary>
    public TrainerState With(TrainingRun run) => this with
    {
        Runs = [.. Runs.Append(run).Where(r => r == run || r.Run != run.Run).OrderByDescending(r => r.Run).Take(RunsMax)],
    };
}
