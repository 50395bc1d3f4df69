using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Profiles;

/// <summary>What is kept of a user's behaviour on one item.</summary>
/// <param name="DecayedSum">Σ w(kind)·2^{(t − T)/H} of <see cref="BehaviourWeights"/>, with T the profile's
/// <see cref="UserProfile.Reference"/>.</param>
/// <param name="Events">How many events.</param>
/// <param name="LastAt">The newest.</param>
public readonly record struct ItemHistory(double DecayedSum, int Events, DateTimeOffset LastAt);

/// <summary>Count and recency of one kind of event, or of one category.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastAt">The newest.</param>
public readonly record struct Activity(long Count, DateTimeOffset LastAt);

/// <summary>A step of one item's decayed sum.</summary>
/// <param name="Item">The item.</param>
/// <param name="Before">The sum before, 0 if the item was new.</param>
/// <param name="After">The sum after, 0 if the item was dropped.</param>
public readonly record struct ItemChange(ItemId Item, double Before, double After);

/// <summary>What one event changed in a profile's items.</summary>
/// <param name="Touched">The item of the event; null if it has none or changed nothing.</param>
/// <param name="Dropped">The item that had to go because the profile was full, or null.</param>
public readonly record struct ProfileChange(ItemChange? Touched, ItemChange? Dropped);

/// <summary>A profile as plain data, to be stored.</summary>
public sealed record ProfileData
{
    /// <summary>The weights that the sums are made with.</summary>
    public required BehaviourWeights Weights { get; init; }

    /// <summary>T of the sums.</summary>
    public required DateTimeOffset Reference { get; init; }

    /// <summary>The place in the log up to which events are in.</summary>
    public long LastSequence { get; init; }

    /// <summary>History by item.</summary>
    public Dictionary<ItemId, ItemHistory> Items { get; init; } = [];

    /// <summary>Activity by kind of event.</summary>
    public Dictionary<EventKind, Activity> Kinds { get; init; } = [];

    /// <summary>Activity by top category.</summary>
    public Dictionary<string, Activity> Categories { get; init; } = [];

    /// <summary>Net spend by currency, in minor units.</summary>
    public Dictionary<Currency, long> SpentMinor { get; init; } = [];

    /// <summary>Time spent on items.</summary>
    public TimeSpan Dwell { get; init; }

    /// <summary>Orders made.</summary>
    public int Orders { get; init; }

    /// <summary>Hashes of the newest orders, oldest first.</summary>
    public ulong[] RecentOrders { get; init; } = [];

    /// <summary>The newest events, oldest first.</summary>
    public UserEvent[] Recent { get; init; } = [];
}
