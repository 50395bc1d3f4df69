using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The two ways of scoring a campaign that are mixed.</summary>
/// <param name="Popularity">Of its coupons, for ties.</param>
/// <param name="Own">By own past purchases.</param>
/// <param name="Model">By a model, in probabilities of the same users.</param>
internal sealed record MixPart(double[] Popularity, IReadOnlyList<ScoredOffers> Own, IReadOnlyList<ScoredOffers> Model);

/// <summary>The convex mix of own past purchases with the logits of a model, each standardised over the coupons of a
/// user.</summary>
internal static class ResponseMix
{
    private const int Steps = 10;

    /// <summary>The weight of own past purchases, in tenths, with the highest mean average precision over all cases of
    /// the parts; the lower one on a tie; 0.5 without any case.</summary>
    public static double Choose(IReadOnlyList<MixPart> parts) =>
        parts.Any(p => p.Own.Any(u => u.Ranked.Length > 0))
            ? Enumerable.Range(0, Steps + 1).Select(s => s / (double)Steps).MaxBy(w => parts.SelectMany(p => Of(p, w))
                .Where(u => u.Ranked.Length > 0).Average(u => RankingMetrics.AveragePrecision(u.Ranked, u.Ranked.Count(x => x))))
            : 0.5;

    /// <summary>The users with their mixed scores.</summary>
    public static IReadOnlyList<ScoredOffers> Of(MixPart part, double weight) =>
        [.. part.Own.Zip(part.Model, (own, model) =>
        {
            var (a, b) = (Standard(own.Scores), Standard(Array.ConvertAll(model.Scores, Logit)));
            return ScoredOffers.Of(own.User, part.Popularity, [.. a.Zip(b, (x, y) => (weight * x) + ((1 - weight) * y))], own.Relevant);
        })];

    private static double Logit(double p) => Math.Log(Math.Max(p, 1e-12) / Math.Max(1 - p, 1e-12));

    private static double[] Standard(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return Array.ConvertAll(values, v => deviation > 0 ? (v - mean) / deviation : 0);
    }
}
