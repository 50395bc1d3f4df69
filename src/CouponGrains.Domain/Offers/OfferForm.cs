namespace CouponGrains.Domain.Offers;

/// <summary>Whether an offer is consistent in itself: each kind has its own fields and none of another's.</summary>
internal static class OfferForm
{
    internal static Refusal? Check(Offer offer)
    {
        if (string.IsNullOrWhiteSpace(offer.Title) || offer.Title.Length > OfferTitle.LengthMax)
        {
            return Invalid($"A title has 1 to {OfferTitle.LengthMax} characters.", "/title");
        }

        if (!Enum.IsDefined(offer.Kind) || !Enum.IsDefined(offer.Source))
        {
            return Invalid($"There is no kind {(int)offer.Kind} or no source {(int)offer.Source}.", "/kind");
        }

        return CheckAmounts(offer) ?? CheckTiers(offer) ?? CheckPoints(offer) ?? CheckBundle(offer)
            ?? CheckScope(offer.Scope, "/scope") ?? CheckUse(offer);
    }

    /// <summary>True for the kinds that take an amount off.</summary>
    internal static bool IsByAmount(OfferKind kind) =>
        kind is OfferKind.AmountOff or OfferKind.SpendAndSave or OfferKind.PointsRedemption;

    private static Refusal? CheckAmounts(Offer offer)
    {
        if (offer.Kind is OfferKind.PercentOff or OfferKind.BuyAndGet
            ? offer.PercentBasisPoints is < 1 or > 10_000
            : offer.PercentBasisPoints != 0)
        {
            return Invalid("A percentage is 1 to 10000 ten-thousandths, and 0 for other kinds.", "/percentBasisPoints");
        }

        if (IsByAmount(offer.Kind) != offer.Amount is not null || offer.Amount is { Minor: <= 0 })
        {
            return Invalid("An amount is above 0, and absent for other kinds.", "/amount");
        }

        if ((offer.Kind == OfferKind.Gift) != offer.Gift is not null)
        {
            return Invalid("A gift names its item, and other kinds name none.", "/gift");
        }

        return offer.MinimumSpend is { Minor: < 0 }
            ? Invalid("The minimum spend must not be negative.", "/minimumSpend")
            : offer.Cap is { Minor: <= 0 } ? Invalid("A cap must be above 0.", "/cap") : null;
    }

    private static Refusal? CheckTiers(Offer offer)
    {
        var repeats = offer.Kind is OfferKind.PointsRedemption or OfferKind.BuyAndGet
            || (offer.Kind == OfferKind.SpendAndSave && offer.Tiers.Count == 0);
        if (offer.RepeatsMax < 1 || offer.RepeatsMax > (repeats ? OfferRules.RepeatsMax : 1))
        {
            return Invalid($"Spend-and-save without tiers, points and buy-and-get repeat 1 to {OfferRules.RepeatsMax} "
                + "times, other offers once.", "/repeatsMax");
        }

        if (offer.Tiers.Count > (offer.Kind == OfferKind.SpendAndSave ? OfferRules.TiersMax : 0))
        {
            return Invalid($"Spend-and-save has at most {OfferRules.TiersMax} higher tiers, other kinds none.",
                "/tiers");
        }

        var (spend, save) = (offer.MinimumSpend?.Minor ?? 0, offer.Amount?.Minor ?? 0);
        for (var i = 0; i < offer.Tiers.Count; i++)
        {
            var tier = offer.Tiers[i];
            if (tier.Spend.Minor <= spend || tier.Save.Minor <= save)
            {
                return Invalid("Each tier asks for more than the one before and gives more.", $"/tiers/{i}");
            }

            (spend, save) = (tier.Spend.Minor, tier.Save.Minor);
        }

        return null;
    }

    private static Refusal? CheckPoints(Offer offer) => (offer.Kind, offer.Points) switch
    {
        (OfferKind.PointsRedemption, { Price: >= 1 and <= OfferRules.PointsMax, Factor: 1, Step: null }) => null,
        (OfferKind.PointsRedemption, _) => Invalid(
            $"Points redemption has a price of 1 to {OfferRules.PointsMax} points, and no more.", "/points"),
        (OfferKind.PointsMultiplied,
            { Price: 0, Factor: >= 2 and <= OfferRules.PointsFactorMax, Step.Minor: > 0 }) => null,
        (OfferKind.PointsMultiplied, _) => Invalid(
            $"Multiplied points have a factor of 2 to {OfferRules.PointsFactorMax} and a step above 0.", "/points"),
        (_, null) => null,
        _ => Invalid("Other kinds have no points.", "/points"),
    };

    private static Refusal? CheckBundle(Offer offer)
    {
        if (offer.Kind != OfferKind.BuyAndGet)
        {
            return offer.Bundle is null ? null : Invalid("Only buy-and-get has a bundle.", "/bundle");
        }

        if (offer.Bundle is not
            { Buy: >= 1 and <= OfferRules.PiecesMax, Get: >= 1 and <= OfferRules.PiecesMax } bundle)
        {
            return Invalid($"A bundle buys and gets 1 to {OfferRules.PiecesMax} pieces each.", "/bundle");
        }

        return bundle.GetScope is null ? null
            : bundle.GetScope.IsWholeCart ? Invalid("What is got is named; the whole cart is not.", "/bundle/getScope")
            : CheckScope(bundle.GetScope, "/bundle/getScope");
    }

    private static Refusal? CheckScope(OfferScope scope, string pointer) =>
        scope.Items.Count > OfferRules.ScopeItemsMax || scope.Excluded.Count > OfferRules.ScopeItemsMax
        || scope.Categories.Count > OfferRules.ScopeNamesMax || scope.Brands.Count > OfferRules.ScopeNamesMax
            ? Invalid($"A scope has at most {OfferRules.ScopeItemsMax} items and {OfferRules.ScopeNamesMax} names.",
                pointer)
        : scope.Categories.Any(string.IsNullOrWhiteSpace) ? Invalid("No category is empty.", pointer + "/categories")
        : scope.Brands.Any(string.IsNullOrWhiteSpace) ? Invalid("No brand is empty.", pointer + "/brands")
        : null;

    private static Refusal? CheckUse(Offer offer)
    {
        if (offer.OrdersMin is < 0 || offer.OrdersMax is < 0 || offer.OrdersMin > offer.OrdersMax
            || (offer.FirstOrderOnly && offer.OrdersMin > 0))
        {
            return Invalid("The fewest orders must not be above the most, and neither below 0.", "/ordersMin");
        }

        if (offer.Stock is < 1)
        {
            return Invalid("A stock of coupons is at least 1; null does not count them.", "/stock");
        }

        if (offer.UsesMax is < 1 or > OfferRules.UsesMax)
        {
            return Invalid($"A coupon is used 1 to {OfferRules.UsesMax} times.", "/usesMax");
        }

        if (offer.Times?.Check() is { } times)
        {
            return times with { Pointer = "/times" + times.Pointer };
        }

        return offer.Stacking.Check() is { } stacking
            ? stacking with { Pointer = "/stacking" + stacking.Pointer }
            : null;
    }

    private static Refusal Invalid(string detail, string pointer) => new(RefusalCodes.InvalidValue, detail, pointer);
}
