using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>What models of the same normalisation share: <c>R̃ = D_u⁻ᵃ R D_i⁻ᵇ</c> and its truncated SVD.</summary>
/// <param name="Normalised">R̃, shape (m, n).</param>
/// <param name="Degrees">The column sums of R, 1 where it has none, shape (n).</param>
/// <param name="Factors">R̃ ≈ U Σ Vᵀ; null if nothing asks for it.</param>
public sealed record SpectralBasis(CsrMatrix Normalised, double[] Degrees, SvdFactors? Factors)
{
    /// <summary>Normalises and decomposes. Takes exponents and rank of <paramref name="options"/>. Refuses what
    /// <see cref="TruncatedSvd"/> refuses.</summary>
    public static SpectralBasis Compute(CsrMatrix r, SpectralOptions options, int threads, CancellationToken cancel) =>
        Compute(r, options, new SvdOptions { Threads = threads }, cancel);

    /// <summary>The same with a solver that is told more than the rank.</summary>
    internal static SpectralBasis Compute(
        CsrMatrix r, SpectralOptions options, SvdOptions svd, CancellationToken cancel)
    {
        if (!(options.UserExponent is >= 0 and <= 1) || !(options.ItemExponent is >= 0 and <= 1))
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The exponents must be 0 to 1, but were {options.UserExponent} and {options.ItemExponent}.");
        }

        var (users, degrees) = SumBoth(r);
        var normalised = Normalise(r, users, degrees, options);
        svd = svd with { Rank = Math.Min(options.Rank, Math.Min(r.Rows, r.Columns)) };
        return new(normalised, degrees, Needs(options) ? TruncatedSvd.Decompose(normalised, svd, cancel) : null);
    }

    /// <summary>True if the options use the factors.</summary>
    internal static bool Needs(SpectralOptions options) =>
        options.LowPassWeight > 0 || options is { Sharpening: > 0, Neighbours: > 0 };

    // Row sums and column sums, 1 where there is none.
    private static (double[] Users, double[] Items) SumBoth(CsrMatrix r)
    {
        var (users, items) = (new double[r.Rows], new double[r.Columns]);
        for (var row = 0; row < r.Rows; row++)
        {
            for (var p = r.Starts[row]; p < r.Starts[row + 1]; p++)
            {
                users[row] += r.Values[p];
                items[r.Indices[p]] += r.Values[p];
            }
        }

        static double OrOne(double degree) => degree > 0 ? degree : 1;
        return (Array.ConvertAll(users, OrOne), Array.ConvertAll(items, OrOne));
    }

    private static CsrMatrix Normalise(CsrMatrix r, double[] users, double[] items, SpectralOptions options)
    {
        var columns = Array.ConvertAll(items, degree => Math.Pow(degree, -options.ItemExponent));
        var values = new float[r.Values.Length];
        for (var row = 0; row < r.Rows; row++)
        {
            var scale = Math.Pow(users[row], -options.UserExponent);
            for (var p = r.Starts[row]; p < r.Starts[row + 1]; p++)
            {
                values[p] = (float)(r.Values[p] * scale * columns[r.Indices[p]]);
            }
        }

        return new(r.Rows, r.Columns, r.Starts, r.Indices, values);
    }
}
