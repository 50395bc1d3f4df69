using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Profiles;

/// <summary>A user's profile: the fold of his events in the order of the log. Applying the same events gives the same
/// profile, so a stored one is a snapshot that can be rebuilt. Every collection is bounded. Not thread-safe: it lives
/// in one grain's turn.</summary>
public sealed class UserProfile
{
    /// <summary>The most items kept; beyond it, the one with the smallest sum is dropped.</summary>
    public const int ItemsMax = 2_000;

    /// <summary>The most recent events kept, for sequence models and for the console.</summary>
    public const int RecentMax = 64;

    /// <summary>The most top categories kept; beyond it, the one longest without activity is dropped.</summary>
    public const int CategoriesMax = 256;

    /// <summary>The most currencies counted; money in a further one is not.</summary>
    public const int CurrenciesMax = 16;

    /// <summary>How many of the newest orders are remembered, so that their lines count as one order. A line that comes
    /// after as many other orders counts as a new one.</summary>
    public const int OrdersRemembered = 256;

    private static readonly Comparer<Currency> ByCode =
        Comparer<Currency>.Create((a, b) => string.CompareOrdinal(a.Code, b.Code));

    private readonly SortedMap<ItemId, ItemHistory> _items;
    private readonly SortedMap<EventKind, Activity> _kinds;
    private readonly SortedMap<string, Activity> _categories;
    private readonly SortedMap<Currency, long> _spentMinor;
    private readonly PackedEvents _recent;
    private ulong[] _recentOrders;

    /// <summary>An empty profile.</summary>
    public UserProfile(UserRecord record, BehaviourWeights weights, DateTimeOffset reference)
        : this(new ProfileData { Weights = weights, Reference = reference }, record)
    {
    }

    private UserProfile(ProfileData data, UserRecord record)
    {
        Record = record;
        Weights = data.Weights;
        Reference = data.Reference;
        LastSequence = data.LastSequence;
        Dwell = data.Dwell;
        Orders = data.Orders;
        _items = new(Comparer<ItemId>.Default, data.Items);
        _kinds = new(Comparer<EventKind>.Default, data.Kinds);
        _categories = new(StringComparer.Ordinal, data.Categories);
        _spentMinor = new(ByCode, data.SpentMinor);
        _recentOrders = [.. data.RecentOrders];
        _recent = new(record.Id, data.Recent);
    }

    /// <summary>What the shop told of the user.</summary>
    public UserRecord Record { get; set; }

    /// <summary>The weights that the sums are made with.</summary>
    public BehaviourWeights Weights { get; }

    /// <summary>T of the sums.</summary>
    public DateTimeOffset Reference { get; }

    /// <summary>The place in the log up to which events are in the profile.</summary>
    public long LastSequence { get; private set; }

    /// <summary>History by item.</summary>
    public IReadOnlyDictionary<ItemId, ItemHistory> Items => _items;

    /// <summary>The same, to go through without an allocation.</summary>
    internal ReadOnlySpan<KeyValuePair<ItemId, ItemHistory>> HeldItems => _items.Entries;

    /// <summary>Activity by kind of event.</summary>
    public IReadOnlyDictionary<EventKind, Activity> Kinds => _kinds;

    /// <summary>Activity by top category.</summary>
    public IReadOnlyDictionary<string, Activity> Categories => _categories;

    /// <summary>Money spent less money refunded, by currency, in minor units; stops at the ends of its range.</summary>
    public IReadOnlyDictionary<Currency, long> SpentMinor => _spentMinor;

    /// <summary>The most that was spent in one currency, in minor units; not negative.</summary>
    internal long MostSpentMinor
    {
        get
        {
            var most = 0L;
            foreach (var (_, minor) in _spentMinor.Entries)
            {
                most = Math.Max(most, minor);
            }

            return most;
        }
    }

    /// <summary>Time spent on items.</summary>
    public TimeSpan Dwell { get; private set; }

    /// <summary>Orders made: purchases that name the same order count once; those that name none, once for each
    /// instant.</summary>
    public int Orders { get; private set; }

    /// <summary>Orders made other than <paramref name="order"/>, whose purchases may have been told already.</summary>
    public int OrdersBeside(string order) =>
        Orders - (_recentOrders.Contains(StableHash.Of("order", order)) ? 1 : 0);

    /// <summary>The newest events by time of recording, oldest first. That an offer was shown in a list is not among
    /// them. They are kept packed and made anew by each look.</summary>
    public IReadOnlyList<UserEvent> Recent => _recent.Unpack(Record.Id);

    /// <summary>The profile that <paramref name="data"/> is the snapshot of.</summary>
    public static UserProfile FromData(ProfileData data, UserRecord record) => new(data, record);

    /// <summary>A snapshot, apart from <see cref="Record"/>; later events do not change it.</summary>
    public ProfileData ToData() => new()
    {
        Weights = Weights,
        Reference = Reference,
        LastSequence = LastSequence,
        Items = new(_items),
        Kinds = new(_kinds),
        Categories = new(_categories),
        SpentMinor = new(_spentMinor),
        Dwell = Dwell,
        Orders = Orders,
        RecentOrders = [.. _recentOrders],
        Recent = _recent.Unpack(Record.Id),
    };

    /// <summary>Takes one event in and tells what it changed in <see cref="Items"/>, so that a taste vector can follow.
    /// <paramref name="item"/> tells the categories, if the catalog knows the item. An event at or before
    /// <see cref="LastSequence"/> changes nothing.</summary>
    public ProfileChange Apply(RecordedEvent recorded, Item? item)
    {
        if (recorded.Sequence <= LastSequence)
        {
            return default;
        }

        LastSequence = recorded.Sequence;
        var e = recorded.Event;
        Count(_kinds, e.Kind, e.At);
        if (e.Kind != EventKind.Exposed)
        {
            _recent.Add(Record.Id, e, RecentMax);
        }

        if (e.Kind is not (EventKind.View or EventKind.Cart or EventKind.Purchase or EventKind.Refund))
        {
            return default;
        }

        Dwell += e.Dwell ?? TimeSpan.Zero;
        CountCategory(item, e.At);
        CountMoney(e);
        // The catalog's text of an id is there anyway; that of the event need not be kept.
        return e.Item is { } id
            ? Touch(item is not null && item.Id == id ? item.Id : id, Weights.Of(e.Kind) * Weights.Decay(e.At, Reference), e.At)
            : default;
    }

    /// <summary>The same profile with sums seen from another reference time (each is multiplied by one
    /// factor).</summary>
    public UserProfile Rebase(DateTimeOffset reference)
    {
        var factor = Weights.RebaseFactor(Reference, reference);
        var data = ToData();
        return new(data with
        {
            Reference = reference,
            Items = data.Items.ToDictionary(i => i.Key, i => i.Value with { DecayedSum = i.Value.DecayedSum * factor }),
        }, Record);
    }

    private ProfileChange Touch(ItemId id, double weight, DateTimeOffset at)
    {
        var before = _items.GetValueOrDefault(id);
        var after = new ItemHistory(before.DecayedSum + weight, before.Events + 1, Later(before.LastAt, at));
        _items[id] = after;
        var touched = new ItemChange(id, before.DecayedSum, after.DecayedSum);
        if (_items.Count <= ItemsMax)
        {
            return new(touched, null);
        }

        var smallest = _items.MinBy(i => (i.Value.DecayedSum, i.Value.LastAt, i.Key));
        _items.Remove(smallest.Key);
        return smallest.Key == id ? default : new(touched, new(smallest.Key, smallest.Value.DecayedSum, 0));
    }

    private void CountCategory(Item? item, DateTimeOffset at)
    {
        if (item is not { Categories: [var top, ..] })
        {
            return;
        }

        Count(_categories, top, at);
        if (_categories.Count > CategoriesMax)
        {
            var idlest = _categories.OrderBy(c => c.Value.LastAt).ThenBy(c => c.Key, StringComparer.Ordinal).First();
            _categories.Remove(idlest.Key);
        }
    }

    private void CountMoney(UserEvent e)
    {
        if (e.Kind == EventKind.Purchase)
        {
            var order = e.Order is { } name
                ? StableHash.Of("order", name)
                : StableHash.Of("instant", $"{e.At.UtcTicks}");
            if (!_recentOrders.Contains(order))
            {
                Orders++;
                _recentOrders = [.. _recentOrders.AsSpan(_recentOrders.Length < OrdersRemembered ? 0 : 1), order];
            }
        }

        if (e.Amount is { } amount && e.Kind is EventKind.Purchase or EventKind.Refund
            && (_spentMinor.Count < CurrenciesMax || _spentMinor.ContainsKey(amount.Currency)))
        {
            var sum = (Int128)_spentMinor.GetValueOrDefault(amount.Currency)
                + (e.Kind == EventKind.Purchase ? amount.Minor : -(Int128)amount.Minor);
            _spentMinor[amount.Currency] = (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
        }
    }

    private static void Count<TKey>(SortedMap<TKey, Activity> activities, TKey key, DateTimeOffset at)
        where TKey : notnull
    {
        var before = activities.GetValueOrDefault(key);
        activities[key] = new(before.Count + 1, Later(before.LastAt, at));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
