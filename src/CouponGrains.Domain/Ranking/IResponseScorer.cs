using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Ranking;

/// <summary>Tells how a user responds to the offers of one index.</summary>
public interface IResponseScorer
{
    /// <summary>Scores offers for a user.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="offers">Places in the index.</param>
    /// <param name="now">When they would be issued.</param>
    /// <param name="scores">Filled in, one for each of <paramref name="offers"/>.</param>
    /// <returns>What the scores rest on.</returns>
    ResponseBasis Score(
        RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now, Span<ResponseScores> scores);

    /// <summary>What spoke for and against the redemption of each of some offers: for each group of features, what the
    /// logit loses if the group is set to 0 (leave one group out), the strongest first. The parts need not sum to the
    /// logit. Empty where the scores rest on the segment.</summary>
    IReadOnlyList<IReadOnlyList<FeaturePart>> Explain(
        RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now);
}

/// <summary>The part of a group of features in a score.</summary>
/// <param name="Group">The group's name, for people.</param>
/// <param name="Logit">What the logit of the redemption loses without it.</param>
public readonly record struct FeaturePart(string Group, double Logit);
