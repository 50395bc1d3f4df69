using CouponGrains.Domain;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class HeldOutMetricsTests
{
    [Fact]
    public void Hit_rate_and_gain_equal_those_worked_out_by_hand()
    {
        // 12 items, rank 1: our order for user 0 is item 11, 10, …, and for user 1 (opposite taste) item 0, 1, …
        var v = Enumerable.Range(0, 12).Select(i => (i - 5.5f) / 10).ToArray();
        var factors = new SvdFactors(1, [1f], v, [1f, -1f], 1, 0);

        // Popularity: item 3 first (3 entries), item 0 next (2), then 1, 2 and 4 to 9 in their order; 10 and 11 never.
        var entries = new CsrMatrix(3, 12, [0, 11, 13, 14], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 3, 3],
            [.. Enumerable.Repeat(1f, 14)]);
        var matrix = new BehaviourMatrix(
            [new UserId("a"), new("b"), new("c")], [.. Enumerable.Range(0, 12).Select(i => new ItemId($"{i:00}"))],
            entries, default);

        // User 0 bought item 9 (our place 3) and one the model does not know; user 1 item 11 (our place 12).
        var metrics = HeldOutMetrics.Measure(matrix, factors, [(0, [-1, 9]), (1, [11])], 1, default);
        var ideal = 1 + (1 / Math.Log2(3));
        Assert.Equal(0.5, metrics.HitRate10);
        Assert.Equal(1 / Math.Log2(4) / ideal / 2, metrics.Ndcg10, 1e-12);
        Assert.Equal(0.5, metrics.PopularityHitRate10);
        Assert.Equal(1 / Math.Log2(11) / ideal / 2, metrics.PopularityNdcg10, 1e-12);
        Assert.Equal(2, metrics.Users);
    }
}
