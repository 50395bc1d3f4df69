namespace CouponGrains.Domain.Events;

/// <summary>An event with its place in the log.</summary>
/// <param name="Sequence">1, 2, 3, … in the order of recording; may have gaps.</param>
/// <param name="Event">The event.</param>
public sealed record RecordedEvent(long Sequence, UserEvent Event);

/// <summary>What became of an event that was handed to the log.</summary>
public enum AppendStatus
{
    /// <summary>Recorded now, durably.</summary>
    Accepted = 1,

    /// <summary>Recorded before with the same content: nothing was done.</summary>
    Duplicate = 2,

    /// <summary>Its id is recorded with other content: nothing was done.</summary>
    Conflict = 3,
}

/// <summary>The answer to one event of an append.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">Its place in the log (for a duplicate, the place it had; 0 for a conflict).</param>
public readonly record struct AppendResult(AppendStatus Status, long Sequence);

/// <summary>The event log: append only, idempotent by event id, the truth for learning. A first event of an unknown
/// user or item creates it, in the same transaction.</summary>
public interface IEventLog
{
    /// <summary>Records <paramref name="events"/> in one transaction; when the task ends the accepted ones are durable.
    /// Answers in the order given. Concurrent calls may share a commit.</summary>
    Task<AppendResult[]> Append(IReadOnlyList<UserEvent> events, CancellationToken cancel);

    /// <summary>The events of one user after a place in the log, in the order of the log, at most
    /// <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<RecordedEvent>> ReadUser(UserId user, long afterSequence, int limit, CancellationToken cancel);

    /// <summary>All events after a place in the log, in its order, streamed: memory does not grow with the
    /// log.</summary>
    IAsyncEnumerable<RecordedEvent> ReadAll(long afterSequence, CancellationToken cancel);

    /// <summary>An even sample of the log by place, in its order, streamed: all events if there are no more than
    /// <paramref name="most"/>, else at most so many, none of them twice.</summary>
    IAsyncEnumerable<RecordedEvent> ReadSample(int most, CancellationToken cancel);

    /// <summary>How many events there are, and the last place in the log.</summary>
    Task<EventLogSize> Size(CancellationToken cancel);
}

/// <summary>The size of the log.</summary>
/// <param name="Events">Recorded events.</param>
/// <param name="LastSequence">The last place, 0 if the log is empty.</param>
public readonly record struct EventLogSize(long Events, long LastSequence);
