using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Tests.Models;

public sealed class RankingMetricsTests
{
    // Ranks 1, 3 and 6 are relevant; a fourth relevant one is not in the list.
    private static readonly bool[] List = [true, false, true, false, false, true];

    [Fact]
    public void The_hit_rate_is_one_if_one_of_the_first_k_is_relevant()
    {
        Assert.Equal(1, RankingMetrics.HitRate(List, 1));
        Assert.Equal(0, RankingMetrics.HitRate([false, false, true], 2));
        Assert.Equal(1, RankingMetrics.HitRate([false, false, true], 10));
        Assert.Equal(0, RankingMetrics.HitRate([], 10));
    }

    [Fact]
    public void Ndcg_is_the_gain_over_that_of_the_ideal_order()
    {
        // DCG = 1/log2(2) + 1/log2(4) + 1/log2(7) = 1 + 0.5 + 0.356207; ideal of 4 = 1 + 0.630930 + 0.5 + 0.430677.
        Assert.Equal(1.856207 / 2.561606, RankingMetrics.Ndcg(List, 10, 4), 6);
        Assert.Equal(1.5 / 2.130930, RankingMetrics.Ndcg(List, 3, 4), 6);
        Assert.Equal(1, RankingMetrics.Ndcg([true, true], 10, 2), 12);
        Assert.Equal(0, RankingMetrics.Ndcg(List, 10, 0));
    }

    [Fact]
    public void Recall_is_the_share_found_among_the_first_k()
    {
        Assert.Equal(0.5, RankingMetrics.Recall(List, 3, 4));
        Assert.Equal(0.75, RankingMetrics.Recall(List, 100, 4));
        Assert.Equal(0, RankingMetrics.Recall(List, 3, 0));
    }

    [Fact]
    public void Average_precision_is_the_mean_precision_at_the_relevant_ranks()
    {
        Assert.Equal((1.0 + (2.0 / 3) + (3.0 / 6)) / 4, RankingMetrics.AveragePrecision(List, 4), 12);
        Assert.Equal(0, RankingMetrics.AveragePrecision([], 0));
    }
}
