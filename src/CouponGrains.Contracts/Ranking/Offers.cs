using CouponGrains.Domain;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Ranking;

/// <summary>A question for offers.</summary>
/// <param name="Count">How many at the most, 1 to 100.</param>
/// <param name="Campaign">Only of this campaign, or null.</param>
[GenerateSerializer, Immutable, Alias("cg.offers-query")]
public sealed record OffersQuery([property: Id(0)] int Count = 10, [property: Id(1)] CampaignId? Campaign = null);

/// <summary>The offers for a user.</summary>
/// <param name="Offers">Best first, with reasons.</param>
/// <param name="Model">The model behind them.</param>
/// <param name="Personal">False if they were ranked by popularity.</param>
[GenerateSerializer, Immutable, Alias("cg.offers-answer")]
public sealed record OffersAnswer(
    [property: Id(0)] IReadOnlyList<RankedOffer> Offers, [property: Id(1)] ModelVersion Model, [property: Id(2)] bool Personal);
