using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>Which offers a campaign accepts. A missing cap is no fault: at the checkout the guardrails' cap holds for
/// every offer.</summary>
public static class OfferRules
{
    /// <summary>The most items, and the most exceptions, of a scope.</summary>
    public const int ScopeItemsMax = 50_000;

    /// <summary>The most categories, and the most brands, of a scope.</summary>
    public const int ScopeNamesMax = 1_000;

    /// <summary>The most tiers above the first.</summary>
    public const int TiersMax = 9;

    /// <summary>The most repeats in one cart.</summary>
    public const int RepeatsMax = 1_000;

    /// <summary>The most uses of one coupon.</summary>
    public const int UsesMax = 1_000;

    /// <summary>The most pieces that a bundle buys, and gets.</summary>
    public const int PiecesMax = 100;

    /// <summary>The most points of a price.</summary>
    public const int PointsMax = 10_000_000;

    /// <summary>The most times that points are multiplied.</summary>
    public const int PointsFactorMax = 100;

    /// <summary>The first rule that <paramref name="offer"/> breaks: its own consistency first, then the guardrails.
    /// The margin floor is checked over <paramref name="catalog"/>, for the items in scope.</summary>
    /// <remarks>The depth of an amount (of each tier), and of a gift, is its worth over the minimum spend: no cart can
    /// make it deeper. Of buy-and-get within one scope it is the share of a whole set; with a scope of its own, what is
    /// got at the most over the minimum spend. It comes off the margin of the items that are to be bought. Free
    /// shipping and points that are earned leave the items' margins as they are.</remarks>
    public static Refusal? Check(Offer offer, Guardrails guardrails, CatalogIndex catalog) =>
        OfferForm.Check(offer) ?? CheckCurrencies(offer, guardrails.Cap.Currency) ?? CheckAmounts(offer, guardrails)
        ?? CheckUse(offer, guardrails) ?? CheckScope(offer, guardrails, catalog) ?? CheckThere(offer, catalog)
        ?? CheckDepth(offer, guardrails, catalog);

    /// <summary>True if a user with so many orders may use the offer.</summary>
    public static bool Suits(Offer offer, int orders) => !(offer.FirstOrderOnly && orders > 0)
        && orders >= (offer.OrdersMin ?? 0) && orders <= (offer.OrdersMax ?? int.MaxValue);

    /// <summary>The first rule of its own consistency that <paramref name="offer"/> breaks, or null.</summary>
    public static Refusal? Check(Offer offer) => OfferForm.Check(offer);

    /// <summary>The first rule that the guardrails themselves break (a range upside down, mixed currencies, nothing
    /// allowed), or null.</summary>
    public static Refusal? Check(Guardrails guardrails) => GuardrailRules.Check(guardrails);

    /// <summary>What the offer takes off at the most, as a share of what must be bought for it in ten-thousandths,
    /// rounded up; null if nothing bounds it.</summary>
    internal static long? Depth(Offer offer, CatalogIndex catalog) => offer.Kind switch
    {
        OfferKind.PercentOff => offer.PercentBasisPoints,
        OfferKind.FreeShipping or OfferKind.PointsMultiplied => 0,
        OfferKind.Gift => Share(catalog.Get(offer.Gift!.Value).Price, offer.MinimumSpend),
        OfferKind.BuyAndGet when offer.Bundle!.GetScope is { } got => BundleDepth(offer, offer.Bundle, got, catalog),
        OfferKind.BuyAndGet => SetDepth(offer.PercentBasisPoints, offer.Bundle!.Buy, offer.Bundle.Get),
        _ => offer.Tiers.Aggregate(Share(offer.Amount, offer.MinimumSpend),
            (deepest, tier) => deepest is { } d && Share(tier.Save, tier.Spend) is { } t ? Math.Max(d, t) : null),
    };

    /// <summary>The depth of a set in which the cheapest pieces are got, rounded up: the got pieces are worth at most
    /// their share of the pieces.</summary>
    internal static long SetDepth(int percentBasisPoints, int buy, int get) =>
        (((long)percentBasisPoints * get) + buy + get - 1) / (buy + get);

    private static long? BundleDepth(Offer offer, OfferBundle bundle, OfferScope scope, CatalogIndex catalog)
    {
        if (offer.MinimumSpend is not { } spend)
        {
            return null;
        }

        Int128? dearest = 0;
        foreach (var item in catalog.InScope(scope).Concat(scope.Items.Except(scope.Excluded).Select(catalog.Get)))
        {
            dearest = item.Price is { } price && price.Currency == spend.Currency && dearest is { } d
                ? Int128.Max(d, price.Minor)
                : null;
        }

        // Without every price only the cap bounds what is got.
        Int128? most = dearest is { } p
            ? (p * bundle.Get * offer.RepeatsMax * offer.PercentBasisPoints / 10_000) + 1
            : null;
        var bound = offer.Cap is { } cap ? Int128.Min(most ?? cap.Minor, cap.Minor) : most;
        return bound is { } b ? Share(new((long)Int128.Min(b, long.MaxValue), spend.Currency), spend) : null;
    }

    private static long? Share(Money? amount, Money? minimum) =>
        amount is { } a && minimum is { Minor: > 0 } m && a.Currency == m.Currency
            ? (long)Int128.Min((((Int128)a.Minor * 10_000) + m.Minor - 1) / m.Minor, long.MaxValue)
            : null;

    private static Refusal? CheckCurrencies(Offer offer, Currency currency)
    {
        (Money? Amount, string Pointer)[] amounts =
        [
            (offer.Amount, "/amount"), (offer.MinimumSpend, "/minimumSpend"), (offer.Cap, "/cap"),
            (offer.Points?.Step, "/points/step"),
            .. offer.Tiers.Index().SelectMany(t => new (Money?, string)[]
            {
                (t.Item.Spend, $"/tiers/{t.Index}/spend"), (t.Item.Save, $"/tiers/{t.Index}/save"),
            }),
        ];
        foreach (var (amount, pointer) in amounts)
        {
            if (amount is { } money && money.Currency != currency)
            {
                return new(RefusalCodes.CurrencyMismatch,
                    $"The campaign is in {currency}, the offer in {money.Currency}.", pointer);
            }
        }

        return null;
    }

    private static Refusal? CheckAmounts(Offer offer, Guardrails g)
    {
        if (!g.Kinds.Contains(offer.Kind))
        {
            return Outside($"The kind {offer.Kind} is not allowed.", "/kind");
        }

        if (offer.Cap > g.Cap || offer.Amount > g.Cap || offer.Tiers.Any(t => t.Save > g.Cap))
        {
            return Outside($"One redemption gives at most {g.Cap}.",
                offer.Cap > g.Cap ? "/cap" : offer.Amount > g.Cap ? "/amount" : "/tiers");
        }

        if (OfferForm.IsByAmount(offer.Kind)
            && (offer.MinimumSpend is null || offer.MinimumSpend < g.MinimumSpendMin))
        {
            return Outside($"An amount off asks for a minimum spend of at least {g.MinimumSpendMin}.", "/minimumSpend");
        }

        if (offer.MinimumSpend > g.MinimumSpendMax || offer.Tiers.Any(t => t.Spend > g.MinimumSpendMax))
        {
            return Outside($"The minimum spend is at most {g.MinimumSpendMax}.", "/minimumSpend");
        }

        var step = g.AmountStep.Minor;
        if ((offer.Amount?.Minor ?? 0) % step != 0 || (offer.MinimumSpend?.Minor ?? 0) % step != 0
            || offer.Tiers.Any(t => t.Spend.Minor % step != 0 || t.Save.Minor % step != 0))
        {
            return Outside($"Amounts are multiples of {g.AmountStep}.", "/amount");
        }

        if (offer.RepeatsMax > g.RepeatsMax || offer.Points?.Factor > g.PointsFactorMax)
        {
            return Outside($"At most {g.RepeatsMax} repeats and {g.PointsFactorMax} times the points are allowed.",
                offer.RepeatsMax > g.RepeatsMax ? "/repeatsMax" : "/points/factor");
        }

        return offer.Kind == OfferKind.PointsRedemption
            && offer.Points!.Price < (Int128)offer.Amount!.Value.Minor / step * g.PointsPerStep
                ? Outside($"{g.AmountStep} off costs at least {g.PointsPerStep} points.", "/points/price")
                : null;
    }

    private static Refusal? CheckUse(Offer offer, Guardrails g)
    {
        var least = g.ValidHoursMin is { } hours ? TimeSpan.FromHours(hours) : TimeSpan.FromDays(g.ValidDaysMin);
        if (offer.ValidFor < least || offer.ValidFor > TimeSpan.FromDays(g.ValidDaysMax))
        {
            return Outside($"An offer is valid for {least.TotalDays:0.###} to {g.ValidDaysMax} days.",
                "/validForSeconds");
        }

        return offer.Times is { } times && g.Times is { } allowed && !times.Meets(allowed)
            ? Outside("The offer's times and those that the campaign allows never meet.", "/times")
            : null;
    }

    private static Refusal? CheckScope(Offer offer, Guardrails g, CatalogIndex catalog) =>
        CheckScope(offer.Scope, "/scope", g, catalog)
        ?? (offer.Bundle?.GetScope is { } got ? CheckScope(got, "/bundle/getScope", g, catalog) : null);

    /// <summary>A scope that the catalog, which knows some items, finds nothing for: they have left it.</summary>
    private static Refusal? CheckThere(Offer offer, CatalogIndex catalog)
    {
        if (catalog.Count == 0)
        {
            return null;
        }

        if (!catalog.InScope(offer.Scope).Any())
        {
            return Left("The catalog has no item in the offer's scope any more.", "/scope");
        }

        if (offer.Bundle?.GetScope is { } got && !catalog.InScope(got).Any())
        {
            return Left("The catalog has no item any more of what is got.", "/bundle/getScope");
        }

        return offer.Gift is { } gift && !catalog.Contains(gift)
            ? Left($"The catalog has the gift {gift} no more.", "/gift")
            : null;
    }

    private static Refusal? CheckScope(OfferScope scope, string pointer, Guardrails g, CatalogIndex catalog)
    {
        if (scope.IsWholeCart)
        {
            return g.WholeCart ? null : Outside("An offer may not cover the whole cart.", pointer);
        }

        if (g.Categories.Count == 0 && g.Brands.Count == 0)
        {
            return null;
        }

        var (categories, brands) = (g.Categories.ToHashSet(), g.Brands.ToHashSet());
        if (categories.Count > 0 && scope.Categories.FirstOrDefault(c => !categories.Contains(c)) is { } category)
        {
            return Outside($"The category {category} is not allowed.", pointer + "/categories");
        }

        if (brands.Count > 0 && scope.Brands.FirstOrDefault(b => !brands.Contains(b)) is { } brand)
        {
            return Outside($"The brand {brand} is not allowed.", pointer + "/brands");
        }

        var outside = catalog.InScope(scope).Concat(scope.Items.Select(catalog.Get))
            .FirstOrDefault(i => !GuardrailRules.Allows(i, categories, brands));
        return outside is null
            ? null
            : Outside($"The item {outside.Id} is in none of the allowed categories, or of none of the allowed brands.",
                pointer);
    }

    private static Refusal? CheckDepth(Offer offer, Guardrails g, CatalogIndex catalog)
    {
        if (offer.Kind is OfferKind.FreeShipping or OfferKind.PointsMultiplied)
        {
            return null;
        }

        if (Depth(offer, catalog) is not { } depth)
        {
            return Outside(
                "An amount off, a gift or other items to get ask for a minimum spend above 0, and what is given has a "
                + "price in the campaign's currency.", "/minimumSpend");
        }

        var got = offer.Kind == OfferKind.Gift || offer.Bundle?.GetScope is not null;
        var least = got ? 0 : g.DepthMinBasisPoints;
        if (depth < least || depth > g.DepthMaxBasisPoints
            || (offer.Kind == OfferKind.PercentOff && depth % g.DepthStepBasisPoints != 0))
        {
            return Outside($"The depth is {least} to {g.DepthMaxBasisPoints} ten-thousandths (percentages in steps of "
                + $"{g.DepthStepBasisPoints}), but was {depth}.", DepthPlace(offer));
        }

        var room = GuardrailRules.Room(catalog.InScope(offer.Scope), g);
        return depth <= room
            ? null
            : Outside($"The margin of the items in scope leaves room for {room} ten-thousandths above the floor, but "
                + $"{depth} are given.", "/scope");
    }

    /// <summary>The field that makes an offer as deep as it is.</summary>
    private static string DepthPlace(Offer offer) => offer.Kind == OfferKind.Gift ? "/gift"
        : OfferForm.IsByAmount(offer.Kind) ? "/amount"
        : "/percentBasisPoints";

    private static Refusal Left(string detail, string pointer) => new(RefusalCodes.ItemsLeftCatalog, detail, pointer);

    private static Refusal Outside(string detail, string pointer) =>
        new(RefusalCodes.OfferOutsideGuardrails, detail, pointer);
}
