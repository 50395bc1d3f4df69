using System.Collections.Concurrent;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Catalog;

/// <summary>A picture of the whole catalog at one moment, immutable, for work that looks at all items: the coupon
/// vectors of the replica, the decoder, the trainer.</summary>
public sealed class CatalogIndex
{
    private const int ListedMax = 64;

    private readonly ConcurrentDictionary<string, ScopePrices> _prices = new(StringComparer.Ordinal);
    private readonly Item[] _items;
    private readonly Dictionary<ItemId, Item> _byId;
    private readonly Dictionary<string, List<Item>> _byCategory = [];
    private readonly Dictionary<string, List<Item>> _byBrand = [];

    /// <summary>Indexes <paramref name="items"/>. Of items with the same id the last one counts.</summary>
    public CatalogIndex(IEnumerable<Item> items)
    {
        _byId = [];
        foreach (var item in items)
        {
            _byId[item.Id] = item;
        }

        _items = [.. _byId.Values.OrderBy(i => i.Id)];
        foreach (var item in _items)
        {
            foreach (var category in item.Categories.Distinct())
            {
                Add(_byCategory, category, item);
            }

            if (item.Brand is { } brand)
            {
                Add(_byBrand, brand, item);
            }
        }

        TopCategories = [.. _items.Where(i => i.Categories.Count > 0).Select(i => i.Categories[0]).Distinct()
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>No items.</summary>
    public static CatalogIndex Empty { get; } = new([]);

    /// <summary>How many items.</summary>
    public int Count => _items.Length;

    /// <summary>All items in the order of their ids.</summary>
    public IReadOnlyList<Item> Items => _items;

    /// <summary>The widest categories, in ordinal order.</summary>
    public IReadOnlyList<string> TopCategories { get; }

    /// <summary>The item, or <see cref="Item.FirstSeen"/>.</summary>
    public Item Get(ItemId id) => _byId.GetValueOrDefault(id) ?? Item.FirstSeen(id);

    /// <summary>True if the catalog has the item.</summary>
    public bool Contains(ItemId id) => _byId.ContainsKey(id);

    /// <summary>The items that have a category, of any level, in the order of their ids.</summary>
    public IReadOnlyList<Item> InCategory(string category) =>
        _byCategory.TryGetValue(category, out var items) ? items : [];

    /// <summary>The items of a brand, in the order of their ids.</summary>
    public IReadOnlyList<Item> OfBrand(string brand) => _byBrand.TryGetValue(brand, out var items) ? items : [];

    /// <summary>The items in a scope, in the order of their ids: those that <see cref="CartEngine.InScope"/>
    /// names.</summary>
    public IEnumerable<Item> InScope(OfferScope scope)
    {
        if (scope.IsWholeCart)
        {
            return scope.Excluded.Count == 0 ? _items : _items.Where(i => CartEngine.InScope(scope, i));
        }

        var found = new Dictionary<ItemId, Item>();
        var named = scope.Items.Where(_byId.ContainsKey).Select(id => _byId[id]);
        var inCategories = scope.Categories.SelectMany(InCategory);
        var ofBrands = scope.Brands.SelectMany(OfBrand);
        foreach (var item in named.Concat(inCategories).Concat(ofBrands))
        {
            found[item.Id] = item;
        }

        foreach (var excluded in scope.Excluded)
        {
            found.Remove(excluded);
        }

        return found.Values.OrderBy(i => i.Id);
    }

    /// <summary>What the items of a scope cost and earn. Looked up once for scopes that list no more than
    /// <see cref="ListedMax"/> things, for many offers have the same one.</summary>
    public ScopePrices PricesOf(OfferScope scope) =>
        scope.Items.Count + scope.Categories.Count + scope.Brands.Count + scope.Excluded.Count > ListedMax
            ? ScopePrices.Of(InScope(scope))
            : _prices.GetOrAdd(
                KeyOf(scope), static (_, of) => ScopePrices.Of(of.Catalog.InScope(of.Scope)),
                (Catalog: this, Scope: scope));

    private static string KeyOf(OfferScope scope) => string.Join('\u001e',
        string.Join('\u001f', scope.Items), string.Join('\u001f', scope.Categories),
        string.Join('\u001f', scope.Brands), string.Join('\u001f', scope.Excluded));

    private static void Add(Dictionary<string, List<Item>> index, string key, Item item)
    {
        if (!index.TryGetValue(key, out var items))
        {
            index[key] = items = [];
        }

        items.Add(item);
    }
}
