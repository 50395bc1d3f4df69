using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Campaigns;

/// <summary>What becomes of an offer that the generator designed. The numbers are stored: never reuse one.</summary>
public enum OfferApproval
{
    /// <summary>It is in force at once.</summary>
    Automatic = 1,

    /// <summary>It waits until a person approves it; until then it is neither ranked nor issued.</summary>
    Review = 2,
}

/// <summary>Where the review of an offer stands. The numbers are stored: never reuse one.</summary>
public enum ReviewStatus
{
    /// <summary>Nobody has decided.</summary>
    Waiting = 1,

    /// <summary>The offer is in force.</summary>
    Approved = 2,

    /// <summary>The offer will never be in force.</summary>
    Rejected = 3,
}

/// <summary>The review of an offer.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="At">When it was decided; null while it waits.</param>
/// <param name="Note">Why, or empty.</param>
public sealed record OfferReview(Offer Offer, ReviewStatus Status, DateTimeOffset? At, string Note)
{
    /// <summary>The most characters of <see cref="Note"/>.</summary>
    public const int NoteLengthMax = 1_000;
}

/// <summary>What a person should know of an offer before deciding.</summary>
/// <param name="Cost">What one use gives, on a typical cart: the median price in scope, or the minimum spend if that is
/// more. Free shipping gives its cap, multiplied points no money.</param>
/// <param name="ExpectedCost">The same for each coupon issued: times the share of the campaign's coupons that were
/// redeemed so far, where one redeemed of two is taken as given.</param>
/// <param name="MarginLeftBasisPoints">The mean margin of the items in scope less the discount, in ten-thousandths of
/// the price; below 0 is a loss. Null where no item is in scope.</param>
/// <param name="Nearest">The offer in force that is most like it, null if there is none.</param>
/// <param name="Likeness">How like, 0 to 1: a third each for the same kind, the share of items in common, and the same
/// discount on a typical cart.</param>
public sealed record OfferEstimate(
    Money Cost, Money ExpectedCost, int? MarginLeftBasisPoints, OfferId? Nearest, double Likeness)
{
    /// <summary>The estimate for an offer of a campaign.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="campaign">Its campaign.</param>
    /// <param name="use">What has been used of the campaign.</param>
    /// <param name="catalog">The items as they are now.</param>
    /// <param name="others">The campaign's offers in force.</param>
    public static OfferEstimate Of(
        Offer offer, Campaign campaign, BudgetUse use, CatalogIndex catalog, IReadOnlyList<Offer> others)
    {
        var items = ItemsOf(offer, catalog);
        var (cart, cost, _) = Typical(offer, campaign.Guardrails, catalog);
        var share = cart > 0 ? cost / cart : 0;
        var used = (use.Redeemed + 1.0) / (Math.Max(use.Issued, use.Redeemed) + 2);
        var margin = items.Count == 0
            ? (int?)null
            : (int)Math.Round(items.Average(i => GuardrailRules.Margin(i, campaign.Guardrails)) - (10_000 * share));
        var ids = items.Select(i => i.Id).ToHashSet();
        var (nearest, likeness) = others.Where(o => o.Id != offer.Id)
            .Select(o => (Other: o, Likeness: Like(offer, ids, share, o, catalog)))
            .OrderByDescending(o => o.Likeness).ThenBy(o => o.Other.Id.Value, StringComparer.Ordinal).FirstOrDefault();
        var currency = campaign.Budget.Currency;
        return new(new((long)cost, currency), new((long)Math.Round(cost * used), currency), margin, nearest?.Id, likeness);
    }

    /// <summary>What one use is worth to the shop on a typical cart, in minor units.</summary>
    public static TypicalUse Typical(Offer offer, Guardrails guardrails, CatalogIndex catalog)
    {
        var cart = Cart(offer, catalog);
        var basisPoints = catalog.PricesOf(offer.Scope).MarginBasisPoints(guardrails);
        return new(cart, Math.Round(CostOn(offer, cart, catalog)), cart * basisPoints / 10_000);
    }

    private static double Like(Offer offer, HashSet<ItemId> ids, double share, Offer other, CatalogIndex catalog)
    {
        var items = ItemsOf(other, catalog);
        var cart = Cart(other, catalog);
        var otherShare = cart > 0 ? CostOn(other, cart, catalog) / cart : 0;
        var common = items.Count(i => ids.Contains(i.Id));
        var all = ids.Count + items.Count - common;
        return ((offer.Kind == other.Kind ? 1 : 0) + (all == 0 ? 1 : common / (double)all)
            + Math.Max(0, 1 - Math.Abs(share - otherShare))) / 3;
    }

    private static List<Item> ItemsOf(Offer offer, CatalogIndex catalog) => [.. catalog.InScope(offer.Scope)];

    // Minor units.
    private static double Cart(Offer offer, CatalogIndex catalog) => Math.Max(
        (double)catalog.PricesOf(offer.Scope).MedianMinor * Pieces(offer), offer.MinimumSpend?.Minor ?? 0);

    /// <summary>The pieces in scope; what is got from a scope of its own is beside them.</summary>
    private static int Pieces(Offer offer) => offer.Bundle switch
    {
        null => 1,
        { GetScope: null } bundle => bundle.Buy + bundle.Get,
        var bundle => bundle.Buy,
    };

    private static double CostOn(Offer offer, double cart, CatalogIndex catalog)
    {
        var share = offer.PercentBasisPoints / 10_000.0;
        var cost = offer.Kind switch
        {
            OfferKind.PercentOff => share * cart,
            OfferKind.BuyAndGet when offer.Bundle?.GetScope is { } got =>
                share * catalog.PricesOf(got).MedianMinor * offer.Bundle.Get,
            OfferKind.BuyAndGet => share * cart * (offer.Bundle?.Get ?? 0) / Pieces(offer),
            OfferKind.Gift => offer.Gift is { } gift ? catalog.Get(gift).Price?.Minor ?? 0 : 0,
            OfferKind.FreeShipping => offer.Cap?.Minor ?? 0,
            OfferKind.PointsMultiplied => 0,
            _ => offer.Amount?.Minor ?? 0,
        };
        return offer.Cap is { } cap ? Math.Min(cost, cap.Minor) : cost;
    }
}

/// <summary>One use of an offer on a typical cart: the median price in scope, or the minimum spend if that is more. All
/// in minor units.</summary>
/// <param name="CartMinor">What the cart costs.</param>
/// <param name="DiscountMinor">What the offer gives on it.</param>
/// <param name="MarginMinor">The margin of the cart before the discount; where no item's margin is known, by the
/// guardrails' assumption.</param>
public sealed record TypicalUse(double CartMinor, double DiscountMinor, double MarginMinor);
