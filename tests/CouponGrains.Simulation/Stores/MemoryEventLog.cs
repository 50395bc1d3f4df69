using System.Runtime.CompilerServices;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Simulation.Stores;

/// <summary>The event log of one offline run, in memory: idempotent by event id, in order, gone with the process. One
/// writer at a time.</summary>
public sealed class MemoryEventLog : IEventLog
{
    private readonly List<RecordedEvent> _events;
    private readonly Dictionary<EventId, RecordedEvent> _byId;

    /// <summary>An empty log.</summary>
    public MemoryEventLog() => (_events, _byId) = ([], []);

    /// <summary>A log that goes on from another, which it does not change.</summary>
    public MemoryEventLog(MemoryEventLog past) => (_events, _byId) = ([.. past._events], new(past._byId));

    /// <summary>The events in order.</summary>
    public IReadOnlyList<RecordedEvent> Events => _events;

    /// <summary>Records one event.</summary>
    public AppendResult Append(UserEvent e)
    {
        if (_byId.TryGetValue(e.Id, out var earlier))
        {
            return earlier.Event == e ? new(AppendStatus.Duplicate, earlier.Sequence) : new(AppendStatus.Conflict, 0);
        }

        var recorded = new RecordedEvent(_events.Count + 1, e);
        _events.Add(recorded);
        _byId.Add(e.Id, recorded);
        return new(AppendStatus.Accepted, recorded.Sequence);
    }

    /// <inheritdoc/>
    public Task<AppendResult[]> Append(IReadOnlyList<UserEvent> events, CancellationToken cancel) =>
        Task.FromResult(events.Select(Append).ToArray());

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadUser(UserId user, long afterSequence, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RecordedEvent>>(
            [.. _events.Skip((int)afterSequence).Where(e => e.Event.User == user).Take(limit)]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedEvent> ReadAll(long afterSequence, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        for (var i = (int)afterSequence; i < _events.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            yield return _events[i];
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedEvent> ReadSample(int most, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        var (count, events) = (Math.Min(most, _events.Count), _events.Count);
        for (var i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            yield return _events[(int)((long)i * events / count)];
        }
    }

    /// <inheritdoc/>
    public Task<EventLogSize> Size(CancellationToken cancel) =>
        Task.FromResult(new EventLogSize(_events.Count, _events.Count));
}
