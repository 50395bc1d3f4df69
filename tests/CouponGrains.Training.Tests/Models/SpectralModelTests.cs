using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class SpectralModelTests
{
    private static readonly CsrMatrix Shop = SparseMatrices.Random(40, 23, 0.2, 7);

    [Theory]
    [InlineData(SpectralFilter.Power, 0, 0, 0.0, 0.0, 0.0)]
    [InlineData(SpectralFilter.Power, 1.5, 5, 0.2, 0.0, 0.0)]
    [InlineData(SpectralFilter.Ridge, 3, 5, 0.1, 0.9, 0.0)]
    [InlineData(SpectralFilter.Ridge, 3, 22, 0.0, 0.4, 1.5)]
    [InlineData(SpectralFilter.Ridge, 3, 0, 0.0, 0.4, 1.5)]
    public void The_fast_form_equals_the_plain_one(
        SpectralFilter filter, double shape, int neighbours, double lift, double sharpening, double repeats)
    {
        var options = new SpectralOptions
        {
            Rank = 6, Filter = filter, FilterShape = shape, Neighbours = neighbours, Lift = lift, LowPassWeight = 0.7,
            NeighbourPower = 0.9, Sharpening = sharpening, RepeatWeight = repeats,
        };
        var model = SpectralModel.Fit(Shop, options, 2, CancellationToken.None);
        var plain = Plain(Shop, options);
        foreach (var count in new[] { 1, 4, 7 })
        {
            int[] users = [.. Enumerable.Range(3, count)];
            var scores = new float[count * Shop.Columns];
            model.Score(Shop, users, scores);
            for (var i = 0; i < scores.Length; i++)
            {
                var expected = plain[users[i / Shop.Columns], i % Shop.Columns];
                Assert.Equal(expected, scores[i], 2e-3 * Math.Max(1, Math.Abs(expected)));
            }
        }
    }

    /// <summary>With the whole spectrum and no normalisation the ridge filter is EASE: <c>B = I − P diag(1/P_jj)</c>,
    /// <c>P = (RᵀR + λI)⁻¹</c>, for items that the user does not have.</summary>
    [Fact]
    public void The_ridge_filter_over_the_whole_spectrum_is_Ease_for_unseen_items()
    {
        var options = new SpectralOptions
        {
            UserExponent = 0, ItemExponent = 0, Rank = Shop.Columns, Filter = SpectralFilter.Ridge, FilterShape = 2,
            LowPassWeight = 1, Neighbours = 0,
        };
        var dense = Shop.ToDense();
        var n = Shop.Columns;
        var lambda = 2 * Shop.Values.Sum(v => (double)v * v) / n;
        var gram = Gram(dense);
        for (var i = 0; i < n; i++)
        {
            gram[i, i] += lambda;
        }

        var (values, vectors) = SymmetricEigen.Decompose(gram);
        double Inverse(int i, int j) => Enumerable.Range(0, n).Sum(k => vectors[i, k] * vectors[j, k] / values[k]);
        var scores = new float[n];
        SpectralModel.Fit(Shop, options, 1, CancellationToken.None).Score(Shop, [5], scores);
        foreach (var j in Enumerable.Range(0, n).Where(j => dense[5, j] == 0))
        {
            var ease = Enumerable.Range(0, n).Sum(i => -dense[5, i] * Inverse(i, j) / Inverse(j, j));
            Assert.Equal(ease * lambda, scores[j], 1e-3 * lambda);
        }
    }

    /// <summary>What serving relies on: <c>s(u,i) = Σ_j r_uj [ in_j out_i (F_j · F_i) + N_ji ]</c>.</summary>
    [Fact]
    public void Scores_are_those_of_the_parts_that_serving_is_given()
    {
        var options = new SpectralOptions
        {
            Rank = 5, Neighbours = 4, Lift = 0.2, Sharpening = 0.8, RepeatWeight = 0.5,
        };
        var model = SpectralModel.Fit(Shop, options, 2, CancellationToken.None);
        Assert.All(model.HistoryWeights.Concat(model.TargetWeights), weight => Assert.True(weight > 0));
        var (dense, n, k) = (Shop.ToDense(), Shop.Columns, model.Rank);
        double Kernel(int j, int i)
        {
            var place = model.Neighbours!.ItemsOf(j).IndexOf(i);
            var dot = Enumerable.Range(0, k).Sum(c => (double)model.Factors[(j * k) + c] * model.Factors[(i * k) + c]);
            return (model.HistoryWeights[j] * model.TargetWeights[i] * dot)
                + (place < 0 ? 0 : model.Neighbours.WeightsOf(j)[place]);
        }

        var scores = new float[n];
        model.Score(Shop, [7], scores);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(Enumerable.Range(0, n).Sum(j => dense[7, j] * Kernel(j, i)), scores[i], 1e-3);
        }
    }

    [Fact]
    public void Repeats_add_to_the_users_own_items_alone()
    {
        var once = new float[Shop.Columns];
        var again = new float[Shop.Columns];
        var options = new SpectralOptions { Rank = 5, Neighbours = 4 };
        SpectralModel.Fit(Shop, options, 1, CancellationToken.None).Score(Shop, [3], once);
        SpectralModel.Fit(Shop, options with { RepeatWeight = 2 }, 1, CancellationToken.None).Score(Shop, [3], again);
        for (var i = 0; i < once.Length; i++)
        {
            Assert.Equal(Shop.RowIndices(3).Contains(i), again[i] > once[i] + 1e-6);
        }
    }

    [Fact]
    public void Truncation_keeps_the_strongest_neighbours_and_of_equal_ones_the_first()
    {
        // Item 0 was bought twice with item 3 and once with items 1, 2 and 4.
        var r = CsrMatrix.FromDense(new float[,] { { 1, 1, 1, 1, 0 }, { 1, 0, 0, 1, 1 } });
        var two = SpectralNeighbours.Strongest(r, 2, SparseMatrices.Threads(2));
        Assert.Equal([1, 3], two.ItemsOf(0).ToArray());
        Assert.Equal([1f, 2f], two.WeightsOf(0).ToArray());
        Assert.Equal([0, 3], two.ItemsOf(4).ToArray());
        Assert.Equal(4, SpectralNeighbours.Strongest(r, 9, SparseMatrices.Threads(1)).ItemsOf(0).Length);
    }

    [Fact]
    public void Scores_do_not_depend_on_the_number_of_threads()
    {
        var (one, four) = (new float[Shop.Columns], new float[Shop.Columns]);
        var options = new SpectralOptions { Rank = 8, Neighbours = 4, Sharpening = 0.5, RepeatWeight = 1 };
        SpectralModel.Fit(Shop, options, 1, CancellationToken.None).Score(Shop, [9], one);
        SpectralModel.Fit(Shop, options, 4, CancellationToken.None).Score(Shop, [9], four);
        Assert.Equal(one, four);
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        SpectralOptions[] wrong =
        [
            new() { Rank = 0 }, new() { Neighbours = -1 }, new() { FilterShape = double.NaN }, new() { UserExponent = 2 },
            new() { LowPassWeight = 0, Neighbours = 0 }, new() { NeighbourPower = 0 }, new() { Sharpening = -0.5 },
            new() { RepeatWeight = -1 },
        ];
        Assert.All(wrong, options => Assert.Equal(RefusalCodes.InvalidValue, Assert.Throws<RefusedException>(
            () => SpectralModel.Fit(Shop, options, 1, CancellationToken.None)).Refusal.Code));
    }

    // s = R (N + w D⁻ᶜ V h Vᵀ Dᶜ), N of P and P − τ/σ₁² V Σ⁴ Vᵀ, all dense, V from the eigenvectors of the Gram matrix.
    private static double[,] Plain(CsrMatrix r, SpectralOptions options)
    {
        var (dense, m, n) = (r.ToDense(), r.Rows, r.Columns);
        double User(int u) => Enumerable.Range(0, n).Sum(i => dense[u, i]);
        double Item(int i) => Enumerable.Range(0, m).Sum(u => dense[u, i]);
        var normalised = new double[m, n];
        for (var i = 0; i < m * n; i++)
        {
            var (u, item) = (i / n, i % n);
            normalised[u, item] = dense[u, item] == 0 ? 0
                : dense[u, item] * Math.Pow(User(u), -options.UserExponent) * Math.Pow(Item(item), -options.ItemExponent);
        }

        var gram = Gram(normalised);
        var (squares, v) = SymmetricEigen.Decompose(gram);
        var lambda = options.FilterShape * squares.Sum() / n;
        double Share(int k) => squares[k] / (squares[k] + lambda);
        double H(int k) => options.Filter == SpectralFilter.Ridge
            ? lambda * Share(k)
            : squares[0] * Math.Pow(squares[k] / squares[0], options.FilterShape / 2);
        double LowPass(int i, int j) => Enumerable.Range(0, options.Rank).Sum(k => v[i, k] * H(k) * v[j, k])
            * Math.Pow(Item(j) / Item(i), options.Lift) / (options.Filter == SpectralFilter.Ridge
                ? 1 - Enumerable.Range(0, options.Rank).Sum(k => v[j, k] * v[j, k] * Share(k)) : 1);
        var kept = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Where(j => j != i && gram[i, j] > 0)
            .OrderByDescending(j => gram[i, j]).Take(options.Neighbours).ToHashSet()).ToArray();
        double Sharp(int i, int j) => gram[i, j] - (options.Sharpening / squares[0]
            * Enumerable.Range(0, options.Rank).Sum(k => v[i, k] * squares[k] * squares[k] * v[j, k]));
        double Neighbour(int i, int j) => i == j ? options.RepeatWeight * gram[i, i]
            : kept[i].Contains(j) ? Math.Sign(Sharp(i, j)) * Math.Pow(Math.Abs(Sharp(i, j)), options.NeighbourPower)
            : 0;
        var scores = new double[m, n];
        for (var p = 0; p < m * n; p++)
        {
            var (u, j) = (p / n, p % n);
            scores[u, j] = Enumerable.Range(0, n).Where(i => dense[u, i] != 0).Sum(i => dense[u, i]
                * (Neighbour(i, j) + (options.LowPassWeight * LowPass(i, j))));
        }

        return scores;
    }

    private static double[,] Gram(double[,] a)
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        var gram = new double[n, n];
        for (var p = 0; p < n * n; p++)
        {
            gram[p / n, p % n] = Enumerable.Range(0, m).Sum(u => a[u, p / n] * a[u, p % n]);
        }

        return gram;
    }
}
