using System.Numerics.Tensors;
using CouponGrains.Domain.Campaigns;
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
        new Eligibility(index, subject, now).Allows(offer);

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

    /// <summary>Why nothing of a campaign may be issued to the user now, or null: it is not active, does not address
    /// him, or a cap is reached, of the campaign or of the shop.</summary>
    public static Refusal? Obstacle(
        OfferIndex index, RankingSubject subject, CampaignId campaign, DateTimeOffset now) =>
        new Eligibility(index, subject, now).Obstacle(campaign);

    /// <summary>When the clock alone may change what the user may be issued: a campaign begins or ends, a coupon of his
    /// runs out or leaves the time that a frequency cap looks back on.</summary>
    public static DateTimeOffset UnchangedUntil(OfferIndex index, RankingSubject subject, DateTimeOffset now)
    {
        var until = DateTimeOffset.MaxValue;
        foreach (var campaign in index.Numbered)
        {
            Turn(campaign.Start);
            Turn(campaign.End);
        }

        foreach (var coupon in subject.Wallet)
        {
            Turn(coupon.ExpiresAt);
            foreach (var caps in index.Caps)
            {
                caps.Turns(coupon, Turn);
            }
        }

        return until;

        void Turn(DateTimeOffset at) => until = at > now && at < until ? at : until;
    }

    /// <summary>The best <paramref name="count"/> eligible offers, best first; ties by offer id. With a response model
    /// the campaign's candidates, the closest ones, are ranked by their expected value; of users and coupons that the
    /// model does not know by the prior of their segment, and the reasons say so. Without one, by affinity; users
    /// without consent, and users of whom the model knows nothing, by the popularity of what an offer covers.</summary>
    /// <remarks>Each next offer is the one with the largest <c>(1 − d) · score / max|score| − d · max cos(e, e′)</c>,
    /// with d the diversity of its campaign and e′ the offers already chosen (maximal marginal relevance, Carbonell and
    /// Goldstein 1998). So the first of a campaign is the one with the largest score.</remarks>
    /// <param name="index">What there is.</param>
    /// <param name="subject">For whom.</param>
    /// <param name="campaign">Only this campaign's offers, or null for all.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="now">The time.</param>
    /// <param name="isExplained">False leaves the reasons out, which is quicker.</param>
    public static IReadOnlyList<RankedOffer> Rank(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, int count, DateTimeOffset now,
        bool isExplained = true)
    {
        var eligibility = new Eligibility(index, subject, now);
        var candidates = Candidates.Of(index, subject, campaign, count, eligibility, now);
        var explanation = new Explanation(index, subject, eligibility, now, isExplained);
        return explanation.Explain(Diverse(index, candidates, count), chosen =>
        {
            var own = index.CampaignOf(chosen.Offer);
            return Propensity(own, chosen.Offer == Best(index, candidates, own), candidates.EligibleOf(own).Count);
        });
    }

    /// <summary>The list to show: that of <see cref="Rank"/>, but with the exploration share of the campaign that has
    /// the last place, a random one of its other eligible offers takes that place. The propensity of each is the
    /// probability that it stands in the list: 1 for the places before, <c>1 − ε</c> for the one that would be last,
    /// and <c>ε/m</c> for each of the m others.</summary>
    public static IReadOnlyList<RankedOffer> Show(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, int count, DateTimeOffset now, Random random)
    {
        var eligibility = new Eligibility(index, subject, now);
        var candidates = Candidates.Of(index, subject, campaign, count, eligibility, now);
        var explanation = new Explanation(index, subject, eligibility, now);
        var listed = Diverse(index, candidates, count);
        if (listed.Count == 0)
        {
            return [];
        }

        var shown = explanation.Explain(listed, _ => 1);
        var last = index.CampaignOf(listed[^1].Offer);
        var places = listed.Select(c => c.Offer).ToHashSet();
        var others = candidates.EligibleOf(last).Where(offer => !places.Contains(offer)).ToList();
        var exploration = others.Count > 0 ? last.Ranking.Exploration : 0;
        shown[^1] = random.NextDouble() < exploration
            ? Explored(explanation.Explain(
                [candidates.At(others[random.Next(others.Count)])], _ => exploration / others.Count)[0])
            : shown[^1] with { Propensity = 1 - exploration };
        return shown;
    }

    /// <summary>The offer to issue: the best, or with the campaign's exploration share a random eligible one; null if
    /// none is eligible. Its propensity is that of this draw.</summary>
    public static RankedOffer? Choose(
        OfferIndex index, RankingSubject subject, CampaignId campaign, DateTimeOffset now, Random random)
    {
        var eligibility = new Eligibility(index, subject, now);
        var candidates = Candidates.Of(index, subject, campaign, 1, eligibility, now);
        if (!index.Campaigns.TryGetValue(campaign, out var issued)
            || candidates.EligibleOf(issued) is not { Count: > 0 } eligible)
        {
            return null;
        }

        var best = candidates.Ranked[0];
        var explores = random.NextDouble() < issued.Ranking.Exploration;
        var drawn = explores ? candidates.At(eligible[random.Next(eligible.Count)]) : best;
        var chosen = new Explanation(index, subject, eligibility, now)
            .Explain([drawn], _ => Propensity(issued, drawn.Offer == best.Offer, eligible.Count))[0];
        return explores ? Explored(chosen) : chosen;
    }

    private static RankedOffer Explored(RankedOffer chosen) => chosen with
    {
        Reasons = [new("explored", "Chosen at random, to learn what you like"), .. chosen.Reasons],
    };

    /// <summary>The best of a campaign: the first of those that are ranked.</summary>
    private static int Best(OfferIndex index, Candidates candidates, Campaign campaign)
    {
        foreach (var candidate in candidates.Ranked)
        {
            if (ReferenceEquals(index.CampaignOf(candidate.Offer), campaign))
            {
                return candidate.Offer;
            }
        }

        return -1;
    }

    /// <summary>Chooses one after the other. What an offer is worth can only fall as others are chosen, once the first
    /// of them was looked at: so an offer is compared with those that were chosen since only when what it was worth
    /// before is more than the best has now.</summary>
    private static List<Candidate> Diverse(OfferIndex index, Candidates candidates, int count)
    {
        var ranked = candidates.Ranked;
        var listed = new List<Candidate>(Math.Min(count, ranked.Length));
        var (likeness, seen) = (new double[ranked.Length], new int[ranked.Length]);
        while (listed.Count < Math.Min(count, ranked.Length))
        {
            var best = -1;
            var bestWorth = double.NegativeInfinity;
            for (var i = 0; i < ranked.Length; i++)
            {
                var diversity = index.CampaignOf(ranked[i].Offer).Ranking.Diversity;
                while (seen[i] < listed.Count && seen[i] >= 0 && (seen[i] == 0 || Worth(i, diversity) > bestWorth))
                {
                    var cosine = diversity > 0 ? Cosine(index, ranked[i].Offer, listed[seen[i]].Offer) : 0;
                    likeness[i] = seen[i] == 0 ? cosine : Math.Max(likeness[i], cosine);
                    seen[i]++;
                }

                if (seen[i] == listed.Count && Worth(i, diversity) is var worth && worth > bestWorth)
                {
                    (best, bestWorth) = (i, worth);
                }
            }

            seen[best] = -1;
            listed.Add(ranked[best]);
        }

        return listed;

        double Worth(int i, double diversity) =>
            ((1 - diversity) * candidates.Relevance[i]) - (diversity * likeness[i]);
    }

    private static double Cosine(OfferIndex index, int a, int b)
    {
        var norms = (double)index.Norm(a) * index.Norm(b);
        return norms > 0 ? TensorPrimitives.Dot(index.Embedding(a), index.Embedding(b)) / norms : 0;
    }

    /// <summary>With exploration ε and n eligible offers: <c>1 − ε + ε/n</c> for the best, <c>ε/n</c> for the
    /// others.</summary>
    private static double Propensity(Campaign campaign, bool isBest, int among)
    {
        var exploration = campaign.Ranking.Exploration;
        return Math.Min(1, (isBest ? 1 - exploration : 0) + (exploration / among));
    }
}
