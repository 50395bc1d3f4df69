using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Client.Tests.Api;

/// <summary>The numbers of docs/offers.md are what the engine answers, and its tables are whole.</summary>
public sealed partial class OffersDocumentTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly string Document = File.ReadAllText(Path.Combine(Root(), "docs", "offers.md"));

    private static readonly CatalogIndex Catalog = new(
    [
        Item("bread", "FOOD"), Item("milk", "FOOD"), Item("cake", "FOOD"), Item("lamp", "HOME"), Item("mug", "HOME"),
    ]);

    [Fact]
    public void Every_example_gives_what_the_document_says_and_every_kind_has_one()
    {
        var kinds = new HashSet<OfferKind>();
        foreach (var lines in Blocks("offer").Concat(Blocks("return")))
        {
            var (offer, cart) = (Offer("example", lines[0]), Cart(lines[1]));
            kinds.Add(offer.Kind);
            Assert.Equal(OfferObstacle.None, CartEngine.Apply(offer, cart, Catalog.Get, Usd, out var discount));
            Assert.Equal(lines[2], Text(discount!));
        }

        Assert.Equal(Enum.GetValues<OfferKind>(), kinds.Order());
    }

    [Fact]
    public void The_examples_of_returns_add_up()
    {
        var lines = Assert.Single(Blocks("return"));
        var cart = Cart(lines[1]);
        CartEngine.Apply(Offer("example", lines[0]), cart, Catalog.Get, Usd, out var discount);
        var before = new int[cart.Lines.Count];
        foreach (var line in lines[3..])
        {
            int[] now = [.. line[..line.IndexOf(" back", StringComparison.Ordinal)].Split(" + ").Select(int.Parse)];
            Assert.Equal(line.Split(": ")[1], Major(CartReturn.Step(cart, [discount!], before, now).Value!.Money));
            before = [.. before.Zip(now, (b, n) => b + n)];
        }

        Assert.Equal(cart.Lines.Select(l => l.Quantity), before);
    }

    [Fact]
    public void The_examples_of_several_coupons_are_chosen_as_the_document_says()
    {
        foreach (var lines in Blocks("coupons"))
        {
            var named = lines.Where(l => l.Contains('{')).Select(l => l.Split(' ', 2)).ToArray();
            var first = Array.FindIndex(lines, l => l.Contains('{'));
            var guardrails = first > 0 ? Floor(lines[0]) : null;
            CartCoupon[] coupons = [.. named.Select(n => new CartCoupon(n[0], Offer(n[0], n[1]), Usd, guardrails))];
            var cart = Cart(lines[first + named.Length]);
            foreach (var line in lines[(first + named.Length + 1)..])
            {
                var mode = Enum.GetValues<ChoiceMode>()
                    .Single(m => line.StartsWith(Snake(m), StringComparison.Ordinal));
                Assert.Equal(line, $"{Snake(mode)} {Text(CartChooser.Choose(cart, coupons, Catalog.Get, mode))}");
            }
        }
    }

    [Fact]
    public void The_checks_stand_in_their_order_and_every_template_and_code_in_its_table()
    {
        var codes = TableCode().Matches(Document).Select(m => m.Groups[1].Value).ToList();
        var checks = RedemptionRules.Checks.Select(s => Snake(s)).ToList();
        var at = codes.IndexOf(checks[0]);
        Assert.Equal(checks, codes.GetRange(at, checks.Count));
        Assert.Equal(CampaignTemplates.All.Select(t => t.Name),
            codes.Where(c => c.Contains('-', StringComparison.Ordinal)));
        Assert.All(
            [
                RefusalCodes.NothingAllowed, RefusalCodes.MarginFloorAbovePrice, RefusalCodes.ItemsLeftCatalog,
                RefusalCodes.UnknownTemplate, RefusalCodes.StockExhausted, RefusalCodes.OfferEnded,
                RefusalCodes.OfferOutsideGuardrails,
            ],
            code => Assert.Contains(code, codes));
    }

    /// <summary>For example <c>floor 1000, margin 3000</c>, of every item.</summary>
    private static Guardrails Floor(string text)
    {
        int[] numbers = [.. text.Split(", ").Select(p => int.Parse(p.Split(' ')[1], CultureInfo.InvariantCulture))];
        return new()
        {
            Cap = Money("100"),
            MinimumSpendMin = Money("0"),
            MinimumSpendMax = Money("100"),
            AmountStep = Money("1"),
            MarginFloorBasisPoints = numbers[0],
            AssumedMarginBasisPoints = numbers[1],
        };
    }

    private static string Text(CartChoice choice)
    {
        var chosen = choice.Chosen.Select(c => $"{c.Code} {Major(c.Discount.Total)}");
        var unused = choice.Unused.Select(u => $"{u.Code} ({$"{Snake(u.Reason)} {u.By}".TrimEnd()})");
        return $"{Major(choice.Total)}: {string.Join(", ", chosen)}; not {string.Join(", ", unused)}";
    }

    private static string Text(Discount discount)
    {
        var text = $"{Major(discount.Total)} off: {string.Join(" + ", discount.Lines.Select(Major))}";
        text += discount.Shipping.Minor > 0 ? $", shipping {Major(discount.Shipping)}" : "";
        text += discount.PointsSpent > 0 ? $", points spent {discount.PointsSpent}" : "";
        return text + (discount.PointsEarned > 0 ? $", points earned {discount.PointsEarned}" : "");
    }

    private static Offer Offer(string name, string json)
    {
        var fields = JsonNode.Parse(json)!.AsObject();
        (fields["id"], fields["title"], fields["campaign"]) = (name, name, "example");
        var offer = fields.Deserialize<Offer>(WireJson.Options)!;
        Assert.Null(OfferRules.Check(offer));
        return offer;
    }

    /// <summary>For example <c>2 bread at 30.00, shipping 4.99, points 1200</c>.</summary>
    private static Cart Cart(string text)
    {
        var lines = new List<CartLine>();
        var (shipping, points) = ((Money?)null, (long?)null);
        foreach (var part in text.Split(", "))
        {
            var words = part.Split(' ');
            switch (words[0])
            {
                case "shipping":
                    shipping = Money(words[1]);
                    break;
                case "points":
                    points = long.Parse(words[1], CultureInfo.InvariantCulture);
                    break;
                default:
                    var quantity = int.Parse(words[0], CultureInfo.InvariantCulture);
                    lines.Add(new(new(words[1]), quantity, Money(words[3])));
                    break;
            }
        }

        return new() { Currency = Usd, Lines = lines, Shipping = shipping, Points = points };
    }

    private static IEnumerable<string[]> Blocks(string kind) => Regex
        .Matches(Document, $"^```{kind}\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)
        .Select(m => m.Groups[1].Value.Split('\n'));

    private static Money Money(string major) =>
        new((long)(decimal.Parse(major, CultureInfo.InvariantCulture) * 100), Usd);

    private static string Major(Money money) => (money.Minor / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static Item Item(string id, string category) => new() { Id = new(id), Categories = [category] };

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CouponGrains.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("No repository above the tests.");
        }

        return folder;
    }

    [GeneratedRegex(@"^\| `([a-z_\-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableCode();
}
