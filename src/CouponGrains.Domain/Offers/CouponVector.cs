using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Offers;

/// <summary>A coupon as a vector over the items: <c>c_i</c> is the share of item i's price that the offer takes off, 0
/// outside its scope; scaled to unit length, so that a wide scope is not better for being wide.</summary>
/// <param name="Rows">The rows of the model's items that are not 0, ascending.</param>
/// <param name="Values">Their values.</param>
public sealed record CouponVector(IReadOnlyList<int> Rows, IReadOnlyList<float> Values)
{
    /// <summary>The vector of an offer over the items of a model.</summary>
    public static CouponVector Of(Offer offer, CatalogIndex catalog, ItemFactors factors) => throw new NotImplementedException();

    /// <summary>The embedding <c>e_c = Vᵀ c</c>, shape (k).</summary>
    public float[] Embed(ItemFactors factors) => throw new NotImplementedException();
}
