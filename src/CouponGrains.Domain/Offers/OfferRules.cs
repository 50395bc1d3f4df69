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

    /// <summary>The first rule that <paramref name="offer"/> breaks: its own consistency first, then the guardrails.
    /// The margin floor is checked over <paramref name="catalog"/>, for the items in scope.</summary>
    /// <remarks>The depth of an amount, and of a gift, is its worth over the minimum spend: no cart can make it deeper.
    /// It comes off the margin of the items that are to be bought. Free shipping leaves the items' margins as they
    /// are.</remarks>
    public static Refusal? Check(Offer offer, Guardrails guardrails, CatalogIndex catalog) =>
        CheckForm(offer) ?? CheckCurrencies(offer, guardrails.Cap.Currency) ?? CheckAmounts(offer, guardrails)
        ?? CheckScope(offer, guardrails, catalog) ?? CheckDepth(offer, guardrails, catalog);

    /// <summary>The first rule that the guardrails themselves break (a range upside down, mixed currencies, nothing
    /// allowed), or null.</summary>
    public static Refusal? Check(Guardrails guardrails) => GuardrailRules.Check(guardrails);

    /// <summary>What the offer takes off at the most, as a share of what must be bought for it in ten-thousandths,
    /// rounded up; null if nothing bounds it.</summary>
    internal static long? Depth(Offer offer, CatalogIndex catalog) => offer.Kind switch
    {
        OfferKind.PercentOff => offer.PercentBasisPoints,
        OfferKind.FreeShipping => 0,
        OfferKind.Gift => Share(catalog.Get(offer.Gift!.Value).Price, offer.MinimumSpend),
        _ => Share(offer.Amount, offer.MinimumSpend),
    };

    private static long? Share(Money? amount, Money? minimum) =>
        amount is { } a && minimum is { Minor: > 0 } m && a.Currency == m.Currency
            ? (long)Int128.Min((((Int128)a.Minor * 10_000) + m.Minor - 1) / m.Minor, long.MaxValue)
            : null;

    private static Refusal? CheckForm(Offer offer)
    {
        if (string.IsNullOrWhiteSpace(offer.Title) || offer.Title.Length > OfferTitle.LengthMax)
        {
            return Invalid($"A title has 1 to {OfferTitle.LengthMax} characters.", "/title");
        }

        if (!Enum.IsDefined(offer.Kind) || !Enum.IsDefined(offer.Source))
        {
            return Invalid($"There is no kind {(int)offer.Kind} or no source {(int)offer.Source}.", "/kind");
        }

        var byAmount = offer.Kind is OfferKind.AmountOff or OfferKind.SpendAndSave;
        if (offer.Kind == OfferKind.PercentOff
            ? offer.PercentBasisPoints is < 1 or > 10_000
            : offer.PercentBasisPoints != 0)
        {
            return Invalid("A percentage is 1 to 10000 ten-thousandths, and 0 for other kinds.", "/percentBasisPoints");
        }

        if (byAmount != offer.Amount is not null || offer.Amount is { Minor: <= 0 })
        {
            return Invalid("An amount is above 0, and absent for other kinds.", "/amount");
        }

        if ((offer.Kind == OfferKind.Gift) != offer.Gift is not null)
        {
            return Invalid("A gift names its item, and other kinds name none.", "/gift");
        }

        if (offer.MinimumSpend is { Minor: < 0 } || offer.Cap is { Minor: <= 0 })
        {
            return Invalid("The minimum spend must not be negative, and a cap must be above 0.", "/minimumSpend");
        }

        var scope = offer.Scope;
        return scope.Items.Count > ScopeItemsMax || scope.Excluded.Count > ScopeItemsMax
            || scope.Categories.Count > ScopeNamesMax || scope.Brands.Count > ScopeNamesMax
                ? Invalid($"A scope has at most {ScopeItemsMax} items and {ScopeNamesMax} names.", "/scope")
                : null;
    }

    private static Refusal? CheckCurrencies(Offer offer, Currency currency)
    {
        foreach (var amount in (ReadOnlySpan<Money?>)[offer.Amount, offer.MinimumSpend, offer.Cap])
        {
            if (amount is { } money && money.Currency != currency)
            {
                return new(RefusalCodes.CurrencyMismatch,
                    $"The campaign is in {currency}, the offer in {money.Currency}.", "/amount");
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

        if (offer.Cap > g.Cap || offer.Amount > g.Cap)
        {
            return Outside($"One redemption gives at most {g.Cap}.", offer.Cap > g.Cap ? "/cap" : "/amount");
        }

        if (offer.Kind is OfferKind.AmountOff or OfferKind.SpendAndSave
            && (offer.MinimumSpend is null || offer.MinimumSpend < g.MinimumSpendMin))
        {
            return Outside($"An amount off asks for a minimum spend of at least {g.MinimumSpendMin}.", "/minimumSpend");
        }

        if (offer.MinimumSpend > g.MinimumSpendMax)
        {
            return Outside($"The minimum spend is at most {g.MinimumSpendMax}.", "/minimumSpend");
        }

        var step = g.AmountStep.Minor;
        if ((offer.Amount?.Minor ?? 0) % step != 0 || (offer.MinimumSpend?.Minor ?? 0) % step != 0)
        {
            return Outside($"Amounts are multiples of {g.AmountStep}.", "/amount");
        }

        var days = offer.ValidFor.TotalDays;
        return days < g.ValidDaysMin || days > g.ValidDaysMax
            ? Outside($"An offer is valid for {g.ValidDaysMin} to {g.ValidDaysMax} days.", "/validFor")
            : null;
    }

    private static Refusal? CheckScope(Offer offer, Guardrails g, CatalogIndex catalog)
    {
        if (offer.Scope.IsWholeCart)
        {
            return g.WholeCart ? null : Outside("An offer may not cover the whole cart.", "/scope");
        }

        if (g.Categories.Count == 0)
        {
            return null;
        }

        var allowed = g.Categories.ToHashSet();
        if (offer.Scope.Categories.FirstOrDefault(c => !allowed.Contains(c)) is { } category)
        {
            return Outside($"The category {category} is not allowed.", "/scope/categories");
        }

        var outside = catalog.InScope(offer.Scope).Concat(offer.Scope.Items.Select(catalog.Get))
            .FirstOrDefault(i => !i.Categories.Any(allowed.Contains));
        return outside is null
            ? null
            : Outside($"The item {outside.Id} is in none of the allowed categories.", "/scope");
    }

    private static Refusal? CheckDepth(Offer offer, Guardrails g, CatalogIndex catalog)
    {
        if (offer.Kind == OfferKind.FreeShipping)
        {
            return null;
        }

        if (Depth(offer, catalog) is not { } depth)
        {
            return Outside(
                "An amount off or a gift asks for a minimum spend above 0, and a gift has a price in the campaign's "
                + "currency.", "/minimumSpend");
        }

        var least = offer.Kind == OfferKind.Gift ? 0 : g.DepthMinBasisPoints;
        if (depth < least || depth > g.DepthMaxBasisPoints
            || (offer.Kind == OfferKind.PercentOff && depth % g.DepthStepBasisPoints != 0))
        {
            return Outside($"The depth is {least} to {g.DepthMaxBasisPoints} ten-thousandths (percentages in steps of "
                + $"{g.DepthStepBasisPoints}), but was {depth}.", "/percentBasisPoints");
        }

        var room = GuardrailRules.Room(catalog.InScope(offer.Scope), g);
        return depth <= room
            ? null
            : Outside($"The margin of the items in scope leaves room for {room} ten-thousandths above the floor, but "
                + $"{depth} are given.", "/scope");
    }

    private static Refusal Invalid(string detail, string pointer) => new(RefusalCodes.InvalidValue, detail, pointer);

    private static Refusal Outside(string detail, string pointer) =>
        new(RefusalCodes.OfferOutsideGuardrails, detail, pointer);
}
