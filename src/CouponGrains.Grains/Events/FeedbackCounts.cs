using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CouponGrains.Domain;

namespace CouponGrains.Grains.Events;

/// <summary>Counts what was refused, by the refusal's code, and what was accepted but is worth a look; since the silo
/// began.</summary>
internal sealed class FeedbackCounts
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Counter<long> _counter;

    public FeedbackCounts(IMeterFactory meters) => _counter = meters.Create(Telemetry.Name).CreateCounter<long>(
        "coupongrains.feedback", "{event}", "Events and feedback refused, by code, or accepted and worth a look, by note.");

    /// <summary>The counts by code or note.</summary>
    public IReadOnlyDictionary<string, long> All => new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);

    /// <summary>Counts one; null counts nothing.</summary>
    public void Count(string? what)
    {
        if (what is not null)
        {
            _counts.AddOrUpdate(what, 1, (_, before) => before + 1);
            _counter.Add(1, new KeyValuePair<string, object?>("what", what));
        }
    }
}
