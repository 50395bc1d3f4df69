using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Contracts.Models;

/// <summary>The trainer; there is one, key 0, and it lives on a silo with the train role. A run takes minutes and goes
/// on outside the grain's turn; one at a time.</summary>
[Alias("cg.trainer"), GrainInterfaceType("cg.trainer")]
public interface ITrainerGrain : IGrainWithIntegerKey
{
    /// <summary>Starts a run and answers at once. When it succeeds and the gates pass, the model goes into
    /// force.</summary>
    [Alias("start")]
    Task<Answer<TrainingRun>> Start(TrainingOptions options, CancellationToken cancel = default);

    /// <summary>How a run is doing, with its curves; they are kept for the last 20 runs.</summary>
    [Alias("run")]
    Task<Answer<TrainingRun>> Run(long run, CancellationToken cancel = default);

    /// <summary>The last 100 runs, newest first, without their curves.</summary>
    [Alias("runs")]
    Task<IReadOnlyList<TrainingRun>> Runs(CancellationToken cancel = default);

    /// <summary>Cancels a run; the model in force stays in force.</summary>
    [Alias("cancel")]
    Task<Answer<TrainingRun>> Cancel(long run, CancellationToken cancel = default);

    /// <summary>Trains every <paramref name="period"/> (at least a minute) from now on, by a reminder; zero stops
    /// it.</summary>
    [Alias("schedule")]
    Task<Answer<TrainingSchedule>> Schedule(TimeSpan period, CancellationToken cancel = default);

    /// <summary>Trains from now on also once so much has come into the log since the last run began; looked at every
    /// minute, by a reminder. Zeros stop it.</summary>
    [Alias("trigger")]
    Task<Answer<TrainingSchedule>> Trigger(VolumeTrigger trigger, CancellationToken cancel = default);

    /// <summary>Designs offers for a campaign with the generator of the model in force and adds them to it. Answers how
    /// many were new.</summary>
    [Alias("design")]
    Task<Answer<DesignedOffers>> Design(CampaignId campaign, int count, int seed, CancellationToken cancel = default);
}

/// <summary>Where a run stands.</summary>
public enum TrainingState
{
    /// <summary>Going on.</summary>
    Running = 1,

    /// <summary>Its model went into force.</summary>
    Published = 2,

    /// <summary>Its model is stored, but the gates kept it out of force.</summary>
    HeldBack = 3,

    /// <summary>Cancelled by an operator, or given up after its silo had ended too often. Where a silo ends while it
    /// runs, the next one with the train role takes the run up.</summary>
    Cancelled = 4,

    /// <summary>Ended by a refusal or a fault; see <see cref="TrainingRun.Refusal"/>.</summary>
    Failed = 5,
}

/// <summary>A training run.</summary>
[GenerateSerializer, Immutable, Alias("cg.training-run")]
public sealed record TrainingRun
{
    /// <summary>1, 2, 3, …</summary>
    [Id(0)]
    public required long Run { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(1)]
    public required TrainingState State { get; init; }

    /// <summary>How far it is.</summary>
    [Id(2)]
    public required TrainingProgress Progress { get; init; }

    /// <summary>When it began.</summary>
    [Id(3)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    [Id(4)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The model it made, <see cref="ModelVersion.None"/> if none.</summary>
    [Id(5)]
    public ModelVersion Model { get; init; }

    /// <summary>Why it failed or was held back, or null.</summary>
    [Id(6)]
    public Refusal? Refusal { get; init; }

    /// <summary>How its losses fell, as far as it is; null in lists, and where they are not kept any more. Those of a
    /// run whose silo ended begin again with the silo that took it up.</summary>
    [Id(7)]
    public IReadOnlyList<TrainingCurve>? Curves { get; init; }
}

/// <summary>The schedule in force.</summary>
/// <param name="Period">Zero if there is none.</param>
/// <param name="Volume">How much that is new starts a run.</param>
[GenerateSerializer, Immutable, Alias("cg.training-schedule")]
public sealed record TrainingSchedule(
    [property: Id(0)] TimeSpan Period, [property: Id(1)] VolumeTrigger? Volume = null);

/// <summary>The answer of a design.</summary>
/// <param name="Designed">Offers the generator made inside the guardrails.</param>
/// <param name="Added">Those that were new to the campaign.</param>
[GenerateSerializer, Immutable, Alias("cg.designed-offers")]
public sealed record DesignedOffers([property: Id(0)] int Designed, [property: Id(1)] int Added);
