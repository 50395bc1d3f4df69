using System.Numerics.Tensors;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Models;

/// <summary>What items are like that are alike in the catalog: the mean of the trained rows of their deepest category
/// that has any, otherwise of their brand, weighted by closeness of price.</summary>
/// <remarks>The weight is a Gaussian kernel of the difference of the logarithms of the prices (Nadaraya 1964, Watson
/// 1964), of width ½: twice the price counts 0.38, four times the price 0.02, so a category's cheap and dear items are
/// told apart and its sizes and packs are not. Popularity gives no further weight: a row is the longer the more
/// behaviour it is made of, so popular items lead the mean as it is; more of it would make every new item a
/// best-seller. Only the <see cref="NearestMax"/> nearest prices are looked at, so an item costs the same in a category
/// of any size; and the item's own price is rounded to a twentieth of its logarithm, so that items of like price share
/// one mean, however many there are that nobody buys. Without a price on either side all of the category counts
/// alike.</remarks>
internal sealed class CategoryFactors(ModelSnapshot model, CatalogIndex catalog)
{
    /// <summary>How many rows a mean is made of at the most, where prices are known.</summary>
    internal const int NearestMax = 256;

    /// <summary>How many of them stand for the item among neighbours: those of the largest weights.</summary>
    internal const int LikesMax = 32;

    private const double Width = 0.5;
    private const double StepsOfLog = 20;

    private readonly Dictionary<string, Group?> _categories = [];
    private readonly Dictionary<string, Group?> _brands = [];

    /// <summary>The mean for an item, or null if nothing like it was trained.</summary>
    internal FactorMean? Of(Item item)
    {
        for (var level = item.Categories.Count - 1; level >= 0; level--)
        {
            var category = item.Categories[level];
            if (Find(_categories, category, () => catalog.InCategory(category)) is { } group)
            {
                return Of(group, item.Price);
            }
        }

        return item.Brand is { } brand && Find(_brands, brand, () => catalog.OfBrand(brand)) is { } alike
            ? Of(alike, item.Price)
            : null;
    }

    private Group? Find(Dictionary<string, Group?> groups, string name, Func<IReadOnlyList<Item>> items)
    {
        if (!groups.TryGetValue(name, out var group))
        {
            groups.Add(name, group = Group.Of(items(), model.Factors));
        }

        return group;
    }

    private FactorMean Of(Group group, Money? price)
    {
        if (price is not { Minor: > 0 } known || !group.Priced.TryGetValue(known.Currency, out var priced))
        {
            return group.Mean ??= Of(group.Rows.Select(row => (row, 1.0)));
        }

        var step = (int)Math.Round(Math.Log(known.Minor) * StepsOfLog);
        if (!group.Means.TryGetValue((known.Currency, step), out var mean))
        {
            group.Means.Add((known.Currency, step), mean = Of(priced, step / StepsOfLog));
        }

        return mean;
    }

    private FactorMean Of((double Log, int Row)[] priced, double place)
    {
        var first = Nearest(priced, place);
        return Of(priced.Skip(first).Take(NearestMax).Select(p =>
            (p.Row, Math.Exp(Math.Max(-700, -0.5 * Math.Pow((p.Log - place) / Width, 2))))));
    }

    private FactorMean Of(IEnumerable<(int Row, double Weight)> rows)
    {
        var weighted = rows.ToArray();
        var likes = weighted.OrderByDescending(r => r.Weight).ThenBy(r => r.Row).Take(LikesMax).ToArray();
        var sum = likes.Sum(l => l.Weight);
        return FactorMean.Of(model, weighted) with
        {
            Likes = Array.ConvertAll(likes, l => new LikeRow(l.Row, (float)(l.Weight / sum))),
        };
    }

    /// <summary>Where the run of the nearest prices begins.</summary>
    private static int Nearest((double Log, int Row)[] priced, double place)
    {
        var (low, high) = (0, Math.Max(0, priced.Length - NearestMax));
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (place - priced[middle].Log > priced[middle + NearestMax].Log - place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The trained items of a category or brand.</summary>
    private sealed class Group
    {
        internal required int[] Rows { get; init; }

        internal required Dictionary<Currency, (double Log, int Row)[]> Priced { get; init; }

        internal FactorMean? Mean { get; set; }

        internal Dictionary<(Currency Currency, int Step), FactorMean> Means { get; } = [];

        internal static Group? Of(IReadOnlyList<Item> items, ItemFactors factors)
        {
            var trained = items.Select(i => (Item: i, Row: factors.RowOf(i.Id))).Where(i => i.Row >= 0).ToList();
            return trained.Count == 0 ? null : new()
            {
                Rows = [.. trained.Select(i => i.Row)],
                Priced = trained.Where(i => i.Item.Price is { Minor: > 0 })
                    .GroupBy(i => i.Item.Price!.Value.Currency)
                    .ToDictionary(g => g.Key, g => g.Select(i => (Math.Log(i.Item.Price!.Value.Minor), i.Row)).Order().ToArray()),
            };
        }
    }
}

/// <summary>A weighted mean of rows.</summary>
/// <param name="Row">The mean of F, shape (k).</param>
/// <param name="HistoryWeight">The mean of in.</param>
/// <param name="TargetWeight">The mean of out.</param>
/// <param name="Length">The root of the mean of ‖F_i‖²: how long such a row is.</param>
internal sealed record FactorMean(float[] Row, float HistoryWeight, float TargetWeight, double Length)
{
    /// <summary>The rows that stand for it among neighbours; none unless given.</summary>
    internal IReadOnlyList<LikeRow> Likes { get; init; } = [];

    /// <summary>What the row is shorter than it is to be expected, see <see cref="ItemFactors.Spread"/>.</summary>
    internal float Spread =>
        (float)Math.Sqrt(Math.Max(0, (Length * Length) - TensorPrimitives.SumOfSquares<float>(Row)));

    /// <summary>The mean of the rows of a model with these weights, which are above 0.</summary>
    internal static FactorMean Of(ModelSnapshot model, IEnumerable<(int Row, double Weight)> rows)
    {
        var mean = new float[model.Factors.Rank];
        var (weights, history, target, squares) = (0.0, 0.0, 0.0, 0.0);
        foreach (var (row, weight) in rows)
        {
            var factors = model.Factors.Row(row);
            weights += weight;
            // A running mean: the weights of prices far off would be lost as floats.
            var share = weight / weights;
            TensorPrimitives.Lerp(mean, factors, (float)share, mean);
            history += share * (model.HistoryWeights[row] - history);
            target += share * (model.TargetWeights[row] - target);
            squares += share * (TensorPrimitives.SumOfSquares(factors) - squares);
        }

        return new(mean, (float)history, (float)target, Math.Sqrt(squares));
    }
}
