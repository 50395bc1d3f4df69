using System.Runtime.CompilerServices;
using CouponGrains.Domain.Events;

namespace CouponGrains.Storage;

/// <summary>Reads an event log page by page, so that no transaction stays open while the reader works.</summary>
internal static class EventPages
{
    /// <summary>Events read at once.</summary>
    public const int Size = 5_000;

    /// <summary>All events behind a place, in order. <paramref name="read"/> answers the next <see cref="Size"/> behind
    /// a place, fewer at the end.</summary>
    public static async IAsyncEnumerable<RecordedEvent> All(
        long afterSequence, Func<long, CancellationToken, Task<IReadOnlyList<RecordedEvent>>> read,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await read(afterSequence, cancel);
            foreach (var recorded in page)
            {
                yield return recorded;
            }

            if (page.Count < Size)
            {
                yield break;
            }

            afterSequence = page[^1].Sequence;
        }
    }

    /// <summary>The sample of <see cref="IEventLog.ReadSample"/>: every event if there are no more than
    /// <paramref name="most"/>, else those at, or next behind, places that lie evenly. <paramref name="read"/> answers
    /// those of the places from the first number up to the second, none at or before its third, of a log of that
    /// size.</summary>
    public static async IAsyncEnumerable<RecordedEvent> Sample(
        IEventLog log, int most,
        Func<int, int, long, EventLogSize, CancellationToken, Task<IReadOnlyList<RecordedEvent>>> read,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var size = await log.Size(cancel);
        if (size.Events <= most)
        {
            await foreach (var recorded in log.ReadAll(0, cancel))
            {
                if (recorded.Sequence > size.LastSequence)
                {
                    yield break;
                }

                yield return recorded;
            }

            yield break;
        }

        var last = 0L;
        for (var from = 0; from < most; from += Size)
        {
            var page = await read(from, Math.Min(most, from + Size), last, size, cancel);
            foreach (var recorded in page)
            {
                yield return recorded;
            }

            last = page.Count > 0 ? page[^1].Sequence : last;
        }
    }
}
