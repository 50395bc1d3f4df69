using System.Numerics.Tensors;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Training.Offers;

/// <summary>Scopes as unit vectors in factor space, and back: the low-rank way from a generated scope to the items,
/// through the categories whose own vectors lie nearest.</summary>
internal sealed class ScopeFactors
{
    private readonly CatalogIndex _catalog;
    private readonly ItemFactors _factors;
    private readonly float[][] _categories;
    private readonly float[] _wholeCart;

    public ScopeFactors(CatalogIndex catalog, ItemFactors factors)
    {
        _catalog = catalog;
        _factors = factors;
        _categories = [.. catalog.TopCategories.Select(category => Of(catalog.InCategory(category)))];
        _wholeCart = Of(catalog.Items);
    }

    /// <summary>k.</summary>
    public int Rank => _factors.Rank;

    /// <summary>The vector of each top category, in their order; zeros if the model knows none of its items.</summary>
    public IReadOnlyList<float[]> Categories => _categories;

    /// <summary>What scopes lie near to: the categories, and the whole cart as the last.</summary>
    public float[][] Prototypes => [.. _categories, _wholeCart];

    /// <summary>The vector of a scope; zeros if the model knows none of its items.</summary>
    public float[] Of(OfferScope scope) => Of(_catalog.InScope(scope));

    /// <summary>The nearest prototype, by its place, and the cosine with it.</summary>
    public (int Prototype, double Focus) Nearest(ReadOnlySpan<float> scope)
    {
        var (best, cosine) = (0, float.NegativeInfinity);
        for (var i = 0; i <= _categories.Length; i++)
        {
            var product = TensorPrimitives.Dot(scope, i < _categories.Length ? _categories[i] : _wholeCart);
            (best, cosine) = product > cosine ? (i, product) : (best, cosine);
        }

        return (best, cosine);
    }

    /// <summary>A score for each top category: the cosine of its vector with <paramref name="scope"/>, stretched so
    /// that the best has 1 and the mean of all has 0. Where the whole cart lies nearer than the best category, the
    /// scores stay below ½, which is how <see cref="OfferDesign"/> asks for it.</summary>
    public float[] Scores(ReadOnlySpan<float> scope)
    {
        if (_categories.Length == 0)
        {
            return [];
        }

        var scores = new float[_categories.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = TensorPrimitives.Dot(scope, _categories[i]);
        }

        var (best, mean) = (TensorPrimitives.Max(scores), TensorPrimitives.Average<float>(scores));
        var top = TensorPrimitives.Dot<float>(scope, _wholeCart) > best ? 0.49f : 1f;
        var stretch = best > mean ? top / (best - mean) : top;
        return Array.ConvertAll(scores, score => (score - mean) * stretch);
    }

    private float[] Of(IEnumerable<Item> items)
    {
        var sum = new float[Rank];
        foreach (var item in items)
        {
            if (_factors.RowOf(item.Id) is var row and >= 0)
            {
                TensorPrimitives.Add(sum, _factors.Row(row), sum);
            }
        }

        return DesignCode.Unit(sum);
    }
}
