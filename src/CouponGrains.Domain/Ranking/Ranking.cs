using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>How the closeness of a user and an offer is measured.</summary>
public enum Affinity
{
    /// <summary><c>u · e_c + Σ_j r_uj n_jc</c>; of plain SVD the entry of <c>U Σ Vᵀ · C</c>.</summary>
    Dot = 1,

    /// <summary>The same over <c>‖(u, r_u)‖ ‖(e_c, n_c)‖</c>: the affinity is the dot product of these longer vectors, so
    /// this is their cosine, −1 to 1, and an offer is not better for being on what everybody buys. Only items with
    /// neighbours are in r_u and n_c, so without any it is <c>u · e_c / (‖u‖ ‖e_c‖)</c>.</summary>
    Cosine = 2,
}

/// <summary>How a campaign's offers are ranked.</summary>
public sealed record RankingOptions
{
    /// <summary>The measure of closeness.</summary>
    public Affinity Affinity { get; init; } = Affinity.Cosine;

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
/// model), <c>explored</c> (chosen at random) or <c>rule</c> (a rule of the campaign).</param>
/// <param name="Text">For people, in a few words.</param>
/// <param name="Item">The past item, for <c>past_item</c>.</param>
/// <param name="Contribution">Its exact part of the affinity; the parts of all past items sum to it.</param>
/// <param name="Provisional">True if the item, or those of the offer, came after training: what they are like is
/// estimated.</param>
public sealed record Reason(
    string Kind, string Text, ItemId? Item = null, double Contribution = 0, bool Provisional = false);

/// <summary>An offer ranked for a user.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Score">What it was ranked by: the affinity, or the popularity where there is no taste to go by.</param>
/// <param name="Propensity">The probability with which the policy puts it first.</param>
/// <param name="Model">The model behind the score.</param>
/// <param name="Reasons">Why, the strongest first.</param>
public sealed record RankedOffer(
    Offer Offer, double Score, double Propensity, ModelVersion Model, IReadOnlyList<Reason> Reasons);
