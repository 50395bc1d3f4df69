using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Models.Response;

/// <summary>The offers of an index by what they cover: for each item, and for each group of items, the offers that are
/// on it with the share of it that they cover. Immutable.</summary>
/// <remarks>The groups of an item, from the narrowest: its brand within its narrowest category, its narrowest category,
/// the one above, its top category. The share of a group that an offer covers is by popularity times price.</remarks>
internal sealed class ScopeLists
{
    /// <summary>Groups of an item.</summary>
    public const int Levels = 4;

    /// <summary>The most groups of an offer that keeps them itself.</summary>
    public const int FewGroups = 64;

    // An item that nobody has touched still counts for something in its group.
    private const double Untouched = 1e-4;

    private readonly double[] _values;
    private readonly double[] _weights;

    public ScopeLists(OfferIndex index)
    {
        var factors = index.Model!.Factors;
        var items = factors.Items;
        var median = MedianPrice(index.Catalog);
        var names = new Dictionary<(int, string), int>();
        (Prices, GroupsOf) = (new float[items.Count], new int[items.Count * Levels]);
        (_weights, _values) = (new double[items.Count], new double[items.Count]);
        for (var row = 0; row < items.Count; row++)
        {
            var item = index.Catalog.Get(items[row]);
            Prices[row] = item.Price is { Minor: > 0 } price && median > 0
                ? (float)Math.Clamp(price.Minor / median, 0.01, 100) : 1;
            _weights[row] = Untouched + (row < index.Model.Popularity.Length ? index.Model.Popularity[row] : 0);
            _values[row] = _weights[row] * Prices[row];
            Group(item, names, GroupsOf.AsSpan(row * Levels, Levels));
        }

        Groups = names.Count;
        List<(int, int, float)> ofItems = [], ofGroups = [], ofOffers = [];
        Facts = new ScopeFacts[index.Offers.Count];
        var (all, allValue, totals) = (_weights.Sum(), _values.Sum(), Totals());
        for (var offer = 0; offer < Facts.Length; offer++)
        {
            var rows = CouponVector.Of(index.Offers[offer], index.Catalog, factors).Rows;
            Facts[offer] = FactsOf(rows, index, all, allValue, median);
            ofItems.AddRange(rows.Select(row => (row, offer, 1f)));
            var groups = rows
                .SelectMany(row => Enumerable.Range(0, Levels).Select(l => (Group: GroupsOf[(row * Levels) + l], Row: row)))
                .Where(g => g.Group >= 0).GroupBy(g => g.Group, g => _values[g.Row])
                .Select(g => (Group: g.Key, Share: (float)(g.Sum() / totals[g.Key]))).ToList();
            if (groups.Count <= FewGroups)
            {
                ofOffers.AddRange(groups.Select(g => (offer, g.Group, g.Share)));
            }
            else
            {
                ofGroups.AddRange(groups.Select(g => (g.Group, offer, g.Share)));
            }
        }

        ItemOffers = WeightedLists.Of(ofItems, items.Count);
        OfferGroups = WeightedLists.Of(ofOffers, Facts.Length);
        GroupOffers = WeightedLists.Of(ofGroups, Groups);
        LevelOfGroup = new int[Groups];
        foreach (var ((level, _), group) in names)
        {
            LevelOfGroup[group] = level;
        }
    }

    /// <summary>The price of each item row over the catalog's median; 1 where it is not known.</summary>
    public float[] Prices { get; }

    /// <summary>The groups of each item row, −1 for none, shape (items, <see cref="Levels"/>).</summary>
    public int[] GroupsOf { get; }

    /// <summary>How many groups.</summary>
    public int Groups { get; }

    /// <summary>The level of each group, 0 the narrowest.</summary>
    public int[] LevelOfGroup { get; }

    /// <summary>What each offer's scope is made of.</summary>
    public ScopeFacts[] Facts { get; }

    /// <summary>The offers on each item row.</summary>
    public WeightedLists ItemOffers { get; }

    /// <summary>The groups of each offer on at most <see cref="FewGroups"/>, with its shares of them; none of the
    /// others.</summary>
    public WeightedLists OfferGroups { get; }

    /// <summary>The other offers on each group, with their shares.</summary>
    public WeightedLists GroupOffers { get; }

    private static double MedianPrice(CatalogIndex catalog)
    {
        var prices = catalog.Items.Where(i => i.Price is { Minor: > 0 }).Select(i => i.Price!.Value.Minor).Order().ToArray();
        return prices.Length > 0 ? prices[prices.Length / 2] : 0;
    }

    private static void Group(Item item, Dictionary<(int, string), int> names, Span<int> groups)
    {
        groups.Fill(-1);
        if (item.Categories is not [.., var narrowest])
        {
            return;
        }

        var path = string.Join('\n', item.Categories);
        groups[0] = Number(names, 0, $"{item.Brand}\n{path}");
        groups[1] = Number(names, 1, path);
        groups[2] = Number(names, 2, item.Categories.Count > 1 ? string.Join('\n', item.Categories.SkipLast(1)) : narrowest);
        groups[3] = Number(names, 3, item.Categories[0]);
    }

    private static int Number(Dictionary<(int, string), int> names, int level, string name) =>
        names.TryGetValue((level, name), out var number) ? number : names[(level, name)] = names.Count;

    private double[] Totals()
    {
        var totals = new double[Groups];
        for (var place = 0; place < GroupsOf.Length; place++)
        {
            if (GroupsOf[place] >= 0)
            {
                totals[GroupsOf[place]] += _values[place / Levels];
            }
        }

        return totals;
    }

    private ScopeFacts FactsOf(IReadOnlyList<int> rows, OfferIndex index, double all, double allValue, double median)
    {
        var items = index.Model!.Factors.Items;
        var (weight, value) = (rows.Sum(r => _weights[r]), rows.Sum(r => _values[r]));
        var mean = weight > 0 ? value / weight : 1;
        return new(
            rows.Count, rows.Select(r => index.Catalog.Get(items[r]).Brand).Distinct().Count(),
            rows.Select(r => GroupsOf[(r * Levels) + 1]).Distinct().Count(),
            weight / all, value / allValue, mean, mean * median);
    }
}

/// <summary>Lists of numbers with a weight each, one list for each key.</summary>
/// <param name="Starts">Where each list begins, and the end of the last, shape (keys + 1).</param>
/// <param name="Values">The numbers.</param>
/// <param name="Weights">Their weights.</param>
internal sealed record WeightedLists(int[] Starts, int[] Values, float[] Weights)
{
    public static WeightedLists Of(List<(int Key, int Value, float Weight)> entries, int keys)
    {
        var starts = new int[keys + 1];
        foreach (var (key, _, _) in entries)
        {
            starts[key + 1]++;
        }

        for (var key = 0; key < keys; key++)
        {
            starts[key + 1] += starts[key];
        }

        var (next, values, weights) = (starts[..^1], new int[entries.Count], new float[entries.Count]);
        foreach (var (key, value, weight) in entries)
        {
            (values[next[key]], weights[next[key]]) = (value, weight);
            next[key]++;
        }

        return new(starts, values, weights);
    }
}
