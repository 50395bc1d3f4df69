using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>A raw design: what a generator puts out before it is an offer. Any finite or non-finite numbers.</summary>
/// <param name="Kinds">A score for each value of <see cref="OfferKind"/> in its order; the highest allowed one is taken.</param>
/// <param name="Depth">Where in the depth range, 0 to 1 (clamped).</param>
/// <param name="Threshold">Where in the minimum-spend range, 0 to 1 (clamped).</param>
/// <param name="Validity">Where in the validity range, 0 to 1 (clamped).</param>
/// <param name="Categories">A score for each category of <see cref="CatalogIndex.TopCategories"/> in its order; the
/// best allowed ones make the scope.</param>
public sealed record OfferDesign(
    IReadOnlyList<float> Kinds, float Depth, float Threshold, float Validity, IReadOnlyList<float> Categories);

/// <summary>Maps any design to a legal offer or to a named refusal: total and deterministic.</summary>
public static class OfferDecoder
{
    /// <summary>The offer, or why there is none (<see cref="RefusalCodes.NothingAllowed"/>). Exactly one is not null.</summary>
    public static (Offer? Offer, Refusal? Refusal) Decode(
        OfferDesign design, OfferId id, CampaignId campaign, Guardrails guardrails, CatalogIndex catalog) => throw new NotImplementedException();
}
