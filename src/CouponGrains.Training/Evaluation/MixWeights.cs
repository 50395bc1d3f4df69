using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>What our score mixes, each over the coupons: the user's own entries on what is covered <c>r·c</c>, their
/// low-pass <c>r V Vᵀ c</c>, the backing by their categories, and popularity <c>p·c</c>.</summary>
internal sealed record MixParts(double[] Own, double[] LowPass, double[] Category, double[] Popularity);

/// <summary>Our score: <c>r·c + lowPass · r V Vᵀ c + category · Σ_g r(g) p(c∩g)/p(g) + popularity · s p·c</c>, with s
/// chosen so that popularity and own entries have the same sum over the campaign's coupons. The exact part says what he
/// bought, the others fill in where a short history says nothing.</summary>
/// <param name="LowPass">Weight of the low-pass part.</param>
/// <param name="Category">Weight of the categories.</param>
/// <param name="Popularity">Weight of popularity.</param>
public sealed record MixWeights(double LowPass, double Category, double Popularity)
{
    private static readonly double[] Steps = [0, 0.05, 0.1, 0.2, 0.5, 1];
    private static readonly double[] PopularitySteps = [0.001, 0.01, 0.03, 0.1, 0.3];

    /// <summary>The weights with the best mean average precision on <paramref name="cases"/>, of a grid; the first of
    /// equal ones, so the smallest.</summary>
    internal static MixWeights Tune(IReadOnlyList<CouponCase> cases) =>
        (from lowPass in Steps from category in Steps from popularity in PopularitySteps select new MixWeights(lowPass, category, popularity))
        .MaxBy(weights => cases.Average(c =>
        {
            var ranked = CouponEvaluation.Ranked(c, weights.Score(c));
            return RankingMetrics.AveragePrecision(ranked, ranked.Count(x => x));
        }))!;

    internal double[] Score(CouponCase c)
    {
        var parts = c.Parts;
        var total = parts.Popularity.Sum();
        var scale = total > 0 ? Math.Max(1, parts.Own.Sum()) / total : 0;
        var scores = new double[parts.Own.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = parts.Own[i] + (LowPass * parts.LowPass[i]) + (Category * parts.Category[i])
                + (Popularity * scale * parts.Popularity[i]);
        }

        return scores;
    }
}
