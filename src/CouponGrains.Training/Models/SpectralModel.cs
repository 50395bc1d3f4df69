using System.Numerics.Tensors;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>The normalised spectral model of <see cref="SpectralOptions"/>, fitted: a user's scores are a dot product with
/// each item's factors and a short sparse sum over the neighbours of the user's items. Any history can be scored, not only
/// those of the users that it was fitted on.</summary>
public sealed class SpectralModel
{
    private readonly int _rank;
    private readonly float[] _in;  // D⁻ᶜ V h(Σ), shape (n, k)
    private readonly float[] _out; // w Dᶜ V, shape (n, k)
    private readonly CsrMatrix? _neighbours;

    private SpectralModel(SpectralOptions options, int items, int rank, float[] @in, float[] @out, CsrMatrix? neighbours)
    {
        (Options, Items, _rank, _in, _out, _neighbours) = (options, items, rank, @in, @out, neighbours);
    }

    /// <summary>What it was fitted with.</summary>
    public SpectralOptions Options { get; }

    /// <summary>n.</summary>
    public int Items { get; }

    /// <summary>The neighbours of each item with their weights, shape (n, n); null without any.</summary>
    public CsrMatrix? Neighbours => _neighbours;

    /// <summary>Fits to <paramref name="r"/>, users × items, weights not negative.</summary>
    public static SpectralModel Fit(CsrMatrix r, SpectralOptions options, int threads, CancellationToken cancel)
    {
        Check(options);
        var needed = options.LowPassWeight > 0 ? options : options with { Rank = 0 };
        var basis = SpectralBasis.Compute(r, needed, threads, cancel);
        return Fit(basis, BuildNeighbours(basis, options, threads, cancel), options);
    }

    /// <summary>Fits on a basis of the same exponents and of at least the rank, with its neighbours.</summary>
    internal static SpectralModel Fit(SpectralBasis basis, CsrMatrix? neighbours, SpectralOptions options)
    {
        var items = basis.Normalised.Columns;
        if (basis.Factors is not { } factors || options.LowPassWeight == 0)
        {
            return new(options, items, 0, [], [], neighbours);
        }

        var rank = Math.Min(options.Rank, factors.Rank);
        var (h, squares) = Filter(basis, factors.SingularValues.AsSpan(0, rank), options);
        var (@in, @out) = (new float[items * rank], new float[items * rank]);
        for (var item = 0; item < items; item++)
        {
            var v = factors.V.AsSpan(item * factors.Rank, rank);
            var lift = Math.Pow(basis.Degrees[item], options.Lift);
            var diagonal = options.Filter == SpectralFilter.Ridge ? Quadratic(v, squares) : 0;
            var gain = options.LowPassWeight * lift / Math.Max(1 - diagonal, 1e-6);
            TensorPrimitives.Multiply(v, (float)gain, @out.AsSpan(item * rank, rank));
            for (var k = 0; k < rank; k++)
            {
                @in[(item * rank) + k] = (float)(v[k] * h[k] / lift);
            }
        }

        return new(options, items, rank, @in, @out, neighbours);
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
        if (_rank > 0)
        {
            var tastes = new float[users.Length * _rank];
            for (var i = 0; i < users.Length; i++)
            {
                Taste(histories, users[i], tastes.AsSpan(i * _rank, _rank));
            }

            SpectralProduct.Multiply(tastes, _out, _rank, scores);
        }

        for (var i = 0; i < users.Length && _neighbours is not null; i++)
        {
            AddNeighbours(histories, users[i], scores.Slice(i * Items, Items));
        }
    }

    /// <summary>N of a basis; null if none are asked for.</summary>
    internal static CsrMatrix? BuildNeighbours(
        SpectralBasis basis, SpectralOptions options, int threads, CancellationToken cancel) => options.Neighbours > 0
        ? SpectralNeighbours.Build(basis.Normalised, options.Neighbours, options.NeighbourPower,
            new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel })
        : null;

    private static void Check(SpectralOptions options)
    {
        if (options.Rank < 1 || options.Neighbours < 0 || !(options.FilterShape >= 0) || !(options.LowPassWeight >= 0)
            || !double.IsFinite(options.Lift) || !(options.NeighbourPower > 0)
            || (options.Neighbours == 0 && options.LowPassWeight == 0))
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The spectral model needs a rank of 1 at least, weights and shapes that are not negative, and one of its"
                + $" two parts, but was given {options}.");
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
            TensorPrimitives.MultiplyAdd(_in.AsSpan(items[p] * _rank, _rank), weights[p], taste, taste);
        }
    }

    private void AddNeighbours(CsrMatrix histories, int user, Span<float> scores)
    {
        var items = histories.RowIndices(user);
        var weights = histories.RowValues(user);
        for (var p = 0; p < items.Length; p++)
        {
            var indices = _neighbours!.RowIndices(items[p]);
            var values = _neighbours.RowValues(items[p]);
            for (var q = 0; q < indices.Length; q++)
            {
                scores[indices[q]] += weights[p] * values[q];
            }
        }
    }
}
