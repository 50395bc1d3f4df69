using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Tests.Offers;

/// <summary>Tiers, repeats, points and bundles, by example.</summary>
public sealed class OfferKindTests
{
    private static readonly Offer Tiered = Samples.Amount(10, 100) with
    {
        Tiers = [new(Samples.Dollars(200), Samples.Dollars(25)), new(Samples.Dollars(300), Samples.Dollars(45))],
    };

    [Theory]
    [InlineData(99.99, 0)]
    [InlineData(100, 10)]
    [InlineData(199.99, 10)]
    [InlineData(200, 25)]
    [InlineData(1_000, 45)]
    public void The_highest_tier_that_is_reached_counts(decimal spent, decimal off) =>
        TakesOff(off, Tiered, (1, 1, spent));

    [Theory]
    [InlineData(99, 0)]
    [InlineData(100, 10)]
    [InlineData(250, 20)]
    [InlineData(900, 30)]
    public void For_each_full_minimum_up_to_the_repeats(decimal spent, decimal off) =>
        TakesOff(off, Samples.Amount(10, 100) with { RepeatsMax = 3 }, (1, 1, spent));

    [Fact]
    public void In_each_set_of_pieces_the_cheapest_are_got()
    {
        var offer = Bundle(buy: 2, get: 1);
        // 9 8 7 | 6 5 4 | 3: 7 and 4.
        TakesOff(11, offer, (1, 1, 9), (2, 1, 8), (3, 1, 7), (1, 1, 6), (2, 1, 5), (3, 1, 4), (1, 1, 3));
        TakesOff(7, offer with { RepeatsMax = 1 }, (1, 1, 9), (2, 1, 8), (3, 1, 7), (1, 1, 6), (2, 1, 5), (3, 1, 4));
        TakesOff(3.5m, offer with { PercentBasisPoints = 5_000 }, (1, 1, 9), (2, 1, 8), (3, 1, 7));
        TakesOff(20, offer, (1, 3, 10), (2, 6, 5), (3, 1, 1));
    }

    [Fact]
    public void The_discount_of_a_set_is_shared_by_what_is_bought_and_what_is_got()
    {
        // Otherwise who returns what he bought would keep what he got for nothing.
        Carts.Apply(Bundle(2, 1), Samples.Cart((1, 1, 10), (2, 1, 10), (3, 1, 10)), out var discount);
        Assert.Equal([334, 333, 333], discount!.Lines.Select(l => l.Minor));
    }

    [Fact]
    public void What_is_got_from_a_scope_of_its_own_is_the_cheapest_and_never_counts_as_bought()
    {
        var offer = Bundle(2, 1, new() { Categories = ["TOYS"] }) with { RepeatsMax = 2 };
        TakesOff(4, offer, (1, 3, 10), (3, 1, 4), (3, 1, 6));
        TakesOff(10, offer, (1, 4, 10), (3, 1, 4), (3, 1, 6));
        Assert.Equal(OfferObstacle.NotEnoughPieces, Carts.Apply(offer, Samples.Cart((1, 1, 10), (3, 2, 4)), out _));
        Assert.Equal(OfferObstacle.NotEnoughPieces, Carts.Apply(offer, Samples.Cart((1, 2, 10)), out _));
    }

    [Fact]
    public void Points_pay_for_as_many_lots_as_there_are_points_and_purchases_for()
    {
        var offer = Samples.Amount(5, 20) with
        {
            Kind = OfferKind.PointsRedemption, Points = new() { Price = 500 }, RepeatsMax = 4,
        };
        Assert.Equal((500, 500, 0), Points(offer, 20, 700));
        Assert.Equal((500, 500, 0), Points(offer, 39, 5_000)); // One full 20.00.
        Assert.Equal((1_000, 1_000, 0), Points(offer, 40, 5_000));
        Assert.Equal((2_000, 2_000, 0), Points(offer, 400, 5_000));
        Assert.Equal((700, 1_000, 0), Points(offer with { Cap = Samples.Dollars(7) }, 400, 5_000)); // Two lots begun.
        Assert.Equal(
            OfferObstacle.NotEnoughPoints,
            Carts.Apply(offer, Samples.Cart((1, 1, 40)) with { Points = 499 }, out _));
        Assert.Equal(OfferObstacle.NotEnoughPoints, Carts.Apply(offer, Samples.Cart((1, 1, 40)), out _));
    }

    [Fact]
    public void Multiplied_points_are_earned_on_full_steps_and_take_nothing_off()
    {
        var offer = Samples.Percent(0) with
        {
            Kind = OfferKind.PointsMultiplied, Points = new() { Factor = 3, Step = Samples.Dollars(2) },
        };
        Assert.Equal((0, 0, 38), Points(offer, 39.99m, 0)); // 19 full steps, twice more each.
        Assert.Equal(OfferObstacle.BelowMinimumSpend, Carts.Apply(offer, Samples.Cart((1, 1, 1)), out _));
    }

    [Fact]
    public void Each_kind_has_its_own_fields_and_no_others()
    {
        var points = new OfferPoints { Price = 100 };
        Faulty("/tiers/0", Tiered with { Tiers = [new(Samples.Dollars(90), Samples.Dollars(20))] });
        Faulty("/tiers/1", Tiered with { Tiers = [Tiered.Tiers[1], Tiered.Tiers[0]] });
        Faulty("/tiers", Samples.Percent(1_000) with { Tiers = Tiered.Tiers });
        Faulty("/repeatsMax", Tiered with { RepeatsMax = 2 });
        Faulty("/repeatsMax", Samples.Percent(1_000) with { RepeatsMax = 2 });
        Faulty("/repeatsMax", Samples.Amount(1, 10) with { RepeatsMax = 0 });
        Faulty("/points", Samples.Percent(1_000) with { Points = points });
        Faulty("/points", Samples.Amount(1, 10) with { Kind = OfferKind.PointsRedemption });
        Faulty("/points", Samples.Percent(0) with { Kind = OfferKind.PointsMultiplied, Points = points });
        Faulty("/bundle", Samples.Percent(1_000) with { Bundle = new() { Buy = 1, Get = 1 } });
        Faulty("/bundle", Bundle(0, 1));
        Faulty("/bundle/getScope", Bundle(1, 1, OfferScope.WholeCart));
        Faulty("/ordersMin", Samples.Percent(1_000) with { OrdersMin = 2, OrdersMax = 1 });
        Faulty("/stock", Samples.Percent(1_000) with { Stock = 0 });
        Faulty("/usesMax", Samples.Percent(1_000) with { UsesMax = 0 });
        Faulty("/usesMax", Samples.Percent(1_000) with { UsesMax = 1_001 });
        Faulty("/stacking/with", Samples.Percent(1_000) with { Stacking = new() { With = ["a"] } });
        Faulty("/stacking/class", Samples.Percent(1_000) with { Stacking = new() { Class = "" } });
    }

    [Fact]
    public void The_margin_floor_is_asked_of_tiers_and_bundles_too()
    {
        var catalog = new CatalogIndex([Samples.Item(1, "FOOD") with { MarginBasisPoints = 2_000 }]);
        var guardrails = Samples.Guardrails() with
        {
            Kinds = Enum.GetValues<OfferKind>(), Cap = Samples.Dollars(100), MinimumSpendMax = Samples.Dollars(300),
        };
        Assert.Null(OfferRules.Check(Tiered, guardrails, catalog));
        var deep = Tiered with { Tiers = [.. Tiered.Tiers, new(Samples.Dollars(300), Samples.Dollars(61))] };
        Assert.NotNull(OfferRules.Check(deep, guardrails, catalog));
        Assert.Equal("/scope", OfferRules.Check(
            Samples.Amount(10, 100) with { Tiers = [new(Samples.Dollars(200), Samples.Dollars(41))] }, guardrails,
                catalog)
            ?.Pointer);
        Assert.Null(OfferRules.Check(Bundle(4, 1), guardrails, catalog)); // A fifth.
        Assert.Equal("/scope", OfferRules.Check(Bundle(3, 1), guardrails, catalog)?.Pointer); // A quarter.
        var apart = Bundle(1, 1, new() { Items = [Samples.Id(1)] });
        Assert.Equal("/minimumSpend", OfferRules.Check(apart, guardrails, catalog)?.Pointer); // Nothing bounds it.
        Assert.Null(OfferRules.Check(
            apart with { MinimumSpend = Samples.Dollars(50), Cap = Samples.Dollars(10) }, guardrails, catalog));
    }

    [Fact]
    public void An_offer_on_items_that_left_the_catalog_is_refused()
    {
        var gone = Samples.Percent(1_000, new() { Items = [Samples.Id(99)] });
        var g = Samples.Guardrails() with { Kinds = Enum.GetValues<OfferKind>() };
        Assert.Equal(
            (RefusalCodes.ItemsLeftCatalog, "/scope"), Pair(OfferRules.Check(gone, g, Carts.Catalog)));
        Assert.Equal(
            (RefusalCodes.ItemsLeftCatalog, "/gift"), Pair(OfferRules.Check(Samples.Gift(99, 20), g, Carts.Catalog)));
        Assert.Null(OfferRules.Check(gone, g, CatalogIndex.Empty)); // Nothing is known of any item yet.
    }

    [Fact]
    public void A_margin_floor_above_the_price_is_refused_by_name() => Assert.Equal(
        (RefusalCodes.MarginFloorAbovePrice, "/guardrails/marginFloorBasisPoints"),
        Pair(OfferRules.Check(Samples.Guardrails() with { MarginFloorBasisPoints = 10_001 })));

    private static (string?, string?) Pair(Refusal? refusal) => (refusal?.Code, refusal?.Pointer);

    private static Offer Bundle(int buy, int get, OfferScope? scope = null) => Samples.Percent(10_000) with
    {
        Kind = OfferKind.BuyAndGet, Bundle = new() { Buy = buy, Get = get, GetScope = scope }, RepeatsMax = 10,
    };

    private static void Faulty(string pointer, Offer offer) => Assert.Equal(pointer, OfferRules.Check(offer)?.Pointer);

    private static void TakesOff(decimal off, Offer offer, params (int Item, int Quantity, decimal Price)[] lines)
    {
        Carts.Apply(offer, Samples.Cart(lines), out var discount);
        Assert.Equal(Samples.Dollars(off), discount?.Total ?? Samples.Dollars(0));
    }

    private static (long Off, long Spent, long Earned) Points(Offer offer, decimal price, long points)
    {
        Carts.Apply(offer, Samples.Cart((1, 1, price)) with { Points = points }, out var discount);
        return (discount!.Total.Minor, discount.PointsSpent, discount.PointsEarned);
    }
}
