using CouponGrains.Domain;

namespace CouponGrains.Training.Models;

/// <summary>What the solver is asked for.</summary>
public sealed record SvdOptions
{
    /// <summary>k, at least 1 and at most the smaller side of the matrix.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>Columns carried beyond k; rounded up so that k + oversample is a multiple of 16.</summary>
    public int Oversample { get; init; } = 16;

    /// <summary>The most passes (one pass is a product with R and one with Rᵀ).</summary>
    public int IterationsMax { get; init; } = 8;

    /// <summary>Stops when the largest residual <c>‖RᵀR v_i − σ_i² v_i‖ / σ_1²</c> of the k vectors is at most
    /// this.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Seed of the start block.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads, −1 for all cores. Does not change the result.</summary>
    public int Threads { get; init; } = -1;
}

/// <summary>A truncated SVD <c>R ≈ U Σ Vᵀ</c>.</summary>
/// <param name="Rank">k; lower than asked for if the matrix has no more.</param>
/// <param name="SingularValues">Σ, descending, shape (k).</param>
/// <param name="V">Right vectors, row by row, shape (n, k). The largest component of each column is positive.</param>
/// <param name="UserVectors">U Σ = R V, row by row, shape (m, k).</param>
/// <param name="Iterations">Passes made.</param>
/// <param name="Residual">The last residual measured, see <see cref="SvdOptions.Tolerance"/>.</param>
public sealed record SvdFactors(
    int Rank, float[] SingularValues, float[] V, float[] UserVectors, int Iterations, double Residual);

/// <summary>
/// Truncated SVD of a sparse matrix by randomised subspace iteration with Rayleigh-Ritz steps (Halko, Martinsson and
/// Tropp 2011, algorithm 4.4; Saad 2011, chapter 5):
/// <code>
///   Q = orth(Rᵀ Ω)                       Ω random, shape (m, w), w = k + oversample
///   repeat  Y = Rᵀ(R Q),  H = QᵀY = W Θ Wᵀ,  Q ← Q W,  Y ← Y W
///           stop if ‖Y_i − θ_i Q_i‖ ≤ tolerance · θ_1 for i ≤ k
///           Q ← orth(Y)
///   B = R Q,  BᵀB = W Σ² Wᵀ,  V = Q W,  U Σ = B W
/// </code>
/// H costs no product with R, so the residual is known in every pass for next to nothing. U Σ = R V holds whatever the
/// residual: a user's row is exactly his history folded in. The plain reference form is <see cref="DenseSvd"/>.
/// </summary>
public static class TruncatedSvd
{
    private const double Negligible = 1e-6; // σ_i / σ_1 below which float arithmetic cannot tell σ_i from 0

    /// <summary>Decomposes <paramref name="r"/>. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.TooLittleData"/> for a matrix without entries, <see cref="RefusalCodes.InvalidValue"/>
    /// for a rank that the matrix cannot have.</summary>
    public static SvdFactors Decompose(CsrMatrix r, SvdOptions options, CancellationToken cancel)
    {
        Check(r, options);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancel };
        var rt = r.Transpose();
        var side = Math.Min(r.Rows, r.Columns);
        var width = (options.Rank + options.Oversample + 15) / 16 * 16;
        var used = Math.Min(width, side);
        var b = new TallMatrix(r.Rows, width);
        var (q, y) = (new TallMatrix(r.Columns, width), new TallMatrix(r.Columns, width));
        var spare = new TallMatrix(r.Columns, width);

        Randomise(b, used, options.Seed, parallel);
        SparseProduct.Multiply(rt, b, y, parallel);
        var (iterations, residual) = (0, double.PositiveInfinity);
        while (true)
        {
            Orthonormal.Columns(y, spare, parallel);
            (q, y) = (y, q);
            if (iterations == options.IterationsMax || residual <= options.Tolerance)
            {
                break;
            }

            SparseProduct.Multiply(r, q, b, parallel);
            SparseProduct.Multiply(rt, b, y, parallel);
            var (theta, w) = SymmetricEigen.Decompose(TallProduct.Gram(q, y, parallel));
            TallProduct.Rotate(q, w, spare, parallel);
            (q, spare) = (spare, q);
            TallProduct.Rotate(y, w, spare, parallel);
            (y, spare) = (spare, y);
            residual = TallProduct.ResidualNorms(y, q, theta, parallel).Take(options.Rank).Max() / theta[0];
            iterations++;
        }

        return Finish(r, q, b, spare, options.Rank, iterations, residual, parallel);
    }

    private static void Check(CsrMatrix r, SvdOptions options)
    {
        if (!r.Values.AsSpan().ContainsAnyExcept(0f))
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                $"The behaviour matrix ({r.Rows} x {r.Columns}) has no entry: there is nothing to learn.");
        }

        var side = Math.Min(r.Rows, r.Columns);
        if (options.Rank < 1 || options.Rank > side)
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The rank must be 1 to {side} for a matrix of {r.Rows} x {r.Columns}, but was {options.Rank}.");
        }
    }

    private static SvdFactors Finish(
        CsrMatrix r, TallMatrix q, TallMatrix b, TallMatrix spare, int rank, int iterations, double residual,
        ParallelOptions parallel)
    {
        SparseProduct.Multiply(r, q, b, parallel);
        var (squares, w) = SymmetricEigen.Decompose(TallProduct.Gram(b, b, parallel));
        var sigma = Array.ConvertAll(squares, square => (float)Math.Sqrt(Math.Max(square, 0)));
        var kept = sigma.Take(rank).Count(s => s > Negligible * sigma[0]);
        TallProduct.Rotate(q, w, spare, parallel);
        Sign(spare, w, kept);
        TallProduct.Rotate(q, w, spare, parallel);
        var users = new TallMatrix(b.Rows, b.Width);
        TallProduct.Rotate(b, w, users, parallel);
        return new(kept, sigma[..kept], spare.Left(kept), users.Left(kept), iterations, residual);
    }

    // Turns the columns of W so that the largest component of each column of V = Q W is positive.
    private static void Sign(TallMatrix v, double[,] w, int columns)
    {
        for (var column = 0; column < columns; column++)
        {
            var largest = 0f;
            for (var row = 0; row < v.Rows; row++)
            {
                var value = v.Row(row)[column];
                largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
            }

            if (largest < 0)
            {
                for (var i = 0; i < v.Width; i++)
                {
                    w[i, column] = -w[i, column];
                }
            }
        }
    }

    // Uniform in (−1, 1) by a counter-based generator (SplitMix64), so that it does not depend on the number of
    // threads.
    private static void Randomise(TallMatrix block, int used, int seed, ParallelOptions parallel)
    {
        Parallel.For(0, block.Rows, parallel, row =>
        {
            var values = block.Row(row);
            values[used..].Clear();
            for (var column = 0; column < used; column++)
            {
                var z = ((ulong)(uint)seed << 48)
                    + ((((ulong)row * (ulong)block.Width) + (ulong)column + 1) * 0x9E3779B97F4A7C15UL);
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
                values[column] = ((z ^ (z >> 31)) >> 40) * (2f / (1 << 24)) - 1f;
            }
        });
    }
}
