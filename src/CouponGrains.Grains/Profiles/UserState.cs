using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Grains.Profiles;

/// <summary>The stored state of a user grain: a snapshot of the profile, which the event log can always
/// rebuild.</summary>
[GenerateSerializer, Alias("cg.user-state")]
internal sealed class UserState
{
    /// <summary>Nothing: what is stored is read once and then given back to the memory.</summary>
    public static UserState Blank { get; } = new();

    /// <summary>The snapshot, or null before the first.</summary>
    [Id(0)]
    public ProfileData? Profile { get; init; }
}

[GenerateSerializer, Alias("cg.profile-data")]
internal struct ProfileDataShape
{
    [Id(0)] public BehaviourWeights Weights;
    [Id(1)] public DateTimeOffset Reference;
    [Id(2)] public long LastSequence;
    [Id(3)] public Dictionary<ItemId, ItemHistory> Items;
    [Id(4)] public Dictionary<EventKind, Activity> Kinds;
    [Id(5)] public Dictionary<string, Activity> Categories;
    [Id(6)] public Dictionary<Currency, long> SpentMinor;
    [Id(7)] public TimeSpan Dwell;
    [Id(8)] public int Orders;
    [Id(9)] public ulong[] RecentOrders;
    [Id(10)] public UserEvent[] Recent;
}

[RegisterConverter]
internal sealed class ProfileDataConverter : IConverter<ProfileData, ProfileDataShape>
{
    public ProfileDataShape ConvertToSurrogate(in ProfileData value) => new()
    {
        Weights = value.Weights,
        Reference = value.Reference,
        LastSequence = value.LastSequence,
        Items = value.Items,
        Kinds = value.Kinds,
        Categories = value.Categories,
        SpentMinor = value.SpentMinor,
        Dwell = value.Dwell,
        Orders = value.Orders,
        RecentOrders = value.RecentOrders,
        Recent = value.Recent,
    };

    public ProfileData ConvertFromSurrogate(in ProfileDataShape shape) => new()
    {
        Weights = shape.Weights,
        Reference = shape.Reference,
        LastSequence = shape.LastSequence,
        Items = shape.Items,
        Kinds = shape.Kinds,
        Categories = shape.Categories,
        SpentMinor = shape.SpentMinor,
        Dwell = shape.Dwell,
        Orders = shape.Orders,
        RecentOrders = shape.RecentOrders,
        Recent = shape.Recent,
    };
}

[GenerateSerializer, Alias("cg.item-history")]
internal struct ItemHistoryShape
{
    [Id(0)] public double DecayedSum;
    [Id(1)] public int Events;
    [Id(2)] public DateTimeOffset LastAt;
}

[RegisterConverter]
internal sealed class ItemHistoryConverter : IConverter<ItemHistory, ItemHistoryShape>
{
    public ItemHistoryShape ConvertToSurrogate(in ItemHistory value) =>
        new() { DecayedSum = value.DecayedSum, Events = value.Events, LastAt = value.LastAt };

    public ItemHistory ConvertFromSurrogate(in ItemHistoryShape shape) => new(shape.DecayedSum, shape.Events, shape.LastAt);
}
