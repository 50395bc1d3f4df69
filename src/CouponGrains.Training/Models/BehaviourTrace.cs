using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models;

/// <summary>What the trainer keeps of the event log: for each event that tells of an item, who, which, when and what
/// kind, in 17 bytes. So the log is streamed once, and matrices of any time part and any weights are built from
/// here.</summary>
public sealed class BehaviourTrace
{
    private readonly Dictionary<UserId, int> _userNumbers = [];
    private readonly Dictionary<ItemId, int> _itemNumbers = [];
    private readonly List<UserId> _users = [];
    private readonly List<ItemId> _items = [];
    private readonly List<int> _eventUsers = [];
    private readonly List<int> _eventItems = [];
    private readonly List<long> _eventTicks = [];
    private readonly List<EventKind> _eventKinds = [];

    /// <summary>Events kept.</summary>
    public int Count => _eventUsers.Count;

    /// <summary>The oldest event kept; meaningless if there is none.</summary>
    public DateTimeOffset Oldest { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The newest event kept; meaningless if there is none.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Users by the number that events name them with, in the order first seen.</summary>
    internal IReadOnlyList<UserId> Users => _users;

    /// <summary>Items by the number that events name them with, in the order first seen.</summary>
    internal IReadOnlyList<ItemId> Items => _items;

    /// <summary>Takes one event; kinds that tell nothing of an item are passed over.</summary>
    public void Add(UserEvent e)
    {
        if (e.Item is not { } item
            || e.Kind is not (EventKind.View or EventKind.Cart or EventKind.Purchase or EventKind.Refund))
        {
            return;
        }

        _eventUsers.Add(NumberOf(e.User, _userNumbers, _users));
        _eventItems.Add(NumberOf(item, _itemNumbers, _items));
        _eventTicks.Add(e.At.UtcTicks);
        _eventKinds.Add(e.Kind);
        Oldest = e.At < Oldest ? e.At : Oldest;
        Newest = e.At > Newest ? e.At : Newest;
    }

    /// <summary>The instant that about <paramref name="newestShare"/> of the events lie behind: exact up to 65,536
    /// events, beyond that from an even sample of so many.</summary>
    public DateTimeOffset Split(double newestShare)
    {
        const int SampleMax = 65_536;
        var sample = new long[Math.Min(Count, SampleMax)];
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] = _eventTicks[(int)((long)i * Count / sample.Length)];
        }

        Array.Sort(sample);
        var last = Math.Clamp((int)Math.Ceiling(sample.Length * (1 - newestShare)) - 1, 0, sample.Length - 1);
        return new(sample[last], TimeSpan.Zero);
    }

    /// <summary>The behaviour matrix of the events at or before <paramref name="until"/>.</summary>
    public BehaviourMatrix Matrix(BehaviourWeights weights, DateTimeOffset until) =>
        BehaviourMatrix.Build(this, weights, until);

    /// <summary>The distinct items that each user bought after <paramref name="after"/>, by the user's
    /// number.</summary>
    internal Dictionary<int, HashSet<int>> PurchasesAfter(DateTimeOffset after)
    {
        var bought = new Dictionary<int, HashSet<int>>();
        for (var e = 0; e < Count; e++)
        {
            if (_eventKinds[e] == EventKind.Purchase && _eventTicks[e] > after.UtcTicks)
            {
                if (!bought.TryGetValue(_eventUsers[e], out var items))
                {
                    bought.Add(_eventUsers[e], items = []);
                }

                items.Add(_eventItems[e]);
            }
        }

        return bought;
    }

    internal int UserOf(int e) => _eventUsers[e];

    internal int ItemOf(int e) => _eventItems[e];

    internal EventKind KindOf(int e) => _eventKinds[e];

    internal DateTimeOffset AtOf(int e) => new(_eventTicks[e], TimeSpan.Zero);

    private static int NumberOf<T>(T id, Dictionary<T, int> numbers, List<T> ids)
        where T : notnull
    {
        if (!numbers.TryGetValue(id, out var number))
        {
            numbers.Add(id, number = ids.Count);
            ids.Add(id);
        }

        return number;
    }
}
