using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Simulation;

/// <summary>A cluster of items that are wanted together.</summary>
public sealed class MarketCategory
{
    /// <summary>Its number, 0, 1, 2, …</summary>
    public required int Number { get; init; }

    /// <summary>Its name in the catalog.</summary>
    public required string Name { get; init; }

    /// <summary>How much it is wanted by all, relative to the others.</summary>
    public required double Popularity { get; init; }

    /// <summary>Its typical price in minor units.</summary>
    public required double PriceMinor { get; init; }

    /// <summary>The margin of its items.</summary>
    public required int MarginBasisPoints { get; init; }

    /// <summary>How far the year's demand swings.</summary>
    public required double SeasonAmplitude { get; init; }

    /// <summary>When in the year.</summary>
    public required double SeasonPhase { get; init; }

    /// <summary>Its items.</summary>
    public required MarketItem[] Items { get; init; }

    /// <summary>The price of an item of this category, a multiple of 5 minor units.</summary>
    public long Price(MarketItem item) => Math.Max(1, (long)Math.Round(PriceMinor * item.RelativePrice / 5)) * 5;

    /// <summary>The item as the catalog describes it.</summary>
    public Item Describe(MarketItem item) => new()
    {
        Id = item.Id,
        Title = $"{Name} {item.Number}",
        Categories = [Name],
        Price = new(Price(item), Population.Currency),
        MarginBasisPoints = MarginBasisPoints,
    };
}

/// <summary>An item as it really is.</summary>
/// <param name="Number">Its number, 0, 1, 2, …</param>
/// <param name="Id">Its id.</param>
/// <param name="Popularity">How much it is wanted, relative to its category.</param>
/// <param name="RelativePrice">Its price relative to its category's.</param>
public sealed record MarketItem(int Number, ItemId Id, double Popularity, double RelativePrice);
