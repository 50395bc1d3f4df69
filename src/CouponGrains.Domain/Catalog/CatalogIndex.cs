namespace CouponGrains.Domain.Catalog;

/// <summary>A picture of the whole catalog at one moment, immutable, for work that looks at all items: the coupon vectors of
/// the replica, the decoder, the trainer.</summary>
public sealed class CatalogIndex
{
    /// <summary>Indexes <paramref name="items"/>.</summary>
    public CatalogIndex(IEnumerable<Item> items) => throw new NotImplementedException();

    /// <summary>No items.</summary>
    public static CatalogIndex Empty { get; } = new([]);

    /// <summary>How many items.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>All items in the order of their ids.</summary>
    public IReadOnlyList<Item> Items => throw new NotImplementedException();

    /// <summary>The widest categories, in ordinal order.</summary>
    public IReadOnlyList<string> TopCategories => throw new NotImplementedException();

    /// <summary>The item, or <see cref="Item.FirstSeen"/>.</summary>
    public Item Get(ItemId id) => throw new NotImplementedException();

    /// <summary>The items that have a category, of any level.</summary>
    public IReadOnlyList<Item> InCategory(string category) => throw new NotImplementedException();

    /// <summary>The items in a scope.</summary>
    public IEnumerable<Item> InScope(Offers.OfferScope scope) => throw new NotImplementedException();
}
