using System.Diagnostics;
using System.Diagnostics.Metrics;
using CouponGrains.Domain;

namespace CouponGrains.Storage;

/// <summary>What the stores tell of themselves: one span for each operation, and the size and time of the batches that
/// writes share. A store is opened before there is anything to inject, so these are the process's.</summary>
internal static class StoreTelemetry
{
    private static readonly ActivitySource Source = new(Telemetry.Name);
    private static readonly Meter Meter = new(Telemetry.Name);

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram(
        "coupongrains.store.batch.size", "{operation}", "Write operations that shared one commit.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    private static readonly Histogram<double> BatchDuration = Meter.CreateHistogram(
        "coupongrains.store.batch.duration", "s", "From the begin of a batch of writes to its commit.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5],
        });

    private static readonly Counter<long> BatchFailures = Meter.CreateCounter<long>(
        "coupongrains.store.batch.failures", "{batch}", "Batches of writes of which nothing became durable.");

    /// <summary>A span around one operation of a store, or null if nobody looks.</summary>
    /// <param name="system">The database, as the conventions name it: <c>sqlite</c>, <c>postgresql</c>.</param>
    /// <param name="operation">What is done, by the port's word.</param>
    public static Activity? Operation(string system, string operation)
    {
        if (Source.StartActivity($"{system} {operation}", ActivityKind.Client) is not { } span)
        {
            return null;
        }

        span.SetTag("db.system.name", system);
        span.SetTag("db.operation.name", operation);
        return span;
    }

    /// <summary>A span around a batch of operations, linked to theirs, or null if nobody looks.</summary>
    public static Activity? Batch(string system, IEnumerable<ActivityContext?> operations) => Source.HasListeners()
        ? Source.StartActivity(
            ActivityKind.Client, default, [new("db.system.name", system)],
            operations.OfType<ActivityContext>().Select(operation => new ActivityLink(operation)), name: $"{system} batch")
        : null;

    /// <summary>A batch that was committed.</summary>
    public static void Committed(string system, int operations, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("db.system.name", system);
        BatchSize.Record(operations, tag);
        BatchDuration.Record(took.TotalSeconds, tag);
        BatchFailures.Add(0, tag); // A count that begins at 1 hides its first step from who asks for rates.
    }

    /// <summary>A batch of which nothing is durable.</summary>
    public static void Failed(string system) => BatchFailures.Add(1, new KeyValuePair<string, object?>("db.system.name", system));
}
