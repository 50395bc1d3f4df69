using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>The offers in force of the active campaigns with their embeddings under one model: what a silo ranks from.
/// Immutable.</summary>
public sealed class OfferIndex
{
    private OfferIndex() => throw new NotImplementedException();

    /// <summary>Nothing to rank.</summary>
    public static OfferIndex Empty { get; } = Build(null, [], CatalogIndex.Empty);

    /// <summary>The model, or null.</summary>
    public ModelSnapshot? Model => throw new NotImplementedException();

    /// <summary>The offers, in the order of their ids.</summary>
    public IReadOnlyList<Offer> Offers => throw new NotImplementedException();

    /// <summary>The campaigns by id.</summary>
    public IReadOnlyDictionary<CampaignId, Campaign> Campaigns => throw new NotImplementedException();

    /// <summary>The catalog it was built with.</summary>
    public CatalogIndex Catalog => throw new NotImplementedException();

    /// <summary>E, one row <c>e_c</c> for each offer, shape (offers, k); empty without a model.</summary>
    public ReadOnlySpan<float> Embeddings => throw new NotImplementedException();

    /// <summary>Builds the index of the active campaigns among <paramref name="campaigns"/>.</summary>
    public static OfferIndex Build(
        ModelSnapshot? model, IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)> campaigns, CatalogIndex catalog) =>
        throw new NotImplementedException();
}
