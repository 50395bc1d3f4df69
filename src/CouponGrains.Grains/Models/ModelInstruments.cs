using System.Diagnostics;
using System.Diagnostics.Metrics;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Grains.Models;

/// <summary>The stage learn: training runs, the model in force, and this silo's copy of it.</summary>
internal sealed class ModelInstruments
{
    private static readonly ActivitySource Source = new(Telemetry.Name);

    private readonly TimeProvider _time;
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _stages;
    private readonly Counter<long> _refreshes;
    private volatile ModelManifest? _inForce;
    private volatile Held _held = new(0, 0, 0);

    public ModelInstruments(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Telemetry.Name);
        _runs = meter.CreateCounter<long>(
            "coupongrains.training.runs", "{run}",
            "Training runs that ended, by how: published, held_back, cancelled, failed.");
        _stages = meter.CreateHistogram(
            "coupongrains.training.stage.duration", "s", "Time of each stage of a training run.",
            advice: StageTimes.Slow);
        _refreshes = meter.CreateCounter<long>(
            "coupongrains.replica.refreshes", "{refresh}",
            "Looks for changes, by outcome: current, changed, failed, refused.");
        meter.CreateObservableGauge(
            "coupongrains.replica.model.version", () => _held.Model, "{version}",
            "The version of the model that this silo holds; 0 is none.");
        meter.CreateObservableGauge(
            "coupongrains.replica.offers", () => _held.Offers, "{offer}", "Offers that this silo ranks.");
        meter.CreateObservableGauge(
            "coupongrains.replica.items", () => _held.Items, "{item}", "Items that this silo knows.");
        meter.CreateObservableGauge(
            "coupongrains.model.quality", Quality, "1",
            "What the model that this silo holds was measured at, by metric.");
        meter.CreateObservableGauge(
            "coupongrains.model.age", Age, "s", "Time since the model that this silo holds was trained.");
    }

    /// <summary>A span and a clock for the stages of a run, which hand on to <paramref name="watch"/> what they are
    /// told.</summary>
    public TrainingStages Begin(long run, ITrainingWatch watch)
    {
        // A count that begins at 1 hides its first step from who asks for rates.
        _runs.Add(0, new KeyValuePair<string, object?>("state", Word.Of(TrainingState.Failed)));
        var span = Source.StartActivity("training run")?.SetTag("coupongrains.training.run", run);
        return new(span, Source, _stages, _time, watch);
    }

    /// <summary>A run has ended.</summary>
    public void Ended(TrainingState state) => _runs.Add(1, new KeyValuePair<string, object?>("state", Word.Of(state)));

    /// <summary>The silo has looked for changes.</summary>
    public void Looked(string outcome) =>
        _refreshes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>The silo holds another copy; <paramref name="manifest"/> is that of its model, null without
    /// one.</summary>
    public void Holds(ModelManifest? manifest, int offers, int items)
    {
        _inForce = manifest;
        _held = new(manifest?.Version.Number ?? 0, offers, items);
    }

    private IEnumerable<Measurement<double>> Quality() => _inForce?.Metrics is not { } metrics ? [] :
    [
        Measured(metrics.HitRate10, "hit_rate_10"),
        Measured(metrics.Ndcg10, "ndcg_10"),
        Measured(metrics.PopularityHitRate10, "popularity_hit_rate_10"),
        Measured(metrics.PopularityNdcg10, "popularity_ndcg_10"),
    ];

    private IEnumerable<Measurement<double>> Age() =>
        _inForce is { } model ? [new((_time.GetUtcNow() - model.CreatedAt).TotalSeconds)] : [];

    private static Measurement<double> Measured(double value, string metric) =>
        new(value, new KeyValuePair<string, object?>("metric", metric));

    private sealed record Held(long Model, int Offers, int Items);
}
