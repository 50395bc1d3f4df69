using System.Buffers;
using System.Numerics.Tensors;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>An eligible offer.</summary>
/// <param name="Offer">Its place in the index.</param>
/// <param name="Affinity">Its affinity, scaled, or its popularity where there is no taste to go by.</param>
/// <param name="Scale">What the affinity was multiplied by.</param>
/// <param name="Score">What it is ranked by.</param>
/// <param name="Response">How the user is expected to respond; null if that was not asked.</param>
/// <param name="Basis">What that rests on.</param>
internal readonly record struct Candidate(
    int Offer, double Affinity, double Scale, double Score, ResponseScores? Response, ResponseBasis? Basis);

/// <summary>The offers that one user may be issued at one moment: all of them by affinity, and of each campaign the first
/// ones scored by what it ranks by.</summary>
internal sealed class Candidates
{
    private readonly OfferIndex _index;
    private readonly RankingSubject _subject;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<CampaignId, List<Candidate>> _eligible;

    private Candidates(OfferIndex index, RankingSubject subject, DateTimeOffset now, IEnumerable<Candidate> eligible)
    {
        (_index, _subject, _now) = (index, subject, now);
        // Stable, and the offers come in the order of their ids: so ties are broken by id.
        _eligible = eligible.GroupBy(c => index.Offers[c.Offer].Campaign)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(c => c.Affinity).ToList());
        Ranked = Rank();
    }

    /// <summary>Those that are ranked, the largest share of the best of its kind first; ties by offer id.</summary>
    internal IReadOnlyList<(Candidate Candidate, double Relevance)> Ranked { get; }

    /// <summary>The eligible offers, of one campaign or of all.</summary>
    internal static Candidates Of(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, Eligibility eligibility, DateTimeOffset now)
    {
        var taste = OfferRanker.IsPersonal(index, subject) ? subject.Taste : null;
        var neighbours = ArrayPool<double>.Shared.Rent(index.Offers.Count);
        try
        {
            var norm = taste is null ? 0 : Neighbours(index, subject.Profile, taste, neighbours);
            return new(index, subject, now, Eligible(index, campaign, eligibility, taste, neighbours, norm));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(neighbours);
        }
    }

    /// <summary>The campaign's eligible offers by affinity, scored or not; empty if there are none.</summary>
    internal IReadOnlyList<Candidate> EligibleOf(CampaignId campaign) => _eligible.GetValueOrDefault(campaign) ?? [];

    /// <summary>An eligible offer with its score, which it lacks if it was not among those that are ranked.</summary>
    internal Candidate Scored(Candidate candidate)
    {
        if (candidate.Response is null && ByValue(_index.Offers[candidate.Offer].Campaign))
        {
            var one = new List<Candidate> { candidate };
            Score(one);
            return one[0];
        }

        return candidate;
    }

    private static List<Candidate> Eligible(
        OfferIndex index, CampaignId? campaign, Eligibility eligibility, TasteVector? taste, double[] neighbours,
            double norm)
    {
        var eligible = new List<Candidate>();
        for (var i = 0; i < index.Offers.Count; i++)
        {
            var offer = index.Offers[i];
            if ((campaign is { } only && offer.Campaign != only) || !eligibility.Allows(offer))
            {
                continue;
            }

            var scale = Scale(index.Campaigns[offer.Campaign].Ranking.Affinity, norm, index.AffinityNorm(i));
            var affinity = taste is null
                ? index.Popularity(i)
                : (TensorPrimitives.Dot<float>(taste.Values, index.Embedding(i)) + neighbours[i]) * scale;
            eligible.Add(new(i, affinity, scale, affinity, null, null));
        }

        return eligible;
    }

    /// <summary>Fills in what the neighbours of the user's items say for each offer, and answers the norm of
    /// <c>(u, r_u)</c> over the items that have neighbours.</summary>
    private static double Neighbours(OfferIndex index, UserProfile profile, TasteVector taste, double[] neighbours)
    {
        var parts = neighbours.AsSpan(0, index.Offers.Count);
        var squares = (double)TensorPrimitives.SumOfSquares<float>(taste.Values);
        if (index.Neighbours.IsEmpty)
        {
            parts.Clear();
            return Math.Sqrt(squares);
        }

        return Math.Sqrt(squares + index.Neighbours.Score(index.Model!.Factors, profile, taste, parts));
    }

    private static double Scale(Affinity affinity, double subjectNorm, double offerNorm)
    {
        var norms = subjectNorm * offerNorm;
        return affinity == Affinity.Dot ? 1 : norms > 0 ? 1 / norms : 0;
    }

    private bool ByValue(CampaignId campaign) => _index.Scorer is not null
        && _index.Campaigns[campaign].Ranking.Objective == RankingObjective.ExpectedValue;

    private List<(Candidate, double)> Rank()
    {
        var byValue = _eligible.Where(e => ByValue(e.Key))
            .SelectMany(e => e.Value.Take(_index.Campaigns[e.Key].Ranking.Candidates)).ToList();
        Score(byValue);
        // Values of different currencies, and values and affinities, do not compare: each counts as a share of the largest
        // of its own kind.
        return [.. _eligible.Where(e => !ByValue(e.Key)).SelectMany(e => e.Value).Concat(byValue)
            .GroupBy(Kind)
            .SelectMany(kind =>
            {
                var largest = kind.Max(c => Math.Abs(c.Score));
                return kind.Select(c => (Candidate: c, Relevance: largest > 0 ? c.Score / largest : 0));
            })
            .OrderByDescending(c => c.Relevance).ThenBy(c => c.Candidate.Offer)];
    }

    private object Kind(Candidate candidate)
    {
        var campaign = _index.Campaigns[_index.Offers[candidate.Offer].Campaign];
        return candidate.Response is null ? campaign.Ranking.Affinity : campaign.Budget.Currency;
    }

    private void Score(List<Candidate> candidates)
    {
        if (candidates.Count == 0)
        {
            return;
        }

        var offers = candidates.ConvertAll(c => c.Offer);
        var scores = new ResponseScores[offers.Count];
        var basis = _index.Scorer!.Score(_subject, offers.ToArray(), _now, scores);
        for (var i = 0; i < scores.Length; i++)
        {
            var (candidate, campaign) = (candidates[i], _index.Campaigns[_index.Offers[offers[i]].Campaign]);
            var isKnown = basis == ResponseBasis.Model && _index.Norm(candidate.Offer) > 0;
            candidates[i] = candidate with
            {
                Score = ExpectedValue.Of(scores[i], _index.Use(candidate.Offer), campaign.Ranking.Worth),
                Response = scores[i],
                Basis = isKnown ? ResponseBasis.Model : ResponseBasis.Segment,
            };
        }
    }
}
