using CouponGrains.Domain;

namespace CouponGrains.Storage.Import.Maps;

/// <summary>The maps by the names that <c>--map</c> takes.</summary>
public static class BuiltInMaps
{
    /// <summary>Maps for events.</summary>
    public static IReadOnlyDictionary<string, EventMap> Events { get; } = new Dictionary<string, EventMap>
    {
        ["complete-journey"] = CompleteJourneyMaps.Purchases,
        ["complete-journey-redemptions"] = CompleteJourneyMaps.Redemptions,
        ["online-retail"] = OnlineRetail.Events,
        ["ncf"] = NcfMovieLens.Events,
        ["lightgcn"] = LightGcn.Events,
    };

    /// <summary>Maps for items.</summary>
    public static IReadOnlyDictionary<string, ItemMap> Items { get; } = new Dictionary<string, ItemMap>
    {
        ["complete-journey"] = CompleteJourneyMaps.Products,
        ["online-retail"] = OnlineRetail.Items,
    };

    /// <summary>Maps for users.</summary>
    public static IReadOnlyDictionary<string, UserMap> Users { get; } = new Dictionary<string, UserMap>
    {
        ["complete-journey"] = CompleteJourneyMaps.Demographics,
        ["online-retail"] = OnlineRetail.Users,
    };

    /// <summary>The map of a name. Throws <see cref="RefusedException"/> if there is none.</summary>
    public static T Get<T>(IReadOnlyDictionary<string, T> maps, string name) => maps.TryGetValue(name, out var map)
        ? map
        : throw new RefusedException(RefusalCodes.InvalidValue, $"There is no map '{name}'; there are {string.Join(", ", maps.Keys)}.");
}
