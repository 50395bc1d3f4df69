namespace CouponGrains.Simulation;

/// <summary>How much one policy earns above another, over several markets. Each market gives one difference, of two
/// runs with the same luck, and the differences of separate markets are independent.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Count">How many.</param>
public readonly record struct PairedDifference(double Mean, double Low, double High, int Count)
{
    /// <summary>True if the interval lies above 0.</summary>
    public bool IsGain => Low > 0;

    /// <summary>Student's interval <c>mean ± t · s / √n</c>, with t the 97.5 % point at n − 1 degrees of freedom and s
    /// the sample's standard deviation. Takes at least 2 differences.</summary>
    public static PairedDifference Of(IReadOnlyList<double> differences)
    {
        var n = differences.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2, nameof(differences));
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (n - 1));
        var half = StudentPoint(n - 1) * deviation / Math.Sqrt(n);
        return new(mean, mean - half, mean + half, n);
    }

    /// <summary>The 97.5 % point of Student's distribution: exact for 1 and 2 degrees of freedom (Cauchy's and a closed
    /// form), otherwise the expansion of Abramowitz and Stegun 26.7.5, which is within 0.3 % from 3 degrees
    /// on.</summary>
    internal static double StudentPoint(int degrees)
    {
        const double Z = 1.959_963_984_540_054;
        const double P = 0.975;
        switch (degrees)
        {
            case 1:
                return Math.Tan(Math.PI * (P - 0.5));
            case 2:
                return ((2 * P) - 1) / Math.Sqrt(2 * P * (1 - P));
            default:
                var (z3, z5, z7, z9) = (Math.Pow(Z, 3), Math.Pow(Z, 5), Math.Pow(Z, 7), Math.Pow(Z, 9));
                double v = degrees;
                return Z + ((z3 + Z) / (4 * v))
                    + (((5 * z5) + (16 * z3) + (3 * Z)) / (96 * v * v))
                    + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * Z)) / (384 * v * v * v))
                    + (((79 * z9) + (776 * z7) + (1482 * z5) - (1920 * z3) - (945 * Z)) / (92_160 * v * v * v * v));
        }
    }
}
