using System.Diagnostics.Metrics;
using CouponGrains.Contracts.Events;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Grains.Events;

/// <summary>The stage observe: which events come in, and which are refused.</summary>
internal sealed class EventInstruments
{
    private readonly Counter<long> _recorded;
    private readonly Counter<long> _refused;

    public EventInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _recorded = meter.CreateCounter<long>(
            "coupongrains.events.recorded", "{event}",
            "Events that the log holds, by kind; duplicates were there before.");
        _refused = meter.CreateCounter<long>("coupongrains.events.refused", "{event}", "Events refused, by code.");
    }

    /// <summary>What became of a batch: the events and their answers, in the same order.</summary>
    public void Recorded(IReadOnlyList<UserEvent> events, IReadOnlyList<RecordAnswer> answers)
    {
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Refusal is { } refusal)
            {
                _refused.Add(1, new KeyValuePair<string, object?>("code", refusal.Code));
            }
            else
            {
                var (kind, status) = (Word.Of(events[i].Kind), Word.Of(answers[i].Status!.Value));
                _recorded.Add(1, new("kind", kind), new("status", status));
            }
        }
    }
}
