using System.Numerics.Tensors;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Offers;

/// <summary>A coupon as a vector over the items: <c>c_i</c> is the share of item i's price that the offer takes off, 0
/// outside its scope; scaled to unit length, so that a wide scope is not better for being wide.</summary>
/// <remarks>The share of one piece bought with what the minimum spend asks for beside it: <c>A / max(M, p_i)</c> for an
/// amount A and a minimum M (the best of the tiers), and never more than the cap allows. A gift is its item alone. Of
/// buy X get Y at a share s off, each item in scope has <c>s Y / (X + Y)</c>; what is got from a scope of its own has
/// s, and what is bought for it nothing. Free shipping and multiplied points take nothing off an item; they stand for
/// the items that earn them, all alike. Items that no user has touched (<see cref="ItemFactors.IsUntouched"/>) count
/// where the offer is on nothing else: their rows are means of what the others are, and a catalog may have many of
/// them that nobody will ever buy.</remarks>
/// <param name="Rows">The rows of the model's items that are not 0, ascending.</param>
/// <param name="Values">Their values.</param>
public sealed record CouponVector(IReadOnlyList<int> Rows, IReadOnlyList<float> Values)
{
    /// <summary>The vector of an offer over the items of a model; empty if the model knows none of them.</summary>
    public static CouponVector Of(Offer offer, CatalogIndex catalog, ItemFactors factors)
    {
        var entries = Covered(offer, catalog, factors)
            .Select(item => (Row: factors.RowOf(item), Share: Share(offer, catalog.Get(item).Price)))
            .Where(e => e.Row >= 0 && e.Share > 0)
            .OrderBy(e => e.Row)
            .ToArray();
        if (Array.FindLastIndex(entries, e => !factors.IsUntouched(e.Row)) is var last and >= 0)
        {
            Array.Resize(ref entries, last + 1);
        }

        var length = Math.Sqrt(entries.Sum(e => e.Share * e.Share));
        return new(Array.ConvertAll(entries, e => e.Row), Array.ConvertAll(entries, e => (float)(e.Share / length)));
    }

    /// <summary>The embedding <c>e_c = Σ_i c_i out_i F_i</c>, shape (k); of plain SVD <c>Vᵀ c</c>.</summary>
    public float[] Embed(ModelSnapshot model)
    {
        var embedding = new float[model.Factors.Rank];
        for (var i = 0; i < Rows.Count; i++)
        {
            var weight = Values[i] * model.TargetWeights[Rows[i]];
            TensorPrimitives.MultiplyAdd(model.Factors.Row(Rows[i]), weight, embedding, embedding);
        }

        return embedding;
    }

    /// <summary>The items covered, also those that only the model or the scope itself knows.</summary>
    private static IEnumerable<ItemId> Covered(Offer offer, CatalogIndex catalog, ItemFactors factors)
    {
        if (offer.Kind == OfferKind.Gift)
        {
            return offer.Gift is { } gift ? [gift] : [];
        }

        var scope = offer.Bundle?.GetScope ?? offer.Scope;
        return scope.IsWholeCart
            ? factors.Items.Except(scope.Excluded)
            : catalog.InScope(scope).Select(i => i.Id).Concat(scope.Items.Except(scope.Excluded)).Distinct();
    }

    private static double Share(Offer offer, Money? price)
    {
        var piece = (double)Math.Max(price?.Minor ?? 0, offer.MinimumSpend?.Minor ?? 0);
        var share = offer.Kind switch
        {
            OfferKind.PercentOff => offer.PercentBasisPoints / 10_000.0,
            _ when OfferForm.IsByAmount(offer.Kind) => AmountShare(offer, piece, price?.Minor ?? 0),
            OfferKind.BuyAndGet when offer.Bundle is { GetScope: null } b =>
                offer.PercentBasisPoints / 10_000.0 * b.Get / (b.Buy + b.Get),
            OfferKind.BuyAndGet => offer.PercentBasisPoints / 10_000.0,
            _ => 1,
        };
        return piece > 0 && offer.Cap is { } cap
            && offer.Kind is not (OfferKind.FreeShipping or OfferKind.PointsMultiplied)
            ? Math.Min(Math.Min(1, share), cap.Minor / piece)
            : Math.Min(1, share);
    }

    private static double AmountShare(Offer offer, double piece, double price) => offer.Tiers
        .Select(t => t.Save.Minor / Math.Max(t.Spend.Minor, Math.Max(price, 1)))
        .Append(piece > 0 ? (offer.Amount?.Minor ?? 0) / piece : 1)
        .Max();
}
