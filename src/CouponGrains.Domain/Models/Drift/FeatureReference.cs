namespace CouponGrains.Domain.Models.Drift;

/// <summary>How the values of one feature were spread over bins when a model was trained.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Edges">The upper ends of all bins but the last, ascending: at most nine, by deciles, or one for each
/// value where there are no more than ten.</param>
/// <param name="Shares">The share of the values in each bin, one more than edges; they sum to 1.</param>
public sealed record FeatureReference(string Name, IReadOnlyList<double> Edges, IReadOnlyList<double> Shares)
{
    /// <summary>The most bins.</summary>
    public const int BinsMax = 10;

    /// <summary>The reference of these values; null if there are fewer than
    /// <see cref="PopulationStability.ValuesMin"/>, which tell nothing. NaN is no value.</summary>
    public static FeatureReference? Of(string name, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Order()];
        if (sorted.Length < PopulationStability.ValuesMin)
        {
            return null;
        }

        double[] distinct = [.. sorted.Distinct().Take(BinsMax + 1)];
        double[] edges = distinct.Length <= BinsMax
            ? distinct[..^1]
            : [.. Enumerable.Range(1, BinsMax - 1).Select(i => sorted[(i * sorted.Length / BinsMax) - 1]).Distinct()];
        var counts = new long[edges.Length + 1];
        foreach (var value in sorted)
        {
            counts[BinOf(edges, value)]++;
        }

        return new(name, edges, [.. counts.Select(c => (double)c / sorted.Length)]);
    }

    /// <summary>The bin of a value.</summary>
    public int BinOf(double value) => BinOf(Edges, value);

    private static int BinOf(IReadOnlyList<double> edges, double value)
    {
        var bin = 0;
        while (bin < edges.Count && value > edges[bin])
        {
            bin++;
        }

        return bin;
    }
}
