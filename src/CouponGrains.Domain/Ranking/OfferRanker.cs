using System.Buffers;
using System.Numerics.Tensors;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>Whom offers are ranked for.</summary>
/// <param name="Profile">His profile.</param>
/// <param name="Taste">His taste under the index's model, folded from the profile, or null without a model.</param>
/// <param name="Wallet">His coupons.</param>
/// <param name="Sequence">What the response model's encoder made of his events, or null without one.</param>
public sealed record RankingSubject(
    UserProfile Profile, TasteVector? Taste, IReadOnlyCollection<Coupon> Wallet, SequenceState? Sequence = null);

/// <summary>Ranks offers for a user: eligibility, score, diversity. Pure.</summary>
public static class OfferRanker
{
    /// <summary>True if the campaign may issue the offer to the user at <paramref name="now"/>: it is active and inside
    /// its window, he is in its audience, a first-order offer meets a user without orders, its caps leave room, and he
    /// does not hold the same offer open. Whether the budget has anything left, the ledger tells.</summary>
    public static bool IsEligible(OfferIndex index, int offer, RankingSubject subject, DateTimeOffset now) =>
        new Eligibility(index, subject, now).Allows(index.Offers[offer]);

    /// <summary>True if the user is ranked for by his own taste: there is a model, he consents, and the model knows
    /// something of his past. Throws if his taste belongs to another model than the index.</summary>
    public static bool IsPersonal(OfferIndex index, RankingSubject subject)
    {
        if (index.Model is null || subject.Taste is null)
        {
            return false;
        }

        return subject.Taste.IsOf(index.Model)
            ? subject.Profile.Record.Consent && !subject.Taste.IsCold
            : throw new ArgumentException(
                $"The taste belongs to other rows, of {subject.Taste.Model}, than the index, of {index.Model.Version}.",
                nameof(subject));
    }

    /// <summary>The best <paramref name="count"/> eligible offers, best first; ties by offer id. Users without consent,
    /// and users of whom the model knows nothing, are ranked by the popularity of what an offer covers, and the reasons
    /// say so.</summary>
    /// <remarks>Each next offer is the one with the largest <c>(1 − d) · score / max|score| − d · max cos(e, e′)</c>,
    /// with d the diversity of its campaign and e′ the offers already chosen (maximal marginal relevance, Carbonell and
    /// Goldstein 1998). So the first of a campaign is the one with the largest score.</remarks>
    /// <param name="index">What there is.</param>
    /// <param name="subject">For whom.</param>
    /// <param name="campaign">Only this campaign's offers, or null for all.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<RankedOffer> Rank(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, int count, DateTimeOffset now)
    {
        var candidates = Candidates(index, subject, campaign, now);
        var policies = candidates.GroupBy(c => index.Offers[c.Offer].Campaign)
            .ToDictionary(g => g.Key, g => (Best: g.First().Offer, Count: g.Count()));
        var ranked = new List<RankedOffer>();
        foreach (var candidate in Diverse(index, candidates, count))
        {
            var id = index.Offers[candidate.Offer].Campaign;
            var (best, among) = policies[id];
            ranked.Add(Explain(index, subject, candidate, Propensity(index, id, candidate.Offer == best, among)));
        }

        return ranked;
    }

    /// <summary>The offer to issue: the best, or with the campaign's exploration share a random eligible one; null if
    /// none is eligible. Its propensity is that of this draw.</summary>
    public static RankedOffer? Choose(
        OfferIndex index, RankingSubject subject, CampaignId campaign, DateTimeOffset now, Random random)
    {
        var candidates = Candidates(index, subject, campaign, now);
        if (candidates.Count == 0)
        {
            return null;
        }

        var explores = random.NextDouble() < index.Campaigns[campaign].Ranking.Exploration;
        var drawn = explores ? random.Next(candidates.Count) : 0;
        var chosen = Explain(
            index, subject, candidates[drawn], Propensity(index, campaign, drawn == 0, candidates.Count));
        var explored = new Reason("explored", "Chosen at random, to learn what you like");
        return explores ? chosen with { Reasons = [explored, .. chosen.Reasons] } : chosen;
    }

    /// <summary>The eligible offers with their scores, the best first.</summary>
    private static List<Candidate> Candidates(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, DateTimeOffset now)
    {
        var taste = IsPersonal(index, subject) ? subject.Taste : null;
        var neighbours = ArrayPool<double>.Shared.Rent(index.Offers.Count);
        try
        {
            var norm = taste is null ? 0 : Neighbours(index, subject.Profile, taste, neighbours);
            return Candidates(index, subject, campaign, now, taste, neighbours, norm);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(neighbours);
        }
    }

    private static List<Candidate> Candidates(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, DateTimeOffset now, TasteVector? taste,
            double[] neighbours, double norm)
    {
        var eligibility = new Eligibility(index, subject, now);
        var candidates = new List<Candidate>();
        for (var i = 0; i < index.Offers.Count; i++)
        {
            var offer = index.Offers[i];
            if ((campaign is { } only && offer.Campaign != only) || !eligibility.Allows(offer))
            {
                continue;
            }

            var scale = Scale(index.Campaigns[offer.Campaign].Ranking.Affinity, norm, index.AffinityNorm(i));
            var score = taste is null
                ? index.Popularity(i)
                : (TensorPrimitives.Dot<float>(taste.Values, index.Embedding(i)) + neighbours[i]) * scale;
            candidates.Add(new(i, score, scale));
        }

        // Stable, and the offers come in the order of their ids: so ties are broken by id.
        return [.. candidates.OrderByDescending(c => c.Score)];
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

    private static IEnumerable<Candidate> Diverse(OfferIndex index, List<Candidate> candidates, int count)
    {
        var largest = candidates.Select(c => Math.Abs(c.Score)).DefaultIfEmpty().Max();
        var likeness = new double[candidates.Count];
        var chosen = new bool[candidates.Count];
        for (var n = 0; n < Math.Min(count, candidates.Count); n++)
        {
            var best = -1;
            var bestWorth = double.NegativeInfinity;
            for (var i = 0; i < candidates.Count; i++)
            {
                var diversity = index.Campaigns[index.Offers[candidates[i].Offer].Campaign].Ranking.Diversity;
                var relevance = largest > 0 ? candidates[i].Score / largest : 0;
                var worth = ((1 - diversity) * relevance) - (diversity * likeness[i]);
                if (!chosen[i] && worth > bestWorth)
                {
                    (best, bestWorth) = (i, worth);
                }
            }

            chosen[best] = true;
            yield return candidates[best];
            for (var i = 0; i < candidates.Count; i++)
            {
                var cosine = Cosine(index, candidates[i].Offer, candidates[best].Offer);
                likeness[i] = n == 0 ? cosine : Math.Max(likeness[i], cosine);
            }
        }
    }

    private static double Cosine(OfferIndex index, int a, int b)
    {
        var norms = (double)index.Norm(a) * index.Norm(b);
        return norms > 0 ? TensorPrimitives.Dot(index.Embedding(a), index.Embedding(b)) / norms : 0;
    }

    /// <summary>With exploration ε and n eligible offers: <c>1 − ε + ε/n</c> for the best, <c>ε/n</c> for the
    /// others.</summary>
    private static double Propensity(OfferIndex index, CampaignId campaign, bool isBest, int among)
    {
        var exploration = index.Campaigns[campaign].Ranking.Exploration;
        return Math.Min(1, (isBest ? 1 - exploration : 0) + (exploration / among));
    }

    private static RankedOffer Explain(
        OfferIndex index, RankingSubject subject, Candidate candidate, double propensity) => new(
        index.Offers[candidate.Offer],
        candidate.Score,
        propensity,
        index.Model?.Version ?? default,
        IsPersonal(index, subject)
            ? Explanation.OfTaste(index, candidate.Offer, subject.Profile, subject.Taste!, candidate.Scale)
            : Explanation.OfPopularity(index, subject.Profile));

    /// <summary>An eligible offer.</summary>
    /// <param name="Offer">Its place in the index.</param>
    /// <param name="Score">What it is ranked by.</param>
    /// <param name="Scale">What the affinity is multiplied by to be the score.</param>
    private readonly record struct Candidate(int Offer, double Score, double Scale);
}
