using CouponGrains.Domain.Catalog;
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

/// <summary>A user's profile: the fold of his events in the order of the log. Applying the same events gives the same
/// profile, so a stored one is a snapshot that can be rebuilt. Not thread-safe: it lives in one grain's turn.</summary>
public sealed class UserProfile
{
    /// <summary>The most items kept; beyond it, the one with the smallest sum is dropped.</summary>
    public const int ItemsMax = 2_000;

    /// <summary>The most recent events kept, for sequence models and for the console.</summary>
    public const int RecentMax = 64;

    /// <summary>An empty profile.</summary>
    public UserProfile(UserRecord record, BehaviourWeights weights, DateTimeOffset reference) => throw new NotImplementedException();

    /// <summary>What the shop told of the user.</summary>
    public UserRecord Record { get; set; }

    /// <summary>The weights that the sums are made with.</summary>
    public BehaviourWeights Weights { get; }

    /// <summary>T of the sums.</summary>
    public DateTimeOffset Reference { get; }

    /// <summary>The place in the log up to which events are in the profile.</summary>
    public long LastSequence { get; }

    /// <summary>History by item.</summary>
    public IReadOnlyDictionary<ItemId, ItemHistory> Items => throw new NotImplementedException();

    /// <summary>Activity by kind of event.</summary>
    public IReadOnlyDictionary<EventKind, Activity> Kinds => throw new NotImplementedException();

    /// <summary>Activity by top category.</summary>
    public IReadOnlyDictionary<string, Activity> Categories => throw new NotImplementedException();

    /// <summary>Money spent less money refunded, by currency, in minor units.</summary>
    public IReadOnlyDictionary<Currency, long> SpentMinor => throw new NotImplementedException();

    /// <summary>Time spent on items.</summary>
    public TimeSpan Dwell => throw new NotImplementedException();

    /// <summary>Orders made: purchases that name the same order count once; those that name none, once for each instant.</summary>
    public int Orders => throw new NotImplementedException();

    /// <summary>The newest events by time of recording, oldest first.</summary>
    public IReadOnlyList<UserEvent> Recent => throw new NotImplementedException();

    /// <summary>Takes one event in. <paramref name="item"/> tells the categories, if the catalog knows the item. An event
    /// at or before <see cref="LastSequence"/> changes nothing.</summary>
    public void Apply(RecordedEvent recorded, Item? item) => throw new NotImplementedException();

    /// <summary>The same profile with sums seen from another reference time (each is multiplied by one factor).</summary>
    public UserProfile Rebase(DateTimeOffset reference) => throw new NotImplementedException();
}
