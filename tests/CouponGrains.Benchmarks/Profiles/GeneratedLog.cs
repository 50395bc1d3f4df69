using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Benchmarks.Profiles;

/// <summary>A log in which every user has a past that follows from his id, made anew by each look, as a store does; so
/// that a million of them need no disk. It is not written to.</summary>
internal sealed class GeneratedLog(IReadOnlyList<Item> goods, int past, DateTimeOffset at) : IEventLog
{
    private const int FewItems = 2;

    private const string Usd = "USD";

    public Task<IReadOnlyList<RecordedEvent>> ReadUser(
        UserId user, long afterSequence, int limit, CancellationToken cancel)
    {
        var first = (int)Math.Min(past, afterSequence);
        var events = new RecordedEvent[Math.Min(limit, past - first)];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = new(first + i + 1, Event(user.Value, first + i));
        }

        return Task.FromResult<IReadOnlyList<RecordedEvent>>(events);
    }

    public Task<AppendResult[]> Append(IReadOnlyList<UserEvent> events, CancellationToken cancel) =>
        throw new NotSupportedException("Nothing is recorded here.");

    public IAsyncEnumerable<RecordedEvent> ReadAll(long afterSequence, CancellationToken cancel) =>
        AsyncEnumerable.Empty<RecordedEvent>();

    public IAsyncEnumerable<RecordedEvent> ReadSample(int most, CancellationToken cancel) =>
        AsyncEnumerable.Empty<RecordedEvent>();

    public Task<EventLogSize> Size(CancellationToken cancel) => Task.FromResult(new EventLogSize(0, 0));

    /// <summary>Half of a user's events are on items of before; each fifth is a purchase. Every text is one of its own,
    /// as a store's reader makes them.</summary>
    private UserEvent Event(string user, int number)
    {
        var item = (int)(Domain.StableHash.Of(user, $"{number / FewItems}") % (ulong)goods.Count);
        var buys = number % 5 == 4;
        return new()
        {
            Id = new($"{user}-{number:D3}"),
            User = new(new string(user)),
            Kind = buys ? EventKind.Purchase : EventKind.View,
            At = at.AddHours(number - past),
            Item = new(new string(goods[item].Id.Value)),
            Amount = buys ? new(1_999, new(new string(Usd))) : null,
            Order = buys ? $"order-{user}-{number}" : null,
        };
    }
}
