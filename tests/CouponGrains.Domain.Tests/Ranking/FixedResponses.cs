using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Tests.Ranking;

/// <summary>Tells the same response of an offer to everybody.</summary>
/// <param name="of">The response to the offer at a place.</param>
/// <param name="basis">What it rests on.</param>
internal sealed class FixedResponses(Func<int, ResponseScores> of, ResponseBasis basis = ResponseBasis.Model)
    : IResponseScorer
{
    /// <summary>The offers asked for in each call.</summary>
    public List<int[]> Asked { get; } = [];

    public ResponseBasis Score(
        RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now, Span<ResponseScores> scores)
    {
        Asked.Add(offers.ToArray());
        for (var i = 0; i < offers.Length; i++)
        {
            scores[i] = of(offers[i]);
        }

        return basis;
    }

    public IReadOnlyList<IReadOnlyList<FeaturePart>> Explain(
        RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now) =>
        [.. offers.ToArray().Select(_ => (FeaturePart[])[new("what you bought before", 0.7), new("the coupon", -0.2)])];
}
