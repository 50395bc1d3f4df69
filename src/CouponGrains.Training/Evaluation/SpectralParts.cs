using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The spectral model's score of each coupon, <c>Σ_i c_i s(u,i)</c>, without the repeats, and the repeats for
/// a weight ρ of 1, <c>Σ_i c_i r_ui P_ii</c>.</summary>
internal sealed record SpectralParts(double[] Others, double[] Repeats)
{
    private static readonly double[] RepeatWeights = [0, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256];

    /// <summary>The parts for one user, all 0 if he has no row. <paramref name="model"/> has a repeat weight of 1;
    /// <paramref name="cover"/> has the items of each coupon.</summary>
    public static SpectralParts Of(SpectralModel model, CsrMatrix entries, int row, int[][] cover)
    {
        if (row < 0)
        {
            return new(new double[cover.Length], new double[cover.Length]);
        }

        var scores = new float[model.Items];
        model.Score(entries, [row], scores);
        var repeats = new Dictionary<int, double>();
        var items = entries.RowIndices(row);
        var weights = entries.RowValues(row);
        for (var p = 0; p < items.Length; p++)
        {
            var place = model.Neighbours!.ItemsOf(items[p]).IndexOf(items[p]);
            repeats.Add(items[p], place < 0 ? 0 : (double)weights[p] * model.Neighbours.WeightsOf(items[p])[place]);
        }

        return new(
            Array.ConvertAll(cover, c => c.Sum(i => scores[i] - repeats.GetValueOrDefault(i))),
            Array.ConvertAll(cover, c => c.Sum(i => repeats.GetValueOrDefault(i))));
    }

    /// <summary>The repeat weight with the best mean average precision on <paramref name="cases"/>, of a grid; the
    /// first of equal ones, so the smallest.</summary>
    public static double Tune(IReadOnlyList<CouponCase> cases) => RepeatWeights.MaxBy(weight => cases.Average(c =>
    {
        var ranked = CouponEvaluation.Ranked(c, c.Spectral.Score(weight));
        return RankingMetrics.AveragePrecision(ranked, ranked.Count(x => x));
    }));

    /// <summary>The scores at a repeat weight.</summary>
    public double[] Score(double repeatWeight) =>
        [.. Others.Zip(Repeats, (others, repeats) => others + (repeatWeight * repeats))];
}
