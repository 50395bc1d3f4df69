using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>Whom offers are ranked for.</summary>
/// <param name="Profile">His profile.</param>
/// <param name="Taste">His taste under the index's model, or null without one.</param>
/// <param name="Wallet">His coupons.</param>
public sealed record RankingSubject(UserProfile Profile, TasteVector? Taste, IReadOnlyCollection<Coupon> Wallet);

/// <summary>Ranks offers for a user: eligibility, score, diversity. Pure.</summary>
public static class OfferRanker
{
    /// <summary>True if the campaign may issue the offer to the user at <paramref name="now"/>: it is active and inside
    /// its window, he is in its audience, a first-order offer meets a user without orders, its caps leave room, and he does
    /// not hold the same offer open.</summary>
    public static bool IsEligible(OfferIndex index, int offer, RankingSubject subject, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>The best <paramref name="count"/> eligible offers, best first; ties by offer id. Users without consent, and
    /// users of whom the model knows nothing, are ranked by the popularity of what an offer covers, and the reasons say
    /// so.</summary>
    /// <param name="index">What there is.</param>
    /// <param name="subject">For whom.</param>
    /// <param name="campaign">Only this campaign's offers, or null for all.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<RankedOffer> Rank(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, int count, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>The offer to issue: the best, or with the campaign's exploration share a random eligible one; null if none
    /// is eligible. Its propensity is that of this draw.</summary>
    public static RankedOffer? Choose(
        OfferIndex index, RankingSubject subject, CampaignId campaign, DateTimeOffset now, Random random) => throw new NotImplementedException();
}
