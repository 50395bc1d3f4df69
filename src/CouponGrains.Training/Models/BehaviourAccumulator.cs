using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models;

/// <summary>Gathers the behaviour matrix from a stream of events, in any order, holding no event: one decayed sum for
/// each pair of user and item on each side of a split in time, so that what lay before it can be trained on and
/// measured by what came after it. See <see cref="DecayedSums"/> and <see cref="PairSums"/> for what it costs. An id is
/// known from its first event on, whether or not the catalog or the shop's records know it.</summary>
/// <param name="weights">How events weigh. Those that weigh nothing or name no item are passed over.</param>
/// <param name="split">The last instant of the earlier part; <see cref="DateTimeOffset.MaxValue"/> for no
/// later part.</param>
public sealed class BehaviourAccumulator(BehaviourWeights weights, DateTimeOffset split)
{
    private const long LargeFrom = 1L << 28; // Bytes of sums.

    private readonly Numbering<UserId> _users = new();
    private readonly Numbering<ItemId> _items = new();
    private readonly DecayedSums _earlier = new(weights.HalfLife);
    private readonly DecayedSums _later = new(weights.HalfLife);
    private readonly PairSums _laterPurchases = new();
    private long _oldest = DateTimeOffset.MaxValue.UtcTicks;

    /// <summary>Events taken in.</summary>
    public long Events { get; private set; }

    /// <summary>Distinct users seen.</summary>
    public int Users => _users.Count;

    /// <summary>Distinct items seen.</summary>
    public int Items => _items.Count;

    /// <summary>The oldest event taken in; meaningless if there is none.</summary>
    public DateTimeOffset Oldest => new(_oldest, TimeSpan.Zero);

    /// <summary>The newest event taken in; meaningless if there is none.</summary>
    public DateTimeOffset Newest => new(Math.Max(0, Math.Max(_earlier.Newest, _later.Newest)), TimeSpan.Zero);

    /// <summary>Bytes held for sums and buffers, without the ids.</summary>
    internal long Bytes => _earlier.Pairs.Bytes + _later.Pairs.Bytes + _laterPurchases.Bytes;

    /// <summary>The last instant of the earlier part.</summary>
    public DateTimeOffset Split => split;

    /// <summary>The instant that about <paramref name="newestShare"/> of the events with a weight lie behind, by a
    /// sample of the log; <see cref="DateTimeOffset.MaxValue"/> if it has none.</summary>
    public static DateTimeOffset FindSplit(
        IEnumerable<UserEvent> sample, BehaviourWeights weights, double newestShare)
    {
        var instants = sample.Where(e => e.Item is not null && weights.Of(e.Kind) != 0).Select(e => e.At).Order()
            .ToArray();
        var last = Math.Clamp((int)Math.Ceiling(instants.Length * (1 - newestShare)), 1, Math.Max(1, instants.Length));
        return instants.Length == 0 ? DateTimeOffset.MaxValue : instants[last - 1];
    }

    /// <summary>Takes one event in.</summary>
    public void Add(UserEvent e)
    {
        var (weight, isLater) = (weights.Of(e.Kind), e.At > split);
        var isLaterPurchase = isLater && e.Kind == EventKind.Purchase;
        if (e.Item is not { } item || (weight == 0 && !isLaterPurchase))
        {
            return;
        }

        var pair = (User: _users.Of(e.User), Item: _items.Of(item));
        if (isLaterPurchase)
        {
            _laterPurchases.Add(pair.User, pair.Item, 1);
        }

        if (weight != 0)
        {
            (isLater ? _later : _earlier).Add(pair.User, pair.Item, weight, e.At.UtcTicks);
            _oldest = Math.Min(_oldest, e.At.UtcTicks);
            Events++;
        }
    }

    /// <summary>The matrix of the events at or before the split.</summary>
    public BehaviourMatrix EarlierMatrix(CancellationToken cancel) =>
        BehaviourMatrix.Build(_users, _items, _earlier, new(weights.HalfLife), cancel);

    /// <summary>The matrix of all events. Lets go of the sums, so that their memory is free for what is made of the
    /// matrix: this object is of use only for its counts afterwards.</summary>
    public BehaviourMatrix TakeMatrix(CancellationToken cancel)
    {
        var isLarge = Bytes >= LargeFrom;
        GiveBack(isLarge); // What was made of the earlier part.
        var matrix = BehaviourMatrix.Build(_users, _items, _earlier, _later, cancel);
        _earlier.Pairs.Clear();
        _later.Pairs.Clear();
        _laterPurchases.Clear();
        GiveBack(isLarge);
        return matrix;
    }

    /// <summary>How many different items a user bought after the split.</summary>
    internal int CountLaterPurchases(UserId user) => _laterPurchases.RowOf(_users.Find(user)).Length;

    /// <summary>The different items that a user bought after the split.</summary>
    internal ItemId[] LaterPurchases(UserId user)
    {
        var row = _laterPurchases.RowOf(_users.Find(user));
        var bought = new ItemId[row.Length];
        for (var i = 0; i < bought.Length; i++)
        {
            bought[i] = _items[row[i].Item];
        }

        return bought;
    }

    // The runtime looks for memory that fell free when about as much again was asked of it, and that is just what the
    // matrix and the solver's transpose ask for. A pause that small shops need not have.
    private static void GiveBack(bool isLarge)
    {
        if (isLarge)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
