using System.Net;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Every field of an offer goes in and comes out; several coupons, returns and templates.</summary>
public sealed class OffersOfAllKindsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Weekdays = ["monday", "friday"];
    private static readonly string[] Kinds =
    [
        "percent_off", "amount_off", "spend_and_save", "free_shipping", "points_redemption", "buy_and_get",
            "points_multiplied",
    ];

    [Fact]
    public async Task Every_field_of_an_offer_comes_back_as_it_was_sent()
    {
        var campaign = await Open();
        var offer = JsonSerializer.SerializeToElement(new
        {
            id = campaign + "-all", title = "All", kind = "spend_and_save", amount = ApiFixture.Usd(100),
                repeatsMax = 1,
            minimumSpend = ApiFixture.Usd(1_000), cap = ApiFixture.Usd(2_000),
            tiers = new[] { new { spend = ApiFixture.Usd(2_000), save = ApiFixture.Usd(300) } },
            ordersMin = 0, ordersMax = 5, stock = 10, usesMax = 3, validForSeconds = 7 * 86_400,
            times = new
            {
                start = "2026-01-01T00:00:00Z", end = "2090-01-01T00:00:00Z", weekdays = Weekdays, from = "18:30",
                    until = "02:00",
            },
            stacking = new { rule = "stackable_with", @class = "a", with = new[] { "b" }, priority = 3 },
        });
        await Add(campaign, offer);
        var stored = Assert.Single((await api.Get($"/v1/campaigns/{campaign}")).Find("offers").EnumerateArray());
        foreach (var field in offer.EnumerateObject())
        {
            Assert.Equal(Plain(field.Value), Plain(stored.GetProperty(field.Name)));
        }
    }

    [Theory]
    [InlineData("/times/from", """{ "kind": "points_multiplied", "times": { "from": "25:00", "until": "02:00" } }""")]
    [InlineData("/times/until", """
        { "kind": "percent_off", "percentBasisPoints": 500, "times": { "from": "09:00" } }
        """)]
    [InlineData("/bundle", """{ "kind": "buy_and_get", "percentBasisPoints": 500 }""")]
    [InlineData("/points", """{ "kind": "points_multiplied" }""")]
    [InlineData("/stock", """{ "kind": "percent_off", "percentBasisPoints": 500, "stock": 0 }""")]
    [InlineData("/usesMax", """{ "kind": "percent_off", "percentBasisPoints": 500, "usesMax": 0 }""")]
    [InlineData("/tiers/0", """
        { "kind": "spend_and_save", "amount": { "minor": 100, "currency": "USD" },
          "minimumSpend": { "minor": 1000, "currency": "USD" },
          "tiers": [ { "spend": { "minor": 500, "currency": "USD" }, "save": { "minor": 200, "currency": "USD" } } ] }
        """)]
    public async Task A_field_that_does_not_fit_is_named_with_its_place(string pointer, string fields)
    {
        var campaign = await Open();
        var offer = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(fields)!;
        offer["id"] = JsonSerializer.SerializeToElement("x");
        offer["title"] = JsonSerializer.SerializeToElement("X");
        var answer = (await api.Post($"/v1/campaigns/{campaign}/offers", new { offers = new[] { offer } }))
            .Is(HttpStatusCode.OK);
        Assert.Equal(1, answer.Find("refused").GetInt32());
        Assert.Equal("invalid_value", answer.Text("results", "0", "errors", "0", "code"));
        Assert.Equal(pointer, answer.Text("results", "0", "errors", "0", "pointer"));
    }

    [Fact]
    public async Task Several_coupons_are_chosen_between_redeemed_and_returned()
    {
        var campaign = await Open();
        await Add(campaign, Stackable(campaign + "-a", new { kind = "percent_off", percentBasisPoints = 1_000 }));
        await Add(campaign, Stackable(
            campaign + "-b",
                new { kind = "amount_off", amount = ApiFixture.Usd(300), minimumSpend = ApiFixture.Usd(2_000) }));
        var user = api.Name("user");
        var codes = new List<string>();
        foreach (var end in new[] { "-a", "-b" })
        {
            var issued =
                await api.Post("/v1/publications", new { user, campaign, offer = campaign + end, key = user + end });
            codes.Add(issued.Is(HttpStatusCode.Created).Text("code"));
        }

        var cart = ApiFixture.Cart(("x", 2, 1_000), ("y", 1, 1_000));
        var choice = (await api.Post("/v1/choices", new { user, codes, order = "o", cart, mode = "best_for_user" }))
            .Is(HttpStatusCode.OK);
        Assert.Equal((600, true), (choice.Find("total", "minor").GetInt32(), choice.Find("exact").GetBoolean()));
        var discounts = new List<JsonElement>();
        foreach (var chosen in choice.Find("chosen").EnumerateArray())
        {
            var code = chosen.GetProperty("code").GetString();
            var redeemed = (await api.Post("/v1/redemptions", new { user, code, order = "o", cart, key = code }))
                .Is(HttpStatusCode.Created);
            Assert.Equal(chosen.GetProperty("discount").ToString(), redeemed.Find("discount").ToString());
            discounts.Add(redeemed.Find("discount"));
        }

        var first = (await api.Post("/v1/returns", new { cart, discounts, now = new[] { 1, 0 } }))
            .Is(HttpStatusCode.OK);
        var rest = (await api.Post("/v1/returns",
            new { cart, discounts, before = new[] { 1, 0 }, now = new[] { 1, 1 } }))
            .Is(HttpStatusCode.OK);
        Assert.Equal((800, 1_600), (first.Find("money", "minor").GetInt32(), rest.Find("money", "minor").GetInt32()));
        (await api.Post("/v1/returns", new { cart, discounts, now = new[] { 3, 0 } }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        var back = new { user, cart, now = new[] { 1, 0 }, key = user + "-back" };
        var booked = (await api.Post("/v1/orders/o/returns", back)).Is(HttpStatusCode.Created);
        Assert.Equal((800, 200), (
            booked.Find("value", "money", "minor").GetInt32(), booked.Find("budgetBack", "minor").GetInt32()));
        Assert.Equal(booked.Text("at"), (await api.Post("/v1/orders/o/returns", back)).Text("at"));
        var profile = (await api.Get($"/v1/users/{user}")).Is(HttpStatusCode.OK);
        Assert.Equal(1, profile.Find("kinds", "refund", "count").GetInt32());
        Assert.Equal(-800, profile.Find("spent", "0", "minor").GetInt32());
        (await api.Post("/v1/orders/o/returns", back with { now = new[] { 2, 0 } }))
            .IsProblem(HttpStatusCode.Conflict, "duplicate_other_content");
        (await api.Post("/v1/orders/o/returns", back with { now = new[] { 2, 0 }, key = user + "-more" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Post("/v1/orders/none/returns", back with { key = user + "-none" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_redemption");
        (await api.Post($"/v1/redemptions/{codes[0]}/rollbacks", new { user }))
            .IsProblem(HttpStatusCode.Conflict, "order_returned");
        (await api.Post("/v1/choices", new { user, codes = Enumerable.Repeat("x", 31), order = "o", cart }))
            .IsProblem(HttpStatusCode.RequestEntityTooLarge, "batch_too_large");
        var none = (await api.Post("/v1/choices", new { user, codes, order = "o2", cart })).Is(HttpStatusCode.OK);
        Assert.Equal("already_redeemed", none.Text("unused", "0", "reason"));
    }

    [Theory]
    [InlineData(100, 100, "USD", 0)]
    [InlineData(101, 100, "USD", 0)] // The parts do not sum to the total.
    [InlineData(1_100, 1_100, "USD", 0)] // More than the line is worth.
    [InlineData(-1, -1, "USD", 0)]
    [InlineData(100, 100, "EUR", 0)]
    [InlineData(100, 100, "USD", long.MaxValue)]
    public async Task Returns_refuse_discounts_that_no_redemption_of_the_cart_gave(
        long total, long line, string currency, long pointsSpent)
    {
        var discount = new
        {
            total = new { minor = total, currency }, lines = new[] { new { minor = line, currency } },
            shipping = ApiFixture.Usd(0), pointsSpent,
        };
        var answer = await api.Post("/v1/returns", new
        {
            cart = ApiFixture.Cart(("x", 1, 1_000)), discounts = new[] { discount }, now = new[] { 1 },
        });
        if ((total, line, currency, pointsSpent) == (100, 100, "USD", 0))
        {
            Assert.Equal(900, answer.Is(HttpStatusCode.OK).Find("money", "minor").GetInt32());
            return;
        }

        answer.IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        Assert.Equal("/discounts/0", answer.Text("errors", "0", "pointer"));
    }

    [Fact]
    public async Task A_campaign_is_made_from_a_template_with_its_offers()
    {
        var templates = (await api.Get("/v1/campaign-templates")).Is(HttpStatusCode.OK);
        Assert.Contains(templates.Find("data").EnumerateArray(),
            t => t.GetProperty("name").GetString() == "retail-season");
        var id = api.Name("season");
        var made = (await api.Post("/v1/campaigns",
            new { template = "retail-season", id, budget = ApiFixture.Usd(5_000_00) }))
            .Is(HttpStatusCode.Created);
        Assert.Equal(("draft", "\"1\""), (made.Text("status"), made.Tag));
        Assert.Equal(2, (await api.Get($"/v1/campaigns/{id}")).Find("offers").GetArrayLength());
        (await api.Post("/v1/campaigns", new { template = "retail-season", id }))
            .IsProblem(HttpStatusCode.Conflict, "already_exists");
        (await api.Post("/v1/campaigns", new { template = "none", id = "n" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_template");
        (await api.Post("/v1/campaigns", new { template = "none", id = "n", nmae = 1 }))
            .IsProblem(HttpStatusCode.BadRequest, "unknown_field");
        (await api.Post("/v1/campaigns", """{ "template": 5, "id": "n" }"""))
            .IsProblem(HttpStatusCode.BadRequest, "wrong_type");
    }

    private static Dictionary<string, JsonElement> Stackable(string id, object fields)
    {
        var offer = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(JsonSerializer.Serialize(fields))!;
        offer["id"] = JsonSerializer.SerializeToElement(id);
        offer["title"] = JsonSerializer.SerializeToElement(id);
        offer["stacking"] = JsonSerializer.SerializeToElement(new { rule = "one_per_class", @class = id[^1..] });
        return offer;
    }

    /// <summary>Instants may be written in more than one way, and what is null may be left out.</summary>
    private static string Plain(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? string.Join(", ", element.EnumerateObject().OrderBy(f => f.Name).Select(f => $"{f.Name}: {Plain(f.Value)}"))
        : DateTimeOffset.TryParse(element.ToString(), out var at) && element.ToString().Length > 12
            ? at.ToString("O") : element.ToString();

    private async Task<string> Open()
    {
        var id = api.Name("campaign");
        (await api.Post("/v1/campaigns", new
        {
            id, name = id, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z",
                budget = ApiFixture.Usd(100_00),
            guardrails = new
            {
                cap = ApiFixture.Usd(50_00), minimumSpendMin = ApiFixture.Usd(0),
                    minimumSpendMax = ApiFixture.Usd(20_00),
                amountStep = ApiFixture.Usd(50), wholeCart = true, kinds = Kinds,
            },
        })).Is(HttpStatusCode.Created);
        (await api.Post($"/v1/campaigns/{id}/activate")).Is(HttpStatusCode.OK);
        return id;
    }

    private async Task Add(string campaign, object offer)
    {
        var answer = (await api.Post($"/v1/campaigns/{campaign}/offers", new { offers = new[] { offer } }))
            .Is(HttpStatusCode.OK);
        Assert.True(answer.Find("accepted").GetInt32() == 1, answer.Body.ToString());
    }
}
