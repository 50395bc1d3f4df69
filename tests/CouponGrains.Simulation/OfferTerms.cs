using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Simulation;

/// <summary>What an offer takes off one piece of each item, by the shop's own cart engine.</summary>
/// <param name="Categories">The categories with an item on which it gives something, ascending.</param>
/// <param name="DiscountMinor">By category and place of the item in it, in minor units; empty for the other
/// categories.</param>
internal sealed record OfferTerms(int[] Categories, long[][] DiscountMinor)
{
    public static OfferTerms Of(Offer offer, IReadOnlyList<MarketCategory> categories, CatalogIndex catalog)
    {
        var discounts = categories.Select(c => c.Items.Select(i => OnOne(offer, catalog.Get(i.Id), catalog)).ToArray())
            .Select(c => c.Any(d => d > 0) ? c : []).ToArray();
        return new([.. Enumerable.Range(0, discounts.Length).Where(c => discounts[c].Length > 0)], discounts);
    }

    private static long OnOne(Offer offer, Item item, CatalogIndex catalog)
    {
        var cart = new Cart { Currency = Population.Currency, Lines = [new(item.Id, 1, item.Price!.Value)] };
        return CartEngine.Apply(offer, cart, catalog.Get, Population.Currency, out var discount) == OfferObstacle.None
            ? discount!.Total.Minor
            : 0;
    }
}
