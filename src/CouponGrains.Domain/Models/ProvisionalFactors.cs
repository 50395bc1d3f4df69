using System.Numerics.Tensors;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Models;

/// <summary>Factors for the items that came after a training run, until the next: what the catalog tells of an item,
/// and with time what the users tell who touched it. Pure; one for a model and a catalog.</summary>
/// <remarks>
/// <para>From the catalog: <see cref="CategoryFactors"/>, p. Its items also lend the new one their columns of N, in the
/// same proportions: so whoever bought what they are neighbours of is told of it.</para>
/// <para>From the users: as a user is folded in from items, an item is folded in from users. The regression of its
/// column of R on the tastes has, the columns of the tastes being orthogonal as those of a spectral model are, the
/// solution <c>x_k = e_k/γ_k</c> with <c>e = Σ_u r_ui u_u</c> and <c>γ_k = Σ_u u_uk² / Σ_j (in_j F_jk)²</c> over the
/// users and items trained on. The lower sum makes the scale that of the trained rows <c>in_j F_j</c>: as
/// <c>Σ_j (Σ_u r_uj u_u)(in_j F_j)ᵀ = Σ_u u_u u_uᵀ</c>, it is the least-squares answer. For plain SVD γ = σ², so
/// <c>x = Σ⁻² Σ_u r_ui (UΣ)_u</c>, which for an item trained on is its row of V.</para>
/// <para>Few users say little of the many weak directions, which 1/γ would raise to the height of the strong ones. So
/// it is a ridge regression (Hoerl and Kennard 1970), <c>x_k = e_k/(γ_k + γ_max m₁/m)</c> with m the item's Σ_u r_ui:
/// at first the mean taste of those who touched it, in the end the trained row. m₁ is <see cref="RidgeMass"/>, that of
/// fifty buyers.</para>
/// <para>A column that has only begun to fill gives a short row. That little was bought so far tells that the item is
/// new, not that it is disliked: the row is taken to be at least as long as the rows like it are, and at most as long
/// as the longest. Of that length ℓ x has what lies along it, <c>ℓ cos(x, e/γ)</c>; the rest, of unknown direction, is
/// <see cref="ItemFactors.Spread"/>, and so is what a mean of rows is shorter than they are. Without it a row that is a
/// mean of tastes would have the best cosine with everybody's taste, and new items would come first.</para>
/// <para>Both together: <c>F = Z x + (1 − Z) p</c>, <c>Z = m/(m + m₀)</c>, the credibility of Bühlmann (1967). m₀ is
/// the evidence that weighs as much as the catalog: <see cref="PriorMass"/>, that of ten buyers.</para>
/// </remarks>
public sealed class ProvisionalFactors
{
    /// <summary>m₀: ten users with one purchase each, just now.</summary>
    public const double PriorMass = 10 * OnePurchase;

    /// <summary>m₁: fifty users with one purchase each, just now.</summary>
    public const double RidgeMass = 50 * OnePurchase;

    /// <summary>The most items that users tell of, in the order of ids; the others are as the catalog tells.</summary>
    public const int TouchedMax = 50_000;

    private const double OnePurchase = 0.6931471805599453; // ln 2

    private readonly ModelSnapshot _model;
    private readonly (ItemId Item, FactorMean Prior)[] _news;
    private readonly CategoryFactors _categories;
    private readonly CatalogIndex _catalog;
    private readonly FactorMean _all;
    private readonly double _longest;
    private readonly double[] _energies;
    private readonly double _mostEnergy;

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
        _energies = Energies(model);
        _mostEnergy = _energies.Where(double.IsFinite).DefaultIfEmpty().Max();
        _news = [.. catalog.Items.Where(i => model.Factors.RowOf(i.Id) < 0)
            .Select(i => (i.Id, Prior: _categories.Of(i)!)).Where(n => n.Prior is not null)];
    }

    /// <summary>The model with a provisional row for every item of which the catalog or the users tell
    /// anything.</summary>
    /// <param name="evidence">What the users tell; under other models it is passed over.</param>
    /// <param name="generation">The number of this state of the rows, see
    /// <see cref="ModelSnapshot.Generation"/>.</param>
    public ModelSnapshot Extend(IEnumerable<ItemEvidence> evidence, int generation)
    {
        var told = evidence.Where(IsUseful).OrderBy(e => e.Item).Take(TouchedMax).ToDictionary(e => e.Item);
        var rows = told.Select(t => (Item: t.Key, Mean: Blend(_categories.Of(_catalog.Get(t.Key)), t.Value)))
            .Concat(_news.Where(n => !told.ContainsKey(n.Item)).Select(n => (n.Item, Mean: n.Prior)))
            .ToList();
        return _model with
        {
            Generation = generation,
            Factors = _model.Factors.WithProvisional(
                rows.ConvertAll(r => new ProvisionalRow(r.Item, r.Mean.Row, r.Mean.Spread, r.Mean.Likes)), told.Count),
            HistoryWeights = [.. _model.HistoryWeights, .. rows.Select(r => r.Mean.HistoryWeight)],
            TargetWeights = [.. _model.TargetWeights, .. rows.Select(r => r.Mean.TargetWeight)],
            Popularity = [.. _model.Popularity, .. new float[rows.Count]],
        };
    }

    /// <summary>The row that the users alone tell, at the scale of the trained rows, shape (k).</summary>
    public float[] Regress(ItemEvidence evidence) => Regress(evidence, _all.HistoryWeight, RidgeMass);

    private float[] Regress(ItemEvidence evidence, float historyWeight, double ridgeMass)
    {
        var ridge = _mostEnergy * ridgeMass / evidence.Mass;
        var scale = historyWeight > 0 ? 1 / historyWeight : 1;
        return [.. evidence.Tastes.Select((taste, k) =>
            _energies[k] + ridge is > 0 and var energy ? (float)(taste * scale / energy) : 0)];
    }

    private bool IsUseful(ItemEvidence evidence) => evidence.Model == _model.Version && evidence.Mass > 0
        && evidence.Tastes.Count == _model.Factors.Rank && _model.Factors.RowOf(evidence.Item) < 0;

    private FactorMean Blend(FactorMean? prior, ItemEvidence evidence)
    {
        var like = prior ?? _all;
        var row = Regress(evidence, like.HistoryWeight, RidgeMass);
        var whole = Regress(evidence, like.HistoryWeight, 0);
        var length = Math.Clamp(
            TensorPrimitives.Norm<float>(whole), like.Length, Math.Max(like.Length, _longest));
        var credible = evidence.Mass / (evidence.Mass + PriorMass);
        var norms = (double)TensorPrimitives.SumOfSquares<float>(row) * TensorPrimitives.Norm<float>(whole);
        var along = norms > 0 ? length * TensorPrimitives.Dot<float>(row, whole) / norms : 0;
        TensorPrimitives.Multiply(row, (float)(credible * along), row);
        if (prior is not null)
        {
            TensorPrimitives.MultiplyAdd(prior.Row, (float)(1 - credible), row, row);
        }

        return like with { Row = row, Length = (credible * length) + ((1 - credible) * like.Length) };
    }

    /// <summary>γ, shape (k); infinite where all rows are 0.</summary>
    private static double[] Energies(ModelSnapshot model)
    {
        var (rank, users) = (model.Factors.Rank, model.Users);
        var (tastes, rows) = (Array.ConvertAll(model.SingularValues, s => (double)s * s), new double[rank]);
        for (var row = 0; row < model.Factors.Items.Count; row++)
        {
            Add(rows, model.Factors.Row(row), model.HistoryWeights[row]);
        }

        if (users is not null)
        {
            Array.Clear(tastes);
            for (var user = 0; user < users.Users.Count; user++)
            {
                Add(tastes, users.Values.AsSpan(user * rank, rank), 1);
            }
        }

        return [.. tastes.Zip(rows, (t, r) => r > 0 ? t / r : double.PositiveInfinity)];
    }

    private static void Add(double[] squares, ReadOnlySpan<float> row, double weight)
    {
        for (var k = 0; k < row.Length; k++)
        {
            squares[k] += weight * row[k] * weight * row[k];
        }
    }
}
