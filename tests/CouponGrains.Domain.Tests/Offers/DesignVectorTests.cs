using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Tests.Offers;

/// <summary>Any vector at all becomes a legal offer or a named refusal.</summary>
public sealed class DesignVectorTests(ITestOutputHelper output)
{
    private const int Vectors = 1_000_000;
    private const int Seed = 20_261_124;

    private static readonly float[] Hostile =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon,
            -0f, 1e30f,
        -1e30f, 0.5f, 1, 0, 1 / 3f, 2 / 3f,
    ];

    [Fact]
    public void A_million_vectors_give_a_million_legal_offers_or_named_refusals()
    {
        var random = new Random(Seed);
        CatalogIndex[] catalogs =
        [
            CatalogIndex.Empty, Catalog(random, 12, 2_000, 6_000), Catalog(random, 20, -3_000, 5_000),
            Catalog(random, 8, 0, 900),
        ];
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Vectors; i++)
        {
            var catalog = catalogs[i % 4 == 0 ? random.Next(catalogs.Length) : 1];
            var guardrails = i % 2 == 0 ? Wide(random) : Any(random);
            var vector = Vector(random, OfferDesign.Width(catalog.TopCategories.Count));
            var design = OfferDesign.Of(vector, catalog.TopCategories.Count);
            var (offer, refusal) = OfferDecoder.Decode(design, new("designed"), Samples.Spring, guardrails, catalog);
            Assert.NotEqual(offer is null, refusal is null);
            if (offer is not null)
            {
                Assert.Null(OfferRules.Check(offer, guardrails, catalog));
                RequireMargin(offer, guardrails, catalog, random);
            }

            var name = refusal is null ? Name(offer!) : $"refused: {refusal.Code} {refusal.Pointer}".TrimEnd();
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        output.WriteLine($"{Vectors} vectors, seed {Seed}:");
        foreach (var (name, count) in counts)
        {
            output.WriteLine($"  {name}: {count}");
        }

        Assert.Equal(Vectors, counts.Values.Sum());
        Assert.Equal(
            Enum.GetNames<OfferKind>().Concat(["SpendAndSave each full", "SpendAndSave tiered"]).Order(),
            counts.Keys.Where(name => !name.StartsWith("refused", StringComparison.Ordinal)).Order());
        Assert.All(
            counts.Keys.Where(name => name.StartsWith("refused", StringComparison.Ordinal)),
            name => Assert.StartsWith("refused: " + RefusalCodes.NothingAllowed, name));
        Assert.True(counts.Where(c => c.Key.StartsWith("refused", StringComparison.Ordinal))
            .Sum(c => c.Value) > 10_000);
    }

    [Fact]
    public void The_same_vector_gives_the_same_offer()
    {
        var catalog = Catalog(new(1), 12, 2_000, 6_000);
        for (var i = 0; i < 20_000; i++)
        {
            var vector = Vector(new(i), OfferDesign.Width(catalog.TopCategories.Count));
            var guardrails = Wide(new(i));
            Assert.Equal(Text(vector, guardrails, catalog), Text(vector, guardrails, catalog));
        }
    }

    [Fact]
    public void What_the_generator_writes_stands_where_it_stood()
    {
        var catalog = new CatalogIndex([Samples.Item(1, "FOOD"), Samples.Item(2, "TOYS")]);
        var design = OfferDesign.Of([1, 2, 3, 4, 5, 0.1f, 0.2f, 0.3f, 0.7f, 0.8f, 6, 7, 8, 0.4f, 0.9f], 2);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], design.Kinds);
        Assert.Equal((0.1f, 0.2f, 0.3f), (design.Depth, design.Threshold, design.Validity));
        Assert.Equal([0.7f, 0.8f], design.Categories);
        Assert.Equal((0.4f, 0.9f), (design.Form, design.Repeats));
        Assert.Equal(15, OfferDesign.Width(catalog.TopCategories.Count));
    }

    private static string Text(float[] vector, Guardrails guardrails, CatalogIndex catalog)
    {
        var design = OfferDesign.Of(vector, catalog.TopCategories.Count);
        var (offer, refusal) = OfferDecoder.Decode(design, new("designed"), Samples.Spring, guardrails, catalog);
        return refusal?.ToString()
            ?? $"{offer!.Title} {offer.ValidFor} {offer.RepeatsMax} {string.Join(' ', offer.Scope.Excluded)}";
    }

    /// <summary>No line falls below its margin floor by more than the rounding of one minor unit; a gift is borne by
    /// all that is bought for it.</summary>
    private static void RequireMargin(Offer offer, Guardrails g, CatalogIndex catalog, Random random)
    {
        var covered = catalog.InScope(offer.Scope).Where(i => i.Price is { Minor: > 0 }).ToArray();
        if (covered.Length == 0)
        {
            return;
        }

        var lines = new List<CartLine>();
        for (var i = 0; i < 3; i++)
        {
            var item = covered[random.Next(covered.Length)];
            lines.Add(new(item.Id, random.Next(1, 40), item.Price!.Value));
        }

        if (offer.Gift is { } gift)
        {
            lines.Add(new(gift, 1, catalog.Get(gift).Price!.Value));
        }

        var cart = new Cart { Currency = Samples.Usd, Lines = lines, Shipping = new(500, Samples.Usd),
            Points = 1_000_000 };
        if (CartEngine.Apply(offer, cart, catalog.Get, Samples.Usd, out var discount) != OfferObstacle.None)
        {
            return;
        }

        Assert.True(discount!.Total <= g.Cap || offer.Cap is null);
        var bought = offer.Kind == OfferKind.Gift ? lines[..^1] : lines;
        var room = bought.Select(l => catalog.Get(l.Item).MarginBasisPoints ?? g.AssumedMarginBasisPoints).Min()
            - g.MarginFloorBasisPoints;
        var given = discount.Lines.Sum(l => l.Minor);
        Assert.True(given <= 1 + (bought.Sum(l => l.Total.Minor) * Math.Max(0, room) / 10_000));
        for (var i = 0; i < lines.Count && offer.Kind != OfferKind.Gift; i++)
        {
            Assert.True(discount.Lines[i].Minor <= 1 + (lines[i].Total.Minor * Math.Max(0, room) / 10_000));
        }
    }

    private static string Name(Offer offer) => offer switch
    {
        { Tiers.Count: > 0 } => "SpendAndSave tiered",
        { Kind: OfferKind.SpendAndSave, RepeatsMax: > 1 } => "SpendAndSave each full",
        _ => offer.Kind.ToString(),
    };

    private static float[] Vector(Random random, int width)
    {
        var length = random.Next(8) == 0 ? random.Next(0, 2 * width) : width;
        var hostile = random.Next(4) switch { 0 => 1.0, 1 => 0.2, _ => 0 };
        var vector = new float[length];
        for (var i = 0; i < length; i++)
        {
            vector[i] = random.NextDouble() < hostile ? Hostile[random.Next(Hostile.Length)]
                : random.Next(50) == 0 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))
                : (random.NextSingle() * 2) - 0.5f;
        }

        return vector;
    }

    private static Guardrails Wide(Random random) => Samples.Guardrails() with
    {
        Kinds = Enum.GetValues<OfferKind>(),
        WholeCart = random.Next(2) == 0,
        MarginFloorBasisPoints = random.Next(-1_000, 1_500),
        RepeatsMax = random.Next(1, 6),
        ValidHoursMin = random.Next(4) == 0 ? random.Next(1, 100) : null,
    };

    /// <summary>Each field is what a shop would write or, now and then, anything.</summary>
    private static Guardrails Any(Random random)
    {
        int Often(int usualFrom, int usualTo, int from, int to) =>
            random.Next(12) == 0 ? random.Next(from, to) : random.Next(usualFrom, usualTo);

        return new()
        {
            Kinds = [.. Enumerable.Range(0, Often(1, 5, 0, 2)).Select(_ => (OfferKind)Often(1, 9, 0, 10))],
            DepthMinBasisPoints = Often(1, 1_000, -10, 10_000),
            DepthMaxBasisPoints = Often(1_500, 10_001, 0, 10_100),
            DepthStepBasisPoints = Often(1, 500, 0, 5_000),
            MarginFloorBasisPoints = Often(-2_000, 3_000, -10_100, 10_100),
            AssumedMarginBasisPoints = Often(0, 5_000, -10_100, 10_100),
            Cap = Amount(random, 500, 5_000),
            MinimumSpendMin = Amount(random, 0, 3_000),
            MinimumSpendMax = Amount(random, 3_000, 50_000),
            AmountStep = Amount(random, 1, 200),
            Categories = random.Next(4) == 0 ? ["MILK", "TOYS"] : random.Next(20) == 0 ? ["NOWHERE"] : [],
            WholeCart = random.Next(2) == 0,
            ValidDaysMin = Often(1, 20, 0, 80),
            ValidDaysMax = Often(20, 60, 0, 4_000),
            RepeatsMax = Often(1, 1_000, 0, 2_000),
            PointsPerStep = Often(1, 500, 0, int.MaxValue),
            PointsFactorMax = Often(1, 100, 0, 110),
            ValidHoursMin = random.Next(4) == 0 ? random.Next(1, 2_000) : null,
        };
    }

    private static Money Amount(Random random, int from, int to) =>
        new(random.Next(20) == 0 ? random.NextInt64() : random.Next(from, to), Samples.Usd);

    private static CatalogIndex Catalog(Random random, int items, int marginMin, int marginMax)
    {
        string[][] paths = [["FOOD", "BREAD"], ["FOOD", "MILK"], ["TOYS"], ["HOME", "GARDEN"], []];
        return new(Enumerable.Range(0, items).Select(i => Samples.Item(i, paths[random.Next(paths.Length)]) with
        {
            MarginBasisPoints = random.Next(5) == 0 ? null : random.Next(marginMin, marginMax),
            Price = random.Next(5) == 0 ? null : new(random.Next(0, 5_000), Samples.Usd),
            Stock = random.Next(5) == 0 ? 0 : null,
        }));
    }
}
