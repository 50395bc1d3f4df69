using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class OfferDecoderTests
{
    private static readonly Gen<float> Numbers = Gen.Frequency(
        (8, Gen.Float[-0.5f, 1.5f]), (1, Gen.Float),
        (1, Gen.OneOf(float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon)));

    private static readonly Gen<OfferDesign> Designs = Gen.Select(
        Numbers.Array[0, 7], Numbers, Numbers, Numbers, Numbers.Array[0, 8],
        (kinds, depth, threshold, validity, categories) =>
            new OfferDesign(kinds, depth, threshold, validity, categories));

    private static readonly Gen<Guardrails> AllGuardrails = Gen.Select(
        Gen.Enum<OfferKind>().Array[0, 4],
        Gen.Select(Gen.Int[-10, 5_000], Gen.Int[0, 10_100], Gen.Int[0, 1_200]),
        Gen.Select(Gen.Int[-500, 4_000], Gen.Int[0, 4_000]),
        Gen.Select(Gen.Long[0, 5_000], Gen.Long[0, 20_000], Gen.Long[0, 20_000], Gen.OneOf(0L, 1, 7, 50, 100, 500)),
        Gen.Select(
            Gen.OneOf<string[]>([], [], ["FOOD"], ["MILK", "TOYS"], ["NOWHERE"]),
            Gen.OneOf<string[]>([], [], [], ["ACME"], ["NOBODY"])),
        Gen.Bool, Gen.Select(Gen.Int[0, 30], Gen.Int[0, 60]),
        (kinds, depths, margins, amounts, names, wholeCart, days) => new Guardrails
        {
            Kinds = kinds,
            DepthMinBasisPoints = depths.Item1,
            DepthMaxBasisPoints = depths.Item2,
            DepthStepBasisPoints = depths.Item3,
            MarginFloorBasisPoints = margins.Item1,
            AssumedMarginBasisPoints = margins.Item2,
            Cap = new(amounts.Item1, Samples.Usd),
            MinimumSpendMin = new(amounts.Item2, Samples.Usd),
            MinimumSpendMax = new(amounts.Item3, Samples.Usd),
            AmountStep = new(amounts.Item4, Samples.Usd),
            Categories = names.Item1,
            Brands = names.Item2,
            WholeCart = wholeCart,
            ValidDaysMin = days.Item1,
            ValidDaysMax = days.Item2,
        });

    private static readonly CatalogIndex[] Catalogs =
    [
        CatalogIndex.Empty,
        Catalog(seed: 1, items: 12, marginMin: 2_000, marginMax: 6_000),
        Catalog(seed: 2, items: 25, marginMin: -5_000, marginMax: 5_000),
        Catalog(seed: 3, items: 8, marginMin: 0, marginMax: 900),
    ];

    [Fact]
    public void Every_design_becomes_a_legal_offer_or_a_named_refusal()
    {
        var (legal, refused) = (0, 0);
        Gen.Select(Designs, AllGuardrails, Gen.Int[0, Catalogs.Length - 1]).Sample((design, guardrails, catalog) =>
        {
            if (Check(design, guardrails, Catalogs[catalog]))
            {
                Interlocked.Increment(ref legal);
            }
            else
            {
                Interlocked.Increment(ref refused);
            }
        }, iter: 150_000);
        Assert.True(legal > 10_000, $"{legal} legal, {refused} refused: the test hardly saw an offer.");
        Assert.True(refused > 10_000, $"{legal} legal, {refused} refused: the test hardly saw a refusal.");
    }

    [Fact]
    public void With_usual_guardrails_and_margins_every_design_becomes_an_offer() =>
        Designs.Sample(design => Assert.True(Check(design, Samples.Guardrails(), Catalogs[1])), iter: 20_000);

    [Fact]
    public void The_largest_amounts_are_decoded_without_overflow() => Designs.Sample(design => Check(
        design,
        Samples.Guardrails() with
        {
            Kinds = [OfferKind.AmountOff, OfferKind.FreeShipping, OfferKind.Gift],
            Cap = new(long.MaxValue, Samples.Usd),
            MinimumSpendMax = new(long.MaxValue, Samples.Usd),
            AmountStep = new(long.MaxValue / 9_999, Samples.Usd),
        },
        Catalogs[1]), iter: 1_000);

    [Fact]
    public void The_same_design_gives_the_same_offer() => Designs.Sample(design =>
    {
        var (one, two) =
            (Decode(design, Samples.Guardrails(), Catalogs[1]), Decode(design, Samples.Guardrails(), Catalogs[1]));
        Assert.Equal(Describe(one.Offer), Describe(two.Offer));
        Assert.Equal(one.Refusal, two.Refusal);
    });

    [Fact]
    public void A_wish_inside_the_guardrails_is_granted_and_put_into_words()
    {
        var drink = Samples.Item(2, "SOFT DRINKS") with { MarginBasisPoints = 5_000 };
        var catalog = new CatalogIndex([Samples.Item(1, "GROCERY"), drink]);
        var guardrails =
            Samples.Guardrails() with { DepthMaxBasisPoints = 3_500, MinimumSpendMax = Samples.Dollars(50) };

        var percent = Decode(new([1, 0, 0, 0, 0], 0.5f, 0, 0.5f, [0.1f, 0.9f]), guardrails, catalog).Offer!;
        Assert.Equal("20 % off SOFT DRINKS", percent.Title);
        Assert.Equal(2_000, percent.PercentBasisPoints);
        Assert.Equal(["SOFT DRINKS"], percent.Scope.Categories);

        var amount = Decode(new([0, 1, 0, 0, 0], 0.4f, 0.5f, 0, [0.9f, 0.1f]), guardrails, catalog).Offer!;
        Assert.Equal("5.00 USD off 30.00 USD of GROCERY", amount.Title);
        Assert.Equal(TimeSpan.FromDays(3), amount.ValidFor);
    }

    [Fact]
    public void The_depth_gives_way_to_the_margin_floor()
    {
        var catalog = new CatalogIndex([Samples.Item(1, "FOOD") with { MarginBasisPoints = 2_400 }]);
        var guardrails = Samples.Guardrails() with { MarginFloorBasisPoints = 1_000 };
        var offer = Decode(new([1], 1, 0, 0, [1]), guardrails, catalog).Offer!;
        Assert.Equal(1_000, offer.PercentBasisPoints); // Room is 1400, steps are 500.
    }

    [Fact]
    public void Items_without_room_become_exceptions_and_a_category_without_room_is_passed_over()
    {
        var catalog = new CatalogIndex(
        [
            Samples.Item(1, "FOOD") with { MarginBasisPoints = 100 },
            Samples.Item(2, "FOOD"), Samples.Item(3, "FOOD"),
            Samples.Item(4, "FUEL") with { MarginBasisPoints = 100 },
        ]);
        var guardrails = Samples.Guardrails() with { WholeCart = false };

        var food = Decode(new([1], 0, 0, 0, [1, 0]), guardrails, catalog).Offer!;
        Assert.Equal([Samples.Id(1)], food.Scope.Excluded);
        Assert.Equal("5 % off FOOD (with exceptions)", food.Title);

        var notFuel = Decode(new([1], 0, 0, 0, [0, 1]), guardrails, catalog).Offer!;
        Assert.Equal(["FOOD"], notFuel.Scope.Categories);

        var refusal = Decode(new([1], 0, 0, 0, [0, 1]), guardrails with { Categories = ["FUEL"] }, catalog).Refusal!;
        Assert.Equal(RefusalCodes.NothingAllowed, refusal.Code);
    }

    private static bool Check(OfferDesign design, Guardrails guardrails, CatalogIndex catalog)
    {
        var (offer, refusal) = Decode(design, guardrails, catalog);
        Assert.NotEqual(offer is null, refusal is null);
        if (offer is null)
        {
            Assert.Equal(RefusalCodes.NothingAllowed, refusal!.Code);
            return false;
        }

        Assert.Null(OfferRules.Check(offer, guardrails, catalog));
        return true;
    }

    private static (Offer? Offer, Refusal? Refusal) Decode(
        OfferDesign design, Guardrails guardrails, CatalogIndex catalog) =>
        OfferDecoder.Decode(design, new("designed"), Samples.Spring, guardrails, catalog);

    private static string? Describe(Offer? offer) => offer is null
        ? null
        : $"{offer.Title} {offer.Kind} {offer.Cap} {offer.ValidFor} {offer.Gift} {string.Join(',', offer.Scope.Excluded)}";

    private static CatalogIndex Catalog(int seed, int items, int marginMin, int marginMax)
    {
        var random = new Random(seed);
        string[][] paths = [["FOOD", "BREAD"], ["FOOD", "MILK"], ["TOYS"], ["HOME", "GARDEN"], []];
        return new(Enumerable.Range(0, items).Select(i => Samples.Item(i, paths[random.Next(paths.Length)]) with
        {
            MarginBasisPoints = random.Next(5) == 0 ? null : random.Next(marginMin, marginMax),
            Price = random.Next(5) == 0 ? null : new(random.Next(0, 5_000), Samples.Usd),
            Stock = random.Next(5) == 0 ? 0 : null,
            Brand = i % 3 == 0 ? "ACME" : null,
        }));
    }
}
