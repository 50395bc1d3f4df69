using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>Measures what a model trained on the time before an instant knows of the time after it, by the protocol of
/// <see cref="TemporalRanking"/>. Nothing is masked: buying again what one bought before is what most coupons are
/// for.</summary>
internal static class HeldOutMetrics
{
    /// <summary>All figures are 0 if nobody of the earlier part bought anything later.</summary>
    public static ModelMetrics Measure(TemporalRanking later, ScoreUsers model, int threads, CancellationToken cancel)
    {
        if (later.Users.Length == 0)
        {
            return new(0, 0, 0, 0, 0);
        }

        var (ours, popular) = (later.Measure(model, threads, cancel),
            later.Measure(Baselines.Popularity(later.Train), threads, cancel));
        return new(ours.Hits, ours.Ndcg, popular.Hits, popular.Ndcg, later.Users.Length);
    }
}
