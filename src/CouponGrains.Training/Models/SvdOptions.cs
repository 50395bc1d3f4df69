namespace CouponGrains.Training.Models;

/// <summary>Where the solver runs.</summary>
public enum SvdDevice
{
    /// <summary>On the first GPU if the build has CUDA and there is one, otherwise on the processor.</summary>
    Auto = 0,

    /// <summary>On the processor.</summary>
    Cpu,

    /// <summary>On the first GPU; refused where there is none.</summary>
    Cuda,
}

/// <summary>What the solver is asked for.</summary>
public sealed record SvdOptions
{
    /// <summary>k, at least 1 and at most the smaller side of the matrix.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>Columns that one pass multiplies, a multiple of 16; 0 takes an eighth of the rank, 16 to 64.</summary>
    public int BlockWidth { get; init; }

    /// <summary>The most passes (one pass is a product with R and one with Rᵀ); as many as it takes to have k vectors
    /// are made in any case.</summary>
    public int IterationsMax { get; init; } = 60;

    /// <summary>Stops when the largest residual <c>‖RᵀR v_i − σ_i² v_i‖ / max(σ_k², 10⁻⁴ σ_1²)</c> of the k vectors is
    /// at most this. At the default, <c>‖R − U Σ Vᵀ‖</c> was smaller on every matrix tried than after the 5 power
    /// iterations that are usual.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Right vectors to begin with, those of an earlier model of nearly the same matrix: row by row, shape (n,
    /// k'), 0 for items that it did not know. The factors found keep its order and its signs. Null begins at
    /// random.</summary>
    public float[]? Start { get; init; }

    /// <summary>Seed of the random columns.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where it runs.</summary>
    public SvdDevice Device { get; init; }

    /// <summary>Threads, −1 for all cores. Does not change the result.</summary>
    public int Threads { get; init; } = -1;

    /// <summary>Told the number of a pass (from 1) and the residual after it, where it was looked at; or
    /// null.</summary>
    public Action<int, double>? Passed { get; init; }
}

/// <summary>A truncated SVD <c>R ≈ U Σ Vᵀ</c>.</summary>
/// <param name="Rank">k; lower than asked for if the matrix has no more.</param>
/// <param name="SingularValues">Σ, descending (but for values that changed places since
/// <see cref="SvdOptions.Start"/>), shape (k).</param>
/// <param name="V">Right vectors, row by row, shape (n, k). The largest component of each column is positive, or each
/// column points as that of <see cref="SvdOptions.Start"/> does.</param>
/// <param name="UserVectors">U Σ = R V, row by row, shape (m, k).</param>
/// <param name="Iterations">Passes made.</param>
/// <param name="Residual">The last residual measured, see <see cref="SvdOptions.Tolerance"/>.</param>
public sealed record SvdFactors(
    int Rank, float[] SingularValues, float[] V, float[] UserVectors, int Iterations, double Residual)
{
    /// <summary>What ran, for example <c>cpu, 2 threads</c>.</summary>
    public string Backend { get; init; } = "";
}
