using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>A user who redeemed in a campaign, with a score for each of its coupons by each row.</summary>
internal sealed record CouponCase(OfferId[] Coupons, bool[] Relevant, double[] Popularity)
{
    public Dictionary<string, double[]> Scores { get; } = [];

    /// <summary>What our score mixes: see <see cref="MixWeights"/>.</summary>
    public required MixParts Parts { get; init; }

    /// <summary>What the spectral model's score is made of.</summary>
    public required SpectralParts Spectral { get; init; }
}

/// <summary>One campaign's cases, learned from what lies before its start.</summary>
internal sealed record CampaignScores(CampaignId Campaign, IReadOnlyList<CouponCase> Cases)
{
    public const string Ours = "ours";
    public const string Spectral = "ours: spectral";

    /// <summary>Weights that count every event alike.</summary>
    internal static readonly BehaviourWeights Undecayed = new() { HalfLife = TimeSpan.FromDays(365_000) };

    /// <summary>Null if the campaign has no redemption or nothing lies before it.</summary>
    public static CampaignScores? Compute(
        BehaviourTrace trace, CatalogIndex catalog, PastCampaign campaign, SpectralOptions spectral,
        CouponEvaluationOptions options, RowClock clock, CancellationToken cancel)
    {
        if (!CanMeasure(trace, campaign))
        {
            return null;
        }

        var until = campaign.Start.AddTicks(-1);

        var counts = trace.Matrix(Undecayed, until);
        var entries = trace.Matrix(new(), until);
        var coupons = campaign.Coupons.Keys.Order().ToArray();
        var scorer = new CampaignScorer(
            catalog, counts, entries, [.. coupons.Select(c => campaign.Coupons[c])], spectral, options, clock, cancel);
        return new(campaign.Id, [.. campaign.Redeemed.OrderBy(r => r.Key)
            .Select(r => scorer.Case(r.Key, coupons, [.. coupons.Select(c => r.Value.Contains(c))]))]);
    }

    /// <summary>False if the campaign has no redemption or nothing lies before it.</summary>
    public static bool CanMeasure(BehaviourTrace trace, PastCampaign campaign) =>
        campaign.Redeemed.Count > 0 && trace.Count > 0 && trace.Oldest < campaign.Start;
}
