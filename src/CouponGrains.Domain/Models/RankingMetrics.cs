namespace CouponGrains.Domain.Models;

/// <summary>Metrics of one ranked list, each 0 to 1.</summary>
public static class RankingMetrics
{
    /// <summary>1 if one of the first <paramref name="k"/> is relevant, otherwise 0.</summary>
    public static double HitRate(ReadOnlySpan<bool> relevant, int k) => throw new NotImplementedException();

    /// <summary>Discounted cumulative gain of the first k over that of the ideal order of min(k, relevantTotal) relevant
    /// ones; binary gain, discount <c>1/log2(rank + 1)</c>. 0 if nothing is relevant.</summary>
    public static double Ndcg(ReadOnlySpan<bool> relevant, int k, int relevantTotal) => throw new NotImplementedException();

    /// <summary>Relevant ones among the first k over <paramref name="relevantTotal"/>.</summary>
    public static double Recall(ReadOnlySpan<bool> relevant, int k, int relevantTotal) => throw new NotImplementedException();

    /// <summary>Mean over the relevant ones of the precision at their rank.</summary>
    public static double AveragePrecision(ReadOnlySpan<bool> relevant, int relevantTotal) => throw new NotImplementedException();
}
