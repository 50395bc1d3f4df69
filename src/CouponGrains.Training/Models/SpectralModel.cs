using System.Numerics.Tensors;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>The normalised spectral model of <see cref="SpectralOptions"/>, fitted: <c>s(u,i) = Σ_j r_uj [ in_j out_i
/// (F_j · F_i) + N_ji ]</c>. So a user's scores are a dot product with each item's factors and a short sparse sum over
/// the neighbours of the user's items. Any history can be scored, not only those of the users that it was fitted on;
/// its weights are those of the matrix, without the user's exponent.</summary>
public sealed class SpectralModel
{
    private SpectralModel(SpectralOptions options, int items, ItemNeighbours? neighbours)
    {
        (Options, Items, Neighbours) = (options, items, neighbours);
        HistoryWeights = [.. Enumerable.Repeat(1f, items)];
        TargetWeights = [.. Enumerable.Repeat(1f, items)];
    }

    /// <summary>What it was fitted with.</summary>
    public SpectralOptions Options { get; }

    /// <summary>n.</summary>
    public int Items { get; }

    /// <summary>k; 0 without a low-pass part.</summary>
    public int Rank { get; private init; }

    /// <summary>F = V h(Σ)^½, shape (n, k).</summary>
    public float[] Factors { get; private init; } = [];

    /// <summary>in = D⁻ᶜ, above 0, shape (n).</summary>
    public float[] HistoryWeights { get; }

    /// <summary>out = w Dᶜ, with the ridge's division, above 0, shape (n).</summary>
    public float[] TargetWeights { get; }

    /// <summary>N, shape (n, n); null without any.</summary>
    public ItemNeighbours? Neighbours { get; }

    /// <summary>Fits to <paramref name="r"/>, users × items, weights not negative.</summary>
    public static SpectralModel Fit(CsrMatrix r, SpectralOptions options, int threads, CancellationToken cancel)
    {
        if (SpectralRules.Check(options) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        return Fit(SpectralBasis.Compute(r, options, threads, cancel), options, threads, cancel);
    }

    /// <summary>Fits on a basis of the same exponents and of at least the rank.</summary>
    internal static SpectralModel Fit(
        SpectralBasis basis, SpectralOptions options, int threads, CancellationToken cancel)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        var kept = options.Neighbours > 0
            ? SpectralNeighbours.Strongest(basis.Normalised, options.Neighbours, parallel)
            : null;
        return Fit(basis, SpectralNeighbours.Shape(kept, basis, options, parallel), options);
    }

    /// <summary>Fits on a basis of the same exponents and of at least the rank, with N as
    /// <see cref="SpectralNeighbours.Shape"/> makes it of these options.</summary>
    internal static SpectralModel Fit(SpectralBasis basis, ItemNeighbours? neighbours, SpectralOptions options)
    {
        var items = basis.Normalised.Columns;
        if (basis.Factors is not { } factors || options.LowPassWeight == 0)
        {
            return new(options, items, neighbours);
        }

        var rank = Math.Min(options.Rank, factors.Rank);
        var (h, shares) = Filter(basis, factors.SingularValues.AsSpan(0, rank), options);
        var roots = Array.ConvertAll(h, x => (float)Math.Sqrt(x));
        var model = new SpectralModel(options, items, neighbours)
        {
            Rank = rank, Factors = new float[(long)items * rank],
        };
        for (var item = 0; item < items; item++)
        {
            var v = factors.V.AsSpan(item * factors.Rank, rank);
            var lift = Math.Pow(basis.Degrees[item], options.Lift);
            var diagonal = options.Filter == SpectralFilter.Ridge ? Quadratic(v, shares) : 0;
            model.HistoryWeights[item] = (float)(1 / lift);
            model.TargetWeights[item] = (float)(options.LowPassWeight * lift / Math.Max(1 - diagonal, 1e-6));
            TensorPrimitives.Multiply(v, roots, model.Factors.AsSpan(item * rank, rank));
        }

        return model;
    }

    /// <summary>The scores of some histories, row by row: <paramref name="users"/> are rows of
    /// <paramref name="histories"/>, shape (any, n); <paramref name="scores"/> has the shape (users, n).</summary>
    public void Score(CsrMatrix histories, ReadOnlySpan<int> users, Span<float> scores)
    {
        if (histories.Columns != Items || scores.Length != (long)users.Length * Items)
        {
            throw new ArgumentException($"Scores of {users.Length} users and {Items} items are asked for.", nameof(scores));
        }

        scores.Clear();
        if (Rank > 0)
        {
            var tastes = new float[users.Length * Rank];
            for (var i = 0; i < users.Length; i++)
            {
                Taste(histories, users[i], tastes.AsSpan(i * Rank, Rank));
            }

            SpectralProduct.Multiply(tastes, Factors, Rank, scores);
            for (var i = 0; i < users.Length; i++)
            {
                var row = scores.Slice(i * Items, Items);
                TensorPrimitives.Multiply(row, TargetWeights, row);
            }
        }

        for (var i = 0; i < users.Length && Neighbours is not null; i++)
        {
            AddNeighbours(histories, users[i], scores.Slice(i * Items, Items));
        }
    }

    private static (double[] H, double[] Shares) Filter(
        SpectralBasis basis, ReadOnlySpan<float> sigma, SpectralOptions options)
    {
        var mean = (double)TensorPrimitives.SumOfSquares<float>(basis.Normalised.Values) / basis.Normalised.Columns;
        var lambda = Math.Max(options.FilterShape * mean, double.Epsilon);
        var (h, shares) = (new double[sigma.Length], new double[sigma.Length]);
        for (var k = 0; k < sigma.Length; k++)
        {
            var square = (double)sigma[k] * sigma[k];
            shares[k] = square / (square + lambda);
            h[k] = options.Filter == SpectralFilter.Ridge
                ? lambda * shares[k]
                : sigma[0] * sigma[0] * Math.Pow(sigma[k] / sigma[0], options.FilterShape);
        }

        return (h, shares);
    }

    private static double Quadratic(ReadOnlySpan<float> v, double[] weights)
    {
        var sum = 0.0;
        for (var k = 0; k < v.Length; k++)
        {
            sum += weights[k] * v[k] * v[k];
        }

        return sum;
    }

    private void Taste(CsrMatrix histories, int user, Span<float> taste)
    {
        var items = histories.RowIndices(user);
        var weights = histories.RowValues(user);
        for (var p = 0; p < items.Length; p++)
        {
            TensorPrimitives.MultiplyAdd(
                Factors.AsSpan(items[p] * Rank, Rank), weights[p] * HistoryWeights[items[p]], taste, taste);
        }
    }

    private void AddNeighbours(CsrMatrix histories, int user, Span<float> scores)
    {
        var items = histories.RowIndices(user);
        var weights = histories.RowValues(user);
        for (var p = 0; p < items.Length; p++)
        {
            var indices = Neighbours!.ItemsOf(items[p]);
            var values = Neighbours.WeightsOf(items[p]);
            for (var q = 0; q < indices.Length; q++)
            {
                scores[indices[q]] += weights[p] * values[q];
            }
        }
    }
}
