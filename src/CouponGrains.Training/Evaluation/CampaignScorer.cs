using System.Diagnostics;
using System.Numerics.Tensors;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>Scores the coupons of one campaign for one user after another.</summary>
/// <remarks>With n the user's counts of purchases by item, r his row of the behaviour matrix, p the sum of the counts
/// over all users, and c ∈ {0, 1} the items that a coupon covers:
/// <code>
///   popularity           p·c
///   own past purchases   n·c
///   brief, cosine        cos(u, Vᵀ c / |c|)      binary purchases ≈ U Σ Vᵀ, k = 10, u = his row of U Σ
///   brief, dot           u · Vᵀ c / |c|
///   mix                  see <see cref="MixWeights"/>
///   ours: spectral       Σ_i c_i s(u,i)          s of <see cref="SpectralOptions"/>, as it serves
/// </code></remarks>
internal sealed class CampaignScorer
{
    private readonly RowClock _clock;
    private readonly Random _random;
    private readonly BehaviourMatrix _counts;
    private readonly BehaviourMatrix _entries;
    private readonly Dictionary<UserId, int> _users;
    private readonly int[][] _cover;
    private readonly double[] _popularity;
    private readonly SvdFactors _brief;
    private readonly float[][] _briefCoupons;
    private readonly SvdFactors _factors;
    private readonly float[][] _coupons;
    private readonly CategoryShares _categories;
    private readonly SpectralModel _spectral;

    public CampaignScorer(
        CatalogIndex catalog, BehaviourMatrix counts, BehaviourMatrix entries, IReadOnlyList<ItemId>[] coupons,
        SpectralOptions spectral, CouponEvaluationOptions options, RowClock clock, CancellationToken cancel)
    {
        (_clock, _counts, _entries, _random) = (clock, counts, entries, new(options.Seed));
        _users = counts.Users.Select((u, i) => (u, i)).ToDictionary(p => p.u, p => p.i);
        var columns = counts.Items.Select((item, i) => (item, i)).ToDictionary(p => p.item, p => p.i);
        _cover = Array.ConvertAll(coupons, items => items.Where(columns.ContainsKey).Select(i => columns[i]).Distinct().Order().ToArray());
        var itemCounts = new double[counts.Items.Count];
        for (var e = 0; e < counts.Entries.Indices.Length; e++)
        {
            itemCounts[counts.Entries.Indices[e]] += Math.Round(Math.Exp(counts.Entries.Values[e]) - 1);
        }

        _popularity = Timed("popularity", () => Array.ConvertAll(_cover, c => c.Sum(i => itemCounts[i])));
        (_brief, _briefCoupons) = Timed("brief: SVD 10, cosine", () =>
        {
            var binary = new CsrMatrix(counts.Entries.Rows, counts.Entries.Columns, counts.Entries.Starts, counts.Entries.Indices,
                Array.ConvertAll(counts.Entries.Values, _ => 1f));
            var brief = Decompose(binary, options.BriefRank, options.Seed, cancel);
            return (brief, Embed(brief, mean: true));
        });
        (_factors, _coupons, _categories) = Timed(CampaignScores.Ours, () =>
        {
            var factors = Decompose(entries.Entries, options.Rank, options.Seed, cancel);
            return (factors, Embed(factors, mean: false), new CategoryShares(catalog, counts.Items, itemCounts, _cover));
        });
        _spectral = Timed(CampaignScores.Spectral,
            () => SpectralModel.Fit(entries.Entries, spectral with { RepeatWeight = 1 }, -1, cancel));
    }

    public CouponCase Case(UserId user, OfferId[] coupons, bool[] relevant)
    {
        var row = _users.GetValueOrDefault(user, -1);
        var own = new double[_counts.Items.Count];
        var entries = new double[own.Length];
        Fill(_counts, row, own, value => Math.Round(Math.Exp(value) - 1));
        Fill(_entries, row, entries, value => value);
        var parts = Timed(CampaignScores.Ours, () => new MixParts(
            Array.ConvertAll(_cover, c => c.Sum(i => entries[i])), LowPass(row),
            _categories.Backing(entries), _popularity));
        var spectral = Timed(CampaignScores.Spectral, () => SpectralParts.Of(_spectral, _entries.Entries, row, _cover));
        var result = new CouponCase(coupons, relevant, _popularity) { Parts = parts, Spectral = spectral };
        result.Scores["random"] = Timed("random", () => Array.ConvertAll(coupons, _ => _random.NextDouble()));
        result.Scores["popularity"] = _popularity;
        result.Scores[CouponEvaluation.OwnPurchases] =
            Timed(CouponEvaluation.OwnPurchases, () => Array.ConvertAll(_cover, c => c.Sum(i => own[i])));
        result.Scores["brief: SVD 10, cosine"] = Timed("brief: SVD 10, cosine", () => Compare(row, TensorPrimitives.CosineSimilarity));
        result.Scores["brief: SVD 10, dot"] = Timed("brief: SVD 10, dot", () => Compare(row, TensorPrimitives.Dot));
        return result;
    }

    private static void Fill(BehaviourMatrix matrix, int row, double[] into, Func<float, double> value)
    {
        if (row < 0)
        {
            return;
        }

        var items = matrix.Entries.RowIndices(row);
        var values = matrix.Entries.RowValues(row);
        for (var e = 0; e < items.Length; e++)
        {
            into[items[e]] = value(values[e]);
        }
    }

    private static SvdFactors Decompose(CsrMatrix matrix, int rank, int seed, CancellationToken cancel) => TruncatedSvd.Decompose(
        matrix, new() { Rank = Math.Min(rank, Math.Min(matrix.Rows, matrix.Columns)), Seed = seed }, cancel);

    // Vᵀ c, or the mean of the covered rows of V; shape (coupons)(k).
    private float[][] Embed(SvdFactors factors, bool mean) => Array.ConvertAll(_cover, items =>
    {
        var embedding = new float[factors.Rank];
        foreach (var item in items)
        {
            TensorPrimitives.Add(embedding, factors.V.AsSpan(item * factors.Rank, factors.Rank), embedding);
        }

        if (mean && items.Length > 0)
        {
            TensorPrimitives.Divide(embedding, items.Length, embedding);
        }

        return embedding;
    });

    private double[] Compare(int row, Func<ReadOnlySpan<float>, ReadOnlySpan<float>, float> measure) => Array.ConvertAll<float[], double>(
        _briefCoupons,
        e => row < 0 || e.All(x => x == 0) ? double.NegativeInfinity
            : measure(_brief.UserVectors.AsSpan(row * _brief.Rank, _brief.Rank), e));

    private double[] LowPass(int row) => Array.ConvertAll<float[], double>(
        _coupons,
        e => row < 0 ? 0 : Math.Max(0, TensorPrimitives.Dot<float>(_factors.UserVectors.AsSpan(row * _factors.Rank, _factors.Rank), e)));

    private T Timed<T>(string row, Func<T> work)
    {
        var started = Stopwatch.GetTimestamp();
        var result = work();
        _clock.Add(row, Stopwatch.GetElapsedTime(started));
        return result;
    }
}

/// <summary>How much of each narrowest category's sales each coupon covers.</summary>
internal sealed class CategoryShares
{
    private readonly int[] _categoryOf;
    private readonly (int Category, double Share)[][] _coupons;

    /// <param name="catalog">Tells the categories.</param>
    /// <param name="items">The items of the columns.</param>
    /// <param name="sales">How often each was bought.</param>
    /// <param name="cover">The columns that each coupon covers.</param>
    public CategoryShares(CatalogIndex catalog, IReadOnlyList<ItemId> items, double[] sales, int[][] cover)
    {
        var numbers = new Dictionary<string, int>();
        _categoryOf = [.. items.Select(item => catalog.Get(item).Categories is [.., var narrowest]
            ? numbers.TryGetValue(narrowest, out var n) ? n : numbers[narrowest] = numbers.Count
            : -1)];
        var totals = new double[numbers.Count];
        for (var i = 0; i < sales.Length; i++)
        {
            if (_categoryOf[i] >= 0)
            {
                totals[_categoryOf[i]] += sales[i];
            }
        }

        _coupons = Array.ConvertAll(cover, c => c.Where(i => _categoryOf[i] >= 0)
            .GroupBy(i => _categoryOf[i]).Select(g => (g.Key, g.Sum(i => sales[i]) / totals[g.Key])).ToArray());
    }

    /// <summary>For each coupon the sum over categories of the user's entries in it times the coupon's share of
    /// it.</summary>
    public double[] Backing(double[] entries)
    {
        var byCategory = new Dictionary<int, double>();
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] > 0 && _categoryOf[i] >= 0)
            {
                byCategory[_categoryOf[i]] = byCategory.GetValueOrDefault(_categoryOf[i]) + entries[i];
            }
        }

        return Array.ConvertAll(_coupons, c => c.Sum(s => s.Share * byCategory.GetValueOrDefault(s.Category)));
    }
}
