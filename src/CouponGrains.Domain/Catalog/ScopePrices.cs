using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Catalog;

/// <summary>What the items of a scope cost and earn.</summary>
/// <param name="Items">How many items.</param>
/// <param name="MedianMinor">The median price of those that have one, in minor units; 0 if none has.</param>
/// <param name="KnownBasisPoints">The sum of the margins that are known.</param>
/// <param name="UnknownMargins">How many items have no known margin.</param>
public sealed record ScopePrices(int Items, long MedianMinor, long KnownBasisPoints, int UnknownMargins)
{
    /// <summary>The prices and margins of some items.</summary>
    public static ScopePrices Of(IEnumerable<Item> items)
    {
        var (count, known, unknown) = (0, 0L, 0);
        var prices = new List<long>();
        foreach (var item in items)
        {
            count++;
            known += item.MarginBasisPoints ?? 0;
            unknown += item.MarginBasisPoints is null ? 1 : 0;
            if (item.Price is { } price)
            {
                prices.Add(price.Minor);
            }
        }

        prices.Sort();
        return new(count, prices.Count == 0 ? 0 : prices[prices.Count / 2], known, unknown);
    }

    /// <summary>The mean margin, where unknown ones, and that of no item at all, are as the guardrails
    /// assume.</summary>
    public double MarginBasisPoints(Guardrails guardrails) => Items == 0
        ? guardrails.AssumedMarginBasisPoints
        : (KnownBasisPoints + ((double)UnknownMargins * guardrails.AssumedMarginBasisPoints)) / Items;
}
