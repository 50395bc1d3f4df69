using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>Puts an offer into words, for people who did not write a title themselves.</summary>
public static class OfferTitle
{
    /// <summary>The longest title, in characters.</summary>
    public const int LengthMax = 256;

    /// <summary>For example <c>20 % off SOFT DRINKS</c> or <c>5.00 USD off 30.00 USD of GROCERY</c>.</summary>
    public static string Of(Offer offer, CatalogIndex catalog)
    {
        var covered = Covered(offer.Scope, catalog);
        var spend = offer.MinimumSpend is { Minor: > 0 } minimum ? minimum.ToString() : null;
        var earned = (spend, offer.Scope.IsWholeCart) switch
        {
            (null, _) => covered,
            (_, true) => spend,
            _ => $"{spend} of {covered}",
        };
        var title = offer.Kind switch
        {
            OfferKind.PercentOff => $"{Percent(offer.PercentBasisPoints)} off {earned}",
            OfferKind.SpendAndSave when offer.RepeatsMax > 1 => $"{offer.Amount} off for each {earned}",
            OfferKind.SpendAndSave when offer.Tiers.Count > 0 =>
                $"{offer.Amount} off {earned}, up to {offer.Tiers[^1].Save} off {offer.Tiers[^1].Spend}",
            OfferKind.AmountOff or OfferKind.SpendAndSave => $"{offer.Amount} off {earned}",
            OfferKind.PointsRedemption => $"{offer.Amount} off {earned} for {offer.Points?.Price} points",
            OfferKind.PointsMultiplied => $"{offer.Points?.Factor} times the points on {earned}",
            OfferKind.BuyAndGet => Bundle(offer, covered, catalog),
            OfferKind.Gift => $"Free {(offer.Gift is { } gift ? catalog.Get(gift).Title : "gift")} with {earned}",
            _ => spend is null ? $"Free shipping on {earned}" : $"Free shipping from {earned}",
        };
        return title.Length <= LengthMax ? title : title[..(LengthMax - 1)] + "…";
    }

    private static string Bundle(Offer offer, string covered, CatalogIndex catalog)
    {
        var of = offer.Bundle?.GetScope is { } got ? " of " + Covered(got, catalog) : "";
        var how = offer.PercentBasisPoints == 10_000 ? "free" : Percent(offer.PercentBasisPoints) + " off";
        return $"Buy {offer.Bundle?.Buy} of {covered}, get {offer.Bundle?.Get}{of} {how}";
    }

    private static string Percent(int basisPoints) => $"{basisPoints / 100m:0.##} %";

    private static string Covered(OfferScope scope, CatalogIndex catalog)
    {
        string[] names =
            [.. scope.Categories, .. scope.Brands, .. scope.Items.Take(3).Select(i => catalog.Get(i).Title)];
        var more = Math.Max(0, names.Length - 3) + Math.Max(0, scope.Items.Count - 3);
        var rest = scope.Excluded.Count > 0 ? " (with exceptions)" : "";
        return names switch
        {
            [] => "everything" + rest,
            [var one] => one + rest,
            [.. var first, var last] when more == 0 => $"{string.Join(", ", first)} and {last}{rest}",
            _ => $"{string.Join(", ", names[..3])} and {more} more{rest}",
        };
    }
}
