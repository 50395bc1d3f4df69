using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

/// <summary>Generated carts and offers of every kind and shape.</summary>
internal static class Carts
{
    internal static readonly CatalogIndex Catalog = new(
    [
        Samples.Item(1, "FOOD", "BREAD"),
        Samples.Item(2, "FOOD", "MILK"),
        Samples.Item(3, "TOYS") with { Brand = "ACME" },
    ]);

    internal static readonly Gen<CartLine> Lines = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 9], Gen.Frequency((3, Gen.Long[0, 2_000]), (1, Gen.Long[0, 100_000])),
        (item, quantity, price) => new CartLine(Samples.Id(item), quantity, new(price, Samples.Usd)));

    internal static readonly Gen<Cart> All = Gen.Select(
        Lines.Array[0, 12], Gen.Long[0, 2_000].Nullable(), Gen.Long[0, 2_000].Nullable(),
        (lines, shipping, points) => new Cart
        {
            Currency = Samples.Usd,
            Lines = lines,
            Shipping = shipping is { } fee ? new(fee, Samples.Usd) : null,
            Points = points,
        });

    internal static readonly Gen<OfferScope> Scopes = Gen.OneOf(
        OfferScope.WholeCart,
        new OfferScope { Categories = ["FOOD"] },
        new OfferScope { Brands = ["ACME"], Items = [Samples.Id(2)] },
        new OfferScope { Excluded = [Samples.Id(1)] });

    private static readonly Gen<Stacking> Stackings = Gen.Select(
        Gen.Frequency((1, StackingRule.Exclusive), (3, StackingRule.OnePerClass), (3, StackingRule.StackableWith)),
        Gen.OneOf("a", "b", "c"), Gen.OneOf("a", "b", "c").Array[1, 3], Gen.Int[0, 2],
        (rule, name, with, priority) => new Stacking
        {
            Rule = rule,
            Class = name,
            With = rule == StackingRule.StackableWith ? with : [],
            Priority = priority,
        });

    private static readonly Gen<Offer> Forms = Gen.Select(
        Gen.Enum<OfferKind>(), Scopes, Gen.Int[1, 10_000], Gen.Long[1, 5_000], Gen.Long[0, 20_000].Nullable(),
        Gen.Int[1, 4],
        (kind, scope, percent, amount, minimum, repeats) => Samples.Percent(0, scope) with
        {
            Kind = kind,
            PercentBasisPoints = kind is OfferKind.PercentOff or OfferKind.BuyAndGet ? percent : 0,
            Amount = kind is OfferKind.AmountOff or OfferKind.SpendAndSave or OfferKind.PointsRedemption
                ? new Money(amount, Samples.Usd) : null,
            MinimumSpend = minimum is { } m ? new Money(m, Samples.Usd) : null,
            Gift = kind == OfferKind.Gift ? Samples.Id(3) : null,
            RepeatsMax = kind is OfferKind.PointsRedemption or OfferKind.BuyAndGet or OfferKind.SpendAndSave
                ? repeats : 1,
        });

    /// <summary>Offers that are consistent in themselves.</summary>
    internal static readonly Gen<Offer> Offers = Gen.Select(
        Forms, Gen.Long[1, 3_000].Nullable(), Gen.Int[1, 4], Gen.Int[1, 3], Gen.Bool, Gen.Bool, Stackings,
        (offer, cap, buy, get, apart, tiered, stacking) => offer with
        {
            Cap = cap is { } c ? new Money(c, Samples.Usd) : null,
            Bundle = offer.Kind == OfferKind.BuyAndGet
                ? new() { Buy = buy, Get = get, GetScope = apart ? new() { Categories = ["TOYS"] } : null }
                : null,
            Points = offer.Kind switch
            {
                OfferKind.PointsRedemption => new() { Price = 100 * buy },
                OfferKind.PointsMultiplied => new() { Factor = 1 + get, Step = new(100, Samples.Usd) },
                _ => null,
            },
            Tiers = offer is { Kind: OfferKind.SpendAndSave, RepeatsMax: 1 } && tiered ? Tiers(offer) : [],
            Stacking = stacking,
        });

    internal static OfferObstacle Apply(Offer offer, Cart cart, out Discount? discount) =>
        CartEngine.Apply(offer, cart, Catalog.Get, Samples.Usd, out discount);

    private static SpendTier[] Tiers(Offer offer)
    {
        var (spend, save) = (offer.MinimumSpend?.Minor ?? 0, offer.Amount!.Value.Minor);
        return
        [
            .. Enumerable.Range(1, 3).Select(i => new SpendTier(
                new(spend + (1_500 * i), Samples.Usd), new(save + (200 * i), Samples.Usd))),
        ];
    }
}
