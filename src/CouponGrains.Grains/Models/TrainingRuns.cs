using System.Security.Cryptography;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CouponGrains.Grains.Models;

/// <summary>The training that goes on in this silo, outside every grain's turn: the one place that starts a
/// thread.</summary>
internal sealed class TrainingRuns(
    IServiceProvider services, IModelStore models, TimeProvider time, ModelInstruments instruments) : IHostedService, IDisposable
{
    /// <summary>Names the run in what a manifest tells of the training.</summary>
    private const string RunKey = "run";

    private readonly CancellationTokenSource _stop = new();
    private volatile Training? _current;

    /// <summary>True if this silo can train.</summary>
    public bool CanTrain => services.GetService<ITrainer>() is not null;

    /// <summary>The run that goes on, or the last one; null if there was none since the silo began.</summary>
    public Training? Current => _current;

    /// <summary>True once the silo ends.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>True if a model was made by a run.</summary>
    public static bool IsOf(ModelManifest model, TrainingRun run) =>
        model.CreatedAt >= run.StartedAt && model.Training.GetValueOrDefault(RunKey) == $"{run.Run}";

    /// <summary>Goes on with a run that has stored its model.</summary>
    public Training GoOn(long run, StoredTraining stored) =>
        _current = new(run, _ => Task.FromResult(stored), _stop.Token);

    /// <summary>Starts a run; <paramref name="before"/> is the model in force.</summary>
    public Training Start(long run, TrainingOptions options, ModelSnapshot? before) => _current = new(run, training => Outside(async () =>
    {
        using var stages = instruments.Begin(run, training);
        var trained = await services.GetRequiredService<ITrainer>().Train(options, before, stages, training.Token);
        stages.Report(new("publish", 0.99, $"storing {trained.Artifact.Length} bytes"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(trained.Artifact.Span));
        var manifest = await models.Write(trained.Artifact, version => new()
        {
            Version = version,
            Sha256 = digest,
            Length = trained.Artifact.Length,
            CreatedAt = time.GetUtcNow(),
            Metrics = trained.Metrics,
            Training = new Dictionary<string, string>(trained.Training) { [RunKey] = $"{run}" },
        }, training.Token);
        stages.Succeeded();
        return new StoredTraining(manifest, trained.Options);
    }), _stop.Token);

    /// <summary>Counts a run that has ended.</summary>
    public void Ended(TrainingState state) => instruments.Ended(state);

    /// <summary>Designs offers.</summary>
    public Task<IReadOnlyList<Offer>> Design(
        ModelSnapshot model, CampaignId campaign, Guardrails guardrails, int count, int seed, CancellationToken cancel) =>
        Outside(() => services.GetRequiredService<ITrainer>().Design(model, campaign, guardrails, count, seed, cancel));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_current is { } training)
        {
            await Task.WhenAny(training.Result, Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken));
        }
    }

    public void Dispose() => _stop.Dispose();

#pragma warning disable RS0030 // This is the one place that leaves the turn.
    private static Task<T> Outside<T>(Func<Task<T>> work) => Task.Factory
        .StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
#pragma warning restore RS0030
}

/// <summary>What a run left in the store.</summary>
/// <param name="Manifest">Of the model.</param>
/// <param name="Options">That make such a model again.</param>
internal sealed record StoredTraining(ModelManifest Manifest, TrainingOptions Options);

/// <summary>A run that goes on.</summary>
internal sealed class Training : ITrainingWatch
{
    private readonly CancellationTokenSource _cancel;
    private volatile TrainingProgress _progress = new("read", 0, "starting");
    private volatile TrainingCurves _curves = TrainingCurves.None;

    public Training(long run, Func<Training, Task<StoredTraining>> start, CancellationToken stop)
    {
        Run = run;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Token = _cancel.Token;
        Result = start(this);
    }

    /// <summary>Its number.</summary>
    public long Run { get; }

    /// <summary>How far it is.</summary>
    public TrainingProgress Progress => _progress;

    /// <summary>Its curves by now.</summary>
    public IReadOnlyList<TrainingCurve> Curves => _curves.All;

    /// <summary>The stored model.</summary>
    public Task<StoredTraining> Result { get; }

    /// <summary>Cancelled when the run shall end.</summary>
    public CancellationToken Token { get; }

    /// <summary>Asks the run to end.</summary>
    public Task Cancel() => _cancel.CancelAsync();

    public void Report(TrainingProgress value) => _progress = value;

    public void Mark(TrainingPoint point) => _curves = _curves.With(point);
}
