using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>How the closeness of a user and an offer is measured.</summary>
public enum Affinity
{
    /// <summary><c>u · e_c + Σ_j r_uj n_jc</c>; of plain SVD the entry of <c>U Σ Vᵀ · C</c>.</summary>
    Dot = 1,

    /// <summary>The same over <c>‖(u, r_u)‖ ‖(e_c, n_c)‖</c>: the affinity is the dot product of these longer vectors,
    /// so this is their cosine, −1 to 1, and an offer is not better for being on what everybody buys. Only items with
    /// neighbours are in r_u and n_c, so without any it is <c>u · e_c / (‖u‖ ‖e_c‖)</c>.</summary>
    Cosine = 2,
}

/// <summary>What offers are ranked by. The numbers are stored: never reuse one.</summary>
public enum RankingObjective
{
    /// <summary>What issuing the offer is expected to be worth to the shop, by the response model: see
    /// <see cref="ExpectedValue"/>. Where there is no response model, <see cref="Affinity"/>.</summary>
    ExpectedValue = 1,

    /// <summary>The closeness of user and offer alone.</summary>
    Affinity = 2,
}

/// <summary>What each response is worth to the shop, in minor units of the campaign's currency.</summary>
public sealed record ResponseWorth
{
    /// <summary>Times the margin that a typical cart in scope leaves after the discount, for a redemption; 0 ranks by
    /// the amounts below alone.</summary>
    public double MarginWeight { get; init; } = 1;

    /// <summary>A look at the coupon.</summary>
    public long ViewMinor { get; init; }

    /// <summary>A claim.</summary>
    public long ClaimMinor { get; init; }

    /// <summary>A redemption, beyond its margin: for example that a new customer came.</summary>
    public long RedemptionMinor { get; init; }

    /// <summary>A redemption that is rated 4 or 5.</summary>
    public long SatisfactionMinor { get; init; }

    /// <summary>What issuing a coupon costs, whatever comes of it.</summary>
    public long IssueCostMinor { get; init; }
}

/// <summary>How a campaign's offers are ranked.</summary>
public sealed record RankingOptions
{
    /// <summary>What by.</summary>
    public RankingObjective Objective { get; init; } = RankingObjective.ExpectedValue;

    /// <summary>The measure of closeness.</summary>
    public Affinity Affinity { get; init; } = Affinity.Cosine;

    /// <summary>How many of the offers, the closest first, are scored by the response model; the others are not ranked
    /// then. 1 to <see cref="RankingRules.CandidatesMax"/>.</summary>
    public int Candidates { get; init; } = 200;

    /// <summary>What each response is worth, for <see cref="RankingObjective.ExpectedValue"/>.</summary>
    public ResponseWorth Worth { get; init; } = new();

    /// <summary>0 ranks by score alone; towards 1, offers like those already chosen are passed over (maximal marginal
    /// relevance with weight 1 − this).</summary>
    public double Diversity { get; init; } = 0.2;

    /// <summary>The share of issues that go to a random eligible offer, so that later estimates are unbiased; 0 to
    /// 0.5.</summary>
    public double Exploration { get; init; } = 0.05;
}

/// <summary>A part of the explanation of a score.</summary>
/// <param name="Kind"><c>past_item</c> (an item of the user's own past), <c>popular</c> (ranked by popularity because
/// there is no model, no history or no consent), <c>new_items</c> (the offer is mostly on items that came after the
/// model), <c>segment</c> (how he responds is told from users like him), <c>value</c> (what the shop expects of it),
/// <c>feature</c> (what spoke for or against his using it), <c>explored</c> (chosen at random) or <c>rule</c> (a rule
/// of the campaign).</param>
/// <param name="Text">For people, in a few words.</param>
/// <param name="Item">The past item, for <c>past_item</c>.</param>
/// <param name="Contribution">For <c>past_item</c>, its exact part of the affinity: the parts of all past items sum to
/// it. For <c>feature</c>, what the logit of the redemption loses without that group of features. For <c>value</c>, the
/// expected value in minor units.</param>
/// <param name="Provisional">True if the item, or those of the offer, came after training: what they are like is
/// estimated.</param>
public sealed record Reason(
    string Kind, string Text, ItemId? Item = null, double Contribution = 0, bool Provisional = false);

/// <summary>An offer ranked for a user.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Score">What it was ranked by: the expected value in minor units, the affinity, or the popularity where
/// there is no taste to go by.</param>
/// <param name="Propensity">The probability with which the policy puts it first, when one offer is issued; of a list
/// that is shown, that it stands in the list.</param>
/// <param name="Model">The model behind the score.</param>
/// <param name="Reasons">Why, the strongest first.</param>
public sealed record RankedOffer(
    Offer Offer, double Score, double Propensity, ModelVersion Model, IReadOnlyList<Reason> Reasons)
{
    /// <summary>The affinity, or the popularity where there is no taste to go by; the reasons of kind <c>past_item</c>
    /// sum to it.</summary>
    public double Affinity { get; init; } = Score;

    /// <summary>How the user is expected to respond; null without a response model.</summary>
    public ResponseScores? Response { get; init; }

    /// <summary>What <see cref="Response"/> rests on; null without a response model.</summary>
    public ResponseBasis? Basis { get; init; }
}
