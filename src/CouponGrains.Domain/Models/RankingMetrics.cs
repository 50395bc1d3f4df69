namespace CouponGrains.Domain.Models;

/// <summary>Metrics of one ranked list, each 0 to 1. <c>relevant</c> tells, from the first rank on, which are
/// relevant.</summary>
public static class RankingMetrics
{
    /// <summary>1 if one of the first <paramref name="k"/> is relevant, otherwise 0.</summary>
    public static double HitRate(ReadOnlySpan<bool> relevant, int k) => First(relevant, k).Contains(true) ? 1 : 0;

    /// <summary>Discounted cumulative gain of the first k over that of the ideal order of min(k, relevantTotal)
    /// relevant ones; binary gain, discount <c>1/log2(rank + 1)</c>. 0 if nothing is relevant.</summary>
    public static double Ndcg(ReadOnlySpan<bool> relevant, int k, int relevantTotal)
    {
        var (gain, ideal) = (0.0, 0.0);
        for (var rank = 1; rank <= Math.Min(k, relevantTotal); rank++)
        {
            ideal += 1 / Math.Log2(rank + 1);
        }

        var first = First(relevant, k);
        for (var rank = 1; rank <= first.Length; rank++)
        {
            gain += first[rank - 1] ? 1 / Math.Log2(rank + 1) : 0;
        }

        return ideal > 0 ? gain / ideal : 0;
    }

    /// <summary>Relevant ones among the first k over <paramref name="relevantTotal"/>. 0 if nothing is
    /// relevant.</summary>
    public static double Recall(ReadOnlySpan<bool> relevant, int k, int relevantTotal) =>
        relevantTotal > 0 ? (double)First(relevant, k).Count(true) / relevantTotal : 0;

    /// <summary>Mean over the relevant ones of the precision at their rank, 0 for those that are not in the list. 0 if
    /// nothing is relevant.</summary>
    public static double AveragePrecision(ReadOnlySpan<bool> relevant, int relevantTotal)
    {
        var (sum, found) = (0.0, 0);
        for (var i = 0; i < relevant.Length; i++)
        {
            if (relevant[i])
            {
                found++;
                sum += (double)found / (i + 1);
            }
        }

        return relevantTotal > 0 ? sum / relevantTotal : 0;
    }

    private static ReadOnlySpan<bool> First(ReadOnlySpan<bool> relevant, int k) =>
        relevant[..Math.Clamp(k, 0, relevant.Length)];
}
