using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>Why an offer gives nothing on a cart, in the order of the checks.</summary>
public enum OfferObstacle
{
    /// <summary>It gives something.</summary>
    None = 0,

    /// <summary>The cart is in another currency.</summary>
    CurrencyMismatch = 1,

    /// <summary>Nothing in the cart is covered.</summary>
    NothingInScope = 2,

    /// <summary>Too little of what is covered.</summary>
    BelowMinimumSpend = 3,
}

/// <summary>Computes discounts: pure, exact, in minor units.</summary>
public static class CartEngine
{
    /// <summary>What is wrong with a cart as such, or null.</summary>
    public static Refusal? Check(Cart cart) => throw new NotImplementedException();

    /// <summary>True if the offer covers the item.</summary>
    public static bool InScope(OfferScope scope, Item item) =>
        !scope.Excluded.Contains(item.Id)
        && (scope.IsWholeCart
            || scope.Items.Contains(item.Id)
            || item.Categories.Any(c => scope.Categories.Contains(c))
            || (item.Brand is { } brand && scope.Brands.Contains(brand)));

    /// <summary>What <paramref name="offer"/> takes off <paramref name="cart"/>: never more than the covered lines are
    /// worth, nor than its cap. Parts are apportioned by largest remainder, ties to the earlier line.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="cart">A cart that <see cref="Check"/> accepts.</param>
    /// <param name="item">Looks an item up; unknown items answer <see cref="Item.FirstSeen"/>.</param>
    /// <param name="currency">The campaign's currency.</param>
    /// <param name="discount">The discount, where the answer is <see cref="OfferObstacle.None"/>.</param>
    public static OfferObstacle Apply(Offer offer, Cart cart, Func<ItemId, Item> item, Currency currency, out Discount? discount) =>
        throw new NotImplementedException();
}
