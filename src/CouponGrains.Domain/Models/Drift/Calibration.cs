namespace CouponGrains.Domain.Models.Drift;

/// <summary>One bin of a calibration.</summary>
/// <param name="Issues">Issues whose redemption probability fell into it.</param>
/// <param name="Expected">The sum of their probabilities: the redemptions that were expected.</param>
/// <param name="Observed">The redemptions that came.</param>
public readonly record struct CalibrationBin(long Issues, double Expected, long Observed)
{
    /// <summary>Both together.</summary>
    public static CalibrationBin operator +(CalibrationBin a, CalibrationBin b) =>
        new(a.Issues + b.Issues, a.Expected + b.Expected, a.Observed + b.Observed);
}

/// <summary>What was expected of issues against what came of them, in ten bins by probability.</summary>
/// <param name="Bins">From the least probable on.</param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins)
{
    /// <summary>How many bins.</summary>
    public const int BinCount = 10;

    // Redemptions are rare: bins of equal width would hold nearly all issues in the first.
    private static readonly double[] Edges = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7];

    /// <summary>The upper ends of all bins but the last.</summary>
    public static IReadOnlyList<double> UpperEnds => Edges;

    /// <summary>Nothing issued.</summary>
    public static Calibration Empty { get; } = new(new CalibrationBin[BinCount]);

    /// <summary>All issues.</summary>
    public long Issues => Bins.Sum(b => b.Issues);

    /// <summary>The expected calibration error, <c>Σ_b n_b/n |expected_b/n_b − observed_b/n_b|</c> (Naeini et al.
    /// 2015); 0 without issues.</summary>
    public double Error => Issues == 0 ? 0 : Bins.Sum(b => Math.Abs(b.Expected - b.Observed)) / Issues;

    /// <summary>The bin of a probability.</summary>
    public static int BinOf(double probability)
    {
        var bin = Array.FindIndex(Edges, edge => probability < edge);
        return bin < 0 ? Edges.Length : bin;
    }

    /// <summary>Both together.</summary>
    public static Calibration operator +(Calibration a, Calibration b) =>
        new([.. a.Bins.Zip(b.Bins, (x, y) => x + y)]);
}
