using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Evaluation;

public sealed class HeldOutMetricsTests
{
    [Fact]
    public void Hit_rate_and_gain_equal_those_worked_out_by_hand()
    {
        // 12 items: our order for user 0 is item 11, 10, …, and for user 1 (opposite taste) item 0, 1, …
        // Popularity: item 3 first (3 entries), item 0 next (2), then 1, 2 and 4 to 9 in their order; 10 and 11 never.
        var entries = new CsrMatrix(3, 12, [0, 11, 13, 14], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 3, 3],
            [.. Enumerable.Repeat(1f, 14)]);

        // User 0 bought item 9 (our place 3) and one the model does not know; user 1 item 11 (our place 12).
        var metrics = HeldOutMetrics.Measure(TemporalRanking.Of(entries, [(0, [-1, 9]), (1, [11])]), Score, 1, default);
        var ideal = 1 + (1 / Math.Log2(3));
        Assert.Equal(0.5, metrics.HitRate10);
        Assert.Equal(1 / Math.Log2(4) / ideal / 2, metrics.Ndcg10, 1e-12);
        Assert.Equal(0.5, metrics.PopularityHitRate10);
        Assert.Equal(1 / Math.Log2(11) / ideal / 2, metrics.PopularityNdcg10, 1e-12);
        Assert.Equal(2, metrics.Users);
    }

    [Fact]
    public void Where_nobody_bought_later_there_is_nothing_to_measure()
    {
        var entries = new CsrMatrix(1, 2, [0, 1], [0], [1f]);
        Assert.Equal(new(0, 0, 0, 0, 0), HeldOutMetrics.Measure(TemporalRanking.Of(entries, []), Score, 1, default));
    }

    private static void Score(CsrMatrix histories, ReadOnlySpan<int> users, Span<float> scores)
    {
        for (var i = 0; i < users.Length; i++)
        {
            for (var item = 0; item < histories.Columns; item++)
            {
                scores[(i * histories.Columns) + item] = users[i] == 0 ? item : -item;
            }
        }
    }
}
