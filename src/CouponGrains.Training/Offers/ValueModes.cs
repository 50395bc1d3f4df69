namespace CouponGrains.Training.Offers;

/// <summary>
/// Mode-specific normalisation of a continuous column (Xu et al. 2019, section 4.2): a mixture of normal distributions
/// is fitted, and a value is written as the mode that it most likely comes from, one-hot, and its place in that mode,
/// <c>α = (x − μ) / 4σ</c> from −1 to 1. A column with several peaks, or with a spike, is so no harder than a plain
/// one. </summary>
/// <param name="Mean">μ of each mode.</param>
/// <param name="Scale">σ of each; never 0.</param>
/// <param name="Share">The share of values in each.</param>
internal sealed record ValueModes(double[] Mean, double[] Scale, double[] Share)
{
    private const int ModesMax = 8;
    private const int Rounds = 60;
    private const double ShareMin = 0.015;
    private const double Reach = 4;

    /// <summary>How many modes.</summary>
    public int Count => Mean.Length;

    /// <summary>Fits to values, at least one, by expectation maximisation from even quantiles; modes that hold next to
    /// nothing are dropped. Deterministic.</summary>
    public static ValueModes Fit(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        var least = Math.Max((sorted[^1] - sorted[0]) / 400, 1e-6);
        var mean = Enumerable.Range(0, ModesMax)
            .Select(i => sorted[(int)((i + 0.5) * sorted.Length / ModesMax)]).Distinct().ToArray();
        var start = Math.Max((sorted[^1] - sorted[0]) / (2 * mean.Length), least);
        var modes = new ValueModes(
            mean, [.. mean.Select(_ => start)], [.. mean.Select(_ => 1.0 / mean.Length)]);
        for (var round = 0; round < Rounds; round++)
        {
            modes = modes.Better(sorted, least);
        }

        return modes;
    }

    /// <summary>The mode that a value most likely comes from, and its place there.</summary>
    public (int Mode, float Place) Write(double value)
    {
        var weights = Weights(value);
        var mode = Array.IndexOf(weights, weights.Max());
        return (mode, (float)Math.Clamp((value - Mean[mode]) / (Reach * Scale[mode]), -1, 1));
    }

    /// <summary>The value at a place of a mode.</summary>
    public double Read(int mode, double place) => Mean[mode] + (Reach * Scale[mode] * Math.Clamp(place, -1, 1));

    // log density of each mode, up to what is common.
    private double[] Weights(double value) => [.. Enumerable.Range(0, Count).Select(m =>
        Math.Log(Share[m]) - Math.Log(Scale[m]) - (0.5 * Math.Pow((value - Mean[m]) / Scale[m], 2)))];

    private ValueModes Better(double[] values, double least)
    {
        var (count, sum, square) = (new double[Count], new double[Count], new double[Count]);
        foreach (var value in values)
        {
            var weights = Weights(value);
            var top = weights.Max();
            var shares = Array.ConvertAll(weights, w => Math.Exp(w - top));
            var total = shares.Sum();
            for (var m = 0; m < Count; m++)
            {
                var share = shares[m] / total;
                count[m] += share;
                sum[m] += share * value;
                square[m] += share * (value - Mean[m]) * (value - Mean[m]);
            }
        }

        var kept = Enumerable.Range(0, Count).Where(m => count[m] / values.Length >= ShareMin).ToArray();
        var all = kept.Sum(m => count[m]);
        return new(
            [.. kept.Select(m => sum[m] / count[m])],
            [.. kept.Select(m => Math.Max(Math.Sqrt(square[m] / count[m]), least))],
            [.. kept.Select(m => count[m] / all)]);
    }
}
