namespace CouponGrains.Domain.Models.Response;

/// <summary>What an offer's scope is made of, of the items that the model knows.</summary>
/// <param name="Items">How many items.</param>
/// <param name="Brands">How many brands.</param>
/// <param name="Categories">How many narrowest categories.</param>
/// <param name="Share">Its share of all popularity, 0 to 1.</param>
/// <param name="ValueShare">Its share of all popularity times price, 0 to 1.</param>
/// <param name="MeanRelativePrice">The mean price of its items over the median of the catalog; 1 where none is
/// known.</param>
/// <param name="MeanPriceMinor">The same in minor units; 0 where none is known.</param>
public readonly record struct ScopeFacts(
    int Items, int Brands, int Categories, double Share, double ValueShare, double MeanRelativePrice, double MeanPriceMinor);
