using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class OfferRulesTests
{
    private static readonly CatalogIndex Catalog = new(
    [
        Samples.Item(1, "FOOD") with { MarginBasisPoints = 2_000, Price = Samples.Dollars(3) },
        Samples.Item(2, "TOYS"),
    ]);

    [Fact]
    public void Offers_inside_the_guardrails_are_accepted()
    {
        Assert.Null(Check(Samples.Percent(2_000)));
        Assert.Null(Check(Samples.Amount(5, 50)));
        Assert.Null(Check(Samples.Percent(0) with { Kind = OfferKind.FreeShipping }, kinds: OfferKind.FreeShipping));
        Assert.Null(Check(Samples.Gift(1, minimum: 20), kinds: OfferKind.Gift));
    }

    [Fact]
    public void An_offer_must_be_consistent_in_itself()
    {
        Refused(RefusalCodes.InvalidValue, Samples.Percent(0));
        Refused(RefusalCodes.InvalidValue, Samples.Percent(10_001));
        Refused(RefusalCodes.InvalidValue, Samples.Percent(1_000) with { Title = " " });
        Refused(RefusalCodes.InvalidValue, Samples.Percent(1_000) with { Amount = Samples.Dollars(1) });
        Refused(RefusalCodes.InvalidValue, Samples.Percent(1_000) with { Gift = Samples.Id(1) });
        Refused(RefusalCodes.InvalidValue, Samples.Percent(1_000) with { Kind = (OfferKind)9 });
        Refused(RefusalCodes.InvalidValue, Samples.Amount(5, 50) with { Amount = null });
        Refused(RefusalCodes.InvalidValue, Samples.Amount(5, -50));
        Refused(RefusalCodes.InvalidValue, Samples.Percent(1_000) with { Cap = Samples.Dollars(0) });
        Refused(RefusalCodes.CurrencyMismatch, Samples.Percent(1_000) with { Cap = new(5, new("EUR")) });
    }

    [Fact]
    public void An_offer_must_be_inside_the_guardrails()
    {
        Outside("/kind", Samples.Percent(0) with { Kind = OfferKind.FreeShipping });
        Outside("/cap", Samples.Percent(1_000) with { Cap = Samples.Dollars(21) });
        Outside("/amount", Samples.Amount(21, 100));
        Outside("/amount", Samples.Amount(5.50m, 50));
        Outside("/minimumSpend", Samples.Amount(1, 9));
        Outside("/minimumSpend", Samples.Amount(10, 101));
        Outside("/minimumSpend", Samples.Amount(5, 50) with { MinimumSpend = null });
        Outside("/validForSeconds", Samples.Percent(1_000) with { ValidFor = TimeSpan.FromDays(2) });
        Outside("/validForSeconds", Samples.Percent(1_000) with { ValidFor = TimeSpan.FromDays(31) });
        Outside("/percentBasisPoints", Samples.Percent(3_500));
        Outside("/percentBasisPoints", Samples.Percent(750));
        Outside("/amount", Samples.Amount(1, 50)); // 2 % is too little.
        Outside("/minimumSpend", Samples.Gift(1, minimum: 0), kinds: OfferKind.Gift);
        Outside("/gift", Samples.Gift(1, minimum: 9), kinds: OfferKind.Gift); // A third.
    }

    [Fact]
    public void A_refusal_points_to_the_field_that_is_wrong()
    {
        var eur = new Money(500, new("EUR"));
        Assert.Equal("/cap", Check(Samples.Percent(1_000) with { Cap = Samples.Dollars(0) })?.Pointer);
        Assert.Equal("/cap", Check(Samples.Percent(1_000) with { Cap = eur })?.Pointer);
        Assert.Equal("/minimumSpend", Check(Samples.Percent(1_000) with { MinimumSpend = eur })?.Pointer);
        var tiered = Samples.Amount(1, 10) with
        {
            Kind = OfferKind.SpendAndSave, Tiers = [new(Samples.Dollars(20), eur)],
        };
        Assert.Equal("/tiers/0/save", Check(tiered)?.Pointer);
        Assert.Equal("/scope/categories", Check(Samples.Percent(1_000, new() { Categories = [""] }))?.Pointer);
        Assert.Equal("/scope/brands", Check(Samples.Percent(1_000, new() { Brands = [" "] }))?.Pointer);
    }

    [Fact]
    public void The_margin_floor_holds_for_every_item_in_scope()
    {
        Outside("/scope", Samples.Percent(2_500)); // Item 1 has a margin of 20 %.
        Outside("/scope", Samples.Amount(11, 50));
        Assert.Null(Check(Samples.Percent(2_500, new OfferScope { Categories = ["TOYS"] })));
        Assert.Null(Check(Samples.Percent(2_500, new OfferScope { Excluded = [Samples.Id(1)] })));
    }

    [Fact]
    public void A_scope_stays_within_the_allowed_categories()
    {
        var food = Samples.Guardrails() with { Categories = ["FOOD"], WholeCart = false };
        Assert.Null(OfferRules.Check(Samples.Percent(500, new() { Categories = ["FOOD"] }), food, Catalog));
        Assert.Null(OfferRules.Check(Samples.Percent(500, new() { Items = [Samples.Id(1)] }), food, Catalog));
        Assert.NotNull(OfferRules.Check(Samples.Percent(500), food, Catalog));
        Assert.NotNull(OfferRules.Check(Samples.Percent(500, new() { Categories = ["TOYS"] }), food, Catalog));
        Assert.NotNull(OfferRules.Check(Samples.Percent(500, new() { Items = [Samples.Id(2)] }), food, Catalog));
        Assert.NotNull(OfferRules.Check(Samples.Percent(500, new() { Items = [Samples.Id(99)] }), food, Catalog));
    }

    [Fact]
    public void A_scope_stays_within_the_allowed_brands()
    {
        var acme = Samples.Guardrails() with { Brands = ["ACME"], WholeCart = false };
        var catalog = new CatalogIndex(
            [Samples.Item(1, "FOOD") with { Brand = "ACME" }, Samples.Item(2, "FOOD"), Samples.Item(3, "TOYS")]);
        Assert.Null(OfferRules.Check(Samples.Percent(500, new() { Brands = ["ACME"] }), acme, catalog));
        Assert.Null(OfferRules.Check(Samples.Percent(500, new() { Items = [Samples.Id(1)] }), acme, catalog));
        foreach (var scope in new OfferScope[]
        {
            OfferScope.WholeCart, new() { Categories = ["FOOD"] }, new() { Items = [Samples.Id(2)] },
            new() { Brands = ["ACME", "OTHER"] }, new() { Items = [Samples.Id(99)] },
        })
        {
            Assert.Equal(RefusalCodes.OfferOutsideGuardrails,
                OfferRules.Check(Samples.Percent(500, scope), acme, catalog)?.Code);
        }

        Assert.NotNull(OfferRules.Check(
            Samples.Percent(500, new() { Brands = ["ACME"] }), acme with { Categories = ["TOYS"] }, catalog));
        Assert.Equal("/guardrails/brands", OfferRules.Check(acme with { Brands = [" "] })?.Pointer);
    }

    [Fact]
    public void Guardrails_that_allow_nothing_or_are_upside_down_are_refused()
    {
        var good = Samples.Guardrails();
        Assert.Null(OfferRules.Check(good));
        Guardrails[] bad =
        [
            good with { Kinds = [] }, good with { Kinds = [(OfferKind)77] },
            good with { DepthMinBasisPoints = 0 }, good with { DepthMaxBasisPoints = 10_001 },
            good with { DepthMinBasisPoints = 2_000, DepthMaxBasisPoints = 1_000 },
            good with { DepthMinBasisPoints = 600, DepthMaxBasisPoints = 900 },
            good with { DepthStepBasisPoints = 0 }, good with { MarginFloorBasisPoints = 10_001 },
            good with { Cap = Samples.Dollars(0) }, good with { AmountStep = Samples.Dollars(0) },
            good with { AmountStep = new(1, Samples.Usd), Cap = Samples.Dollars(101) },
            good with { MinimumSpendMax = Samples.Dollars(9) }, good with { MinimumSpendMin = Samples.Dollars(-1) },
            good with { AmountStep = new(100, new("EUR")) },
            good with { ValidDaysMin = 0 }, good with { ValidDaysMin = 40 }, good with { Categories = [""] },
        ];
        Assert.All(bad, g => Assert.NotNull(OfferRules.Check(g)));
    }

    [Fact]
    public void Guardrails_of_which_no_kind_can_meet_the_rest_allow_nothing()
    {
        var good = Samples.Guardrails() with { Kinds = [OfferKind.AmountOff] };
        Assert.Null(OfferRules.Check(good));
        Guardrails[] nothing =
        [
            good with { AmountStep = Samples.Dollars(21), MinimumSpendMax = Samples.Dollars(210) }, // Above the cap.
            good with { MinimumSpendMin = Samples.Dollars(0), MinimumSpendMax = Samples.Dollars(0) },
            good with { MinimumSpendMin = Samples.Dollars(500), MinimumSpendMax = Samples.Dollars(900) }, // Below 5 %.
            good with { AmountStep = Samples.Dollars(4), MinimumSpendMax = Samples.Dollars(12) }, // 4 of 12 is too deep.
            good with
            {
                Kinds = [OfferKind.PointsRedemption], PointsPerStep = OfferRules.PointsMax, // One step at the most.
                MinimumSpendMin = Samples.Dollars(30),
            },
            good with { Kinds = [OfferKind.PointsMultiplied], PointsFactorMax = 1 },
            good with
            {
                Kinds = [OfferKind.Gift], MinimumSpendMin = Samples.Dollars(0), MinimumSpendMax = Samples.Dollars(0),
            },
        ];
        Assert.All(nothing, g => Assert.Equal(
            (RefusalCodes.NothingAllowed, "/guardrails/kinds"),
            (OfferRules.Check(g)?.Code, OfferRules.Check(g)?.Pointer)));
        Assert.All(nothing, g => Assert.Null(
            OfferRules.Check(nothing[0] with { Kinds = [.. g.Kinds, OfferKind.PercentOff] })));
    }

    /// <summary>Every guardrail that is refused for its kinds is one for which no amount of any spend is
    /// legal.</summary>
    [Fact]
    public void No_legal_amount_is_lost_by_that() => Gen.Select(
        Gen.Int[1, 20], Gen.Int[1, 60], Gen.Int[0, 120], Gen.Int[0, 120], Gen.Int[1, 4_000], Gen.Int[1, 4_000]).Sample(
        (step, cap, one, other, shallow, deep) =>
    {
        var g = Samples.Guardrails() with
        {
            Kinds = [OfferKind.AmountOff],
            AmountStep = new(step, Samples.Usd),
            Cap = new(cap, Samples.Usd),
            MinimumSpendMin = new(Math.Min(one, other), Samples.Usd),
            MinimumSpendMax = new(Math.Max(one, other), Samples.Usd),
            DepthMinBasisPoints = Math.Min(shallow, deep),
            DepthMaxBasisPoints = Math.Max(shallow, deep),
            DepthStepBasisPoints = 1,
            AssumedMarginBasisPoints = 10_000,
        };
        var legal =
            from amount in Enumerable.Range(1, cap)
            from spend in Enumerable.Range(0, Math.Max(one, other) + 1)
            where amount % step == 0 && spend % step == 0
            let offer = Samples.Percent(0) with
            {
                Kind = OfferKind.AmountOff, Amount = new Money(amount, Samples.Usd),
                MinimumSpend = new Money(spend, Samples.Usd),
            }
            where OfferRules.Check(offer, g, CatalogIndex.Empty) is null
            select offer;
        Assert.Equal(legal.Any(), OfferRules.Check(g) is null);
    }, iter: 1_000);

    private static Refusal? Check(Offer offer, params OfferKind[] kinds) => OfferRules.Check(
        offer, kinds.Length == 0 ? Samples.Guardrails() : Samples.Guardrails() with { Kinds = kinds }, Catalog);

    private static void Refused(string code, Offer offer) => Assert.Equal(code, Check(offer)?.Code);

    private static void Outside(string pointer, Offer offer, params OfferKind[] kinds)
    {
        var refusal = Check(offer, kinds);
        Assert.Equal((RefusalCodes.OfferOutsideGuardrails, pointer), (refusal?.Code, refusal?.Pointer));
    }
}
