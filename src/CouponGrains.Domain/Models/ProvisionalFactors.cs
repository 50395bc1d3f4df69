using System.Numerics.Tensors;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Models;

/// <summary>Factors for the items that came after a training run, until the next: what the catalog tells of an item, and
/// with time what the users tell who touched it. Pure; one for a model and a catalog.</summary>
/// <remarks>
/// <para>From the catalog: <see cref="CategoryFactors"/>, p.</para>
/// <para>From the users: as a user is folded in from items, an item is folded in from users. The regression of its column of
/// R on the tastes has, the columns of the tastes being orthogonal as those of a spectral model are, the solution
/// <c>x_k = s_k/g_k · Σ_u r_ui u_uk</c> with <c>g_k = Σ_u u_uk²</c> over the users trained on and
/// <c>s_k = Σ_j (in_j F_jk)²</c>. s makes the scale that of the trained rows <c>in_j F_j</c>: with
/// <c>Σ_j (Σ_u r_uj u_u)(in_j F_j)ᵀ = Σ_u u_u u_uᵀ</c> it is the least-squares answer. For plain SVD s = 1 and g = σ², so
/// <c>x = Σ⁻² Σ_u r_ui (UΣ)_u</c>, which for an item trained on is its row of V.</para>
/// <para>A column that has only begun to fill gives a short row. That little was bought so far tells that the item is new,
/// not that it is disliked: x is made at least as long as the rows like it are, and at most as long as the longest.</para>
/// <para>Both together: <c>F = Z x + (1 − Z) p</c>, <c>Z = m/(m + m₀)</c> with m the item's Σ_u r_ui, the credibility of
/// Bühlmann (1967). m₀ is the evidence that weighs as much as the catalog: <see cref="PriorMass"/>, that of five
/// buyers.</para>
/// </remarks>
public sealed class ProvisionalFactors
{
    /// <summary>m₀: five users with one purchase each, just now.</summary>
    public const double PriorMass = 5 * 0.6931471805599453;

    /// <summary>The most items that get a row: those that users told of first, then in the order of ids.</summary>
    public const int ItemsMax = 50_000;

    private readonly ModelSnapshot _model;
    private readonly (ItemId Item, FactorMean? Prior)[] _news;
    private readonly CategoryFactors _categories;
    private readonly CatalogIndex _catalog;
    private readonly FactorMean _all;
    private readonly double _longest;
    private readonly float[] _scale;

    /// <summary>Looks at the catalog for items without a row.</summary>
    /// <param name="model">A model as it was trained.</param>
    /// <param name="catalog">The catalog.</param>
    public ProvisionalFactors(ModelSnapshot model, CatalogIndex catalog)
    {
        (_model, _catalog) = (model, catalog);
        _categories = new(model, catalog);
        var rows = Enumerable.Range(0, model.Factors.Items.Count);
        _all = FactorMean.Of(model, rows.Select(row => (row, 1.0)));
        _longest = rows.Select(row => (double)TensorPrimitives.Norm(model.Factors.Row(row))).DefaultIfEmpty().Max();
        _scale = Scale(model);
        _news = [.. catalog.Items.Where(i => model.Factors.RowOf(i.Id) < 0).Take(ItemsMax)
            .Select(i => (i.Id, _categories.Of(i)))];
    }

    /// <summary>The model with a provisional row for every item of which the catalog or the users tell anything.</summary>
    /// <param name="evidence">What the users tell; under other models it is passed over.</param>
    /// <param name="generation">The number of this state of the rows, see <see cref="ModelSnapshot.Generation"/>.</param>
    public ModelSnapshot Extend(IEnumerable<ItemEvidence> evidence, int generation)
    {
        var told = evidence.Where(e => IsUseful(e)).OrderBy(e => e.Item).Take(ItemsMax).ToDictionary(e => e.Item);
        var priors = told.Keys.ToDictionary(item => item, item => _categories.Of(_catalog.Get(item)));
        var rows = told.Select(t => (Item: t.Key, Mean: Blend(priors[t.Key], t.Value)))
            .Concat(_news.Where(n => n.Prior is not null && !told.ContainsKey(n.Item)).Select(n => (n.Item, Mean: n.Prior!)))
            .Take(ItemsMax).ToList();
        var values = new float[rows.Count * _model.Factors.Rank];
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].Mean.Row.CopyTo(values, row * _model.Factors.Rank);
        }

        return _model with
        {
            Generation = generation,
            Factors = _model.Factors.WithProvisional(rows.ConvertAll(r => r.Item), values),
            HistoryWeights = [.. _model.HistoryWeights, .. rows.Select(r => r.Mean.HistoryWeight)],
            TargetWeights = [.. _model.TargetWeights, .. rows.Select(r => r.Mean.TargetWeight)],
            Popularity = [.. _model.Popularity, .. new float[rows.Count]],
        };
    }

    /// <summary>The row that the users alone tell, at the scale of the trained rows, shape (k).</summary>
    public float[] Regress(ItemEvidence evidence) => Regress(evidence, _all.HistoryWeight);

    private float[] Regress(ItemEvidence evidence, float historyWeight)
    {
        float[] row = [.. evidence.Tastes];
        TensorPrimitives.Multiply(row, _scale, row);
        if (historyWeight > 0)
        {
            TensorPrimitives.Divide(row, historyWeight, row);
        }

        return row;
    }

    private bool IsUseful(ItemEvidence evidence) => evidence.Model == _model.Version && evidence.Mass > 0
        && evidence.Tastes.Count == _model.Factors.Rank && _model.Factors.RowOf(evidence.Item) < 0;

    private FactorMean Blend(FactorMean? prior, ItemEvidence evidence)
    {
        var like = prior ?? _all;
        var row = Regress(evidence, like.HistoryWeight);
        var length = (double)TensorPrimitives.Norm<float>(row);
        var wanted = Math.Clamp(length, like.Length, Math.Max(like.Length, _longest));
        var credible = evidence.Mass / (evidence.Mass + PriorMass);
        TensorPrimitives.Multiply(row, length > 0 ? (float)(credible * wanted / length) : 0, row);
        if (prior is not null)
        {
            TensorPrimitives.MultiplyAdd(prior.Row, (float)(1 - credible), row, row);
        }

        return like with { Row = row };
    }

    /// <summary>s/g, shape (k).</summary>
    private static float[] Scale(ModelSnapshot model)
    {
        var (rank, users) = (model.Factors.Rank, model.Users);
        var (s, g) = (new double[rank], new double[rank]);
        for (var row = 0; row < model.Factors.Items.Count; row++)
        {
            Add(s, model.Factors.Row(row), model.HistoryWeights[row]);
        }

        for (var user = 0; user < users?.Users.Count; user++)
        {
            Add(g, users.Values.AsSpan(user * rank, rank), 1);
        }

        return [.. s.Select((square, k) =>
        {
            var energy = users is null ? Math.Pow(model.SingularValues[k], 2) : g[k];
            return energy > 0 ? (float)(square / energy) : 0;
        })];
    }

    private static void Add(double[] squares, ReadOnlySpan<float> row, double weight)
    {
        for (var k = 0; k < row.Length; k++)
        {
            squares[k] += weight * row[k] * weight * row[k];
        }
    }
}
