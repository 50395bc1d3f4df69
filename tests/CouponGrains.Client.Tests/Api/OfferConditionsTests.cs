using System.Net;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Api;

/// <summary>What an offer asks of user, time, cart and catalog, seen from outside.</summary>
public sealed class OfferConditionsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task An_order_is_the_first_one_also_after_its_purchases_were_told_and_the_next_one_is_not()
    {
        var (user, code) = await Issue(new { kind = "percent_off", percentBasisPoints = 1_000, firstOrderOnly = true });
        var cart = ApiFixture.Cart(("x", 1, 1_000));
        await Buy(user, "one");
        Assert.True((await Validate(user, code, "one", cart)).Find("valid").GetBoolean());
        Assert.Equal("not_first_order", (await Validate(user, code, "two", cart)).Text("reason"));
        (await api.Post("/v1/redemptions", new { user, code, order = "two", cart, key = code + "2" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "not_first_order");
        (await api.Post("/v1/redemptions", new { user, code, order = "one", cart, key = code }))
            .Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Offers_for_new_and_for_returning_users_ask_the_orders_before()
    {
        var cart = ApiFixture.Cart(("x", 1, 1_000));
        var (fresh, forNew) = await Issue(new { kind = "percent_off", percentBasisPoints = 1_000, ordersMax = 1 });
        var (back, forReturning) = await Issue(new { kind = "percent_off", percentBasisPoints = 1_000, ordersMin = 2 });
        foreach (var order in new[] { "one", "two" })
        {
            Assert.True((await Validate(fresh, forNew, "now", cart)).Find("valid").GetBoolean());
            Assert.Equal("not_returning_user", (await Validate(back, forReturning, "now", cart)).Text("reason"));
            await Buy(fresh, order);
            await Buy(back, order);
        }

        Assert.Equal("not_new_user", (await Validate(fresh, forNew, "now", cart)).Text("reason"));
        Assert.True((await Validate(back, forReturning, "now", cart)).Find("valid").GetBoolean());
    }

    [Theory]
    [InlineData("/v1/validations")]
    [InlineData("/v1/redemptions")]
    [InlineData("/v1/choices")]
    public async Task Currencies_mixed_in_one_cart_are_refused_by_their_place_and_use_nothing(string address)
    {
        var (user, code) = await Issue(new { kind = "percent_off", percentBasisPoints = 1_000 });
        var lines = new[]
        {
            new { item = "x", quantity = 1, unitPrice = new { minor = 1_000, currency = "USD" } },
            new { item = "y", quantity = 1, unitPrice = new { minor = 1_000, currency = "EUR" } },
        };
        var cart = new { currency = "USD", lines };
        var refused = await api.Post(address, new { user, code, order = "o", cart, key = code + address.Length });
        if (address == "/v1/choices")
        {
            refused = await api.Post(address, new { user, codes = new[] { code }, order = "o", cart });
        }

        refused.IsProblem(HttpStatusCode.UnprocessableEntity, "currency_mismatch");
        Assert.Equal("/cart/lines/1/unitPrice", refused.Text("errors", "0", "pointer"));
        var euros = new { currency = "EUR", lines = new[] { lines[1] } };
        Assert.Equal("currency_mismatch", (await Validate(user, code, "o", euros)).Text("reason"));
        Assert.True((await Validate(user, code, "o", ApiFixture.Cart(("x", 1, 1_000)))).Find("valid").GetBoolean());
    }

    [Fact]
    public async Task Offers_on_what_the_catalog_does_not_have_or_below_the_margin_floor_are_refused_with_their_place()
    {
        var item = api.Name("thin");
        var put = await api.Send(HttpMethod.Put, "/v1/items", new
        {
            items = new[]
            {
                new { id = item, title = "Thin", price = ApiFixture.Usd(1_000), marginBasisPoints = 3_000 },
            },
        });
        put.Is(HttpStatusCode.OK);
        var campaign = await api.Campaign();
        (await api.Send(HttpMethod.Delete, $"/v1/campaigns/{campaign}/offers/{campaign}-tenth")).Is(HttpStatusCode.OK);
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}",
            new { guardrails = new { marginFloorBasisPoints = 2_500 } })).Is(HttpStatusCode.OK);
        var gone = new { items = new[] { "no such item" } };
        var thin = new { items = new[] { item } };
        await Refused(campaign, "items_left_catalog", "/scope",
            new { kind = "percent_off", percentBasisPoints = 500, scope = gone });
        await Refused(campaign, "offer_outside_guardrails", "/scope",
            new { kind = "percent_off", percentBasisPoints = 1_000, scope = thin });
        await Refused(campaign, "currency_mismatch", "/cap",
            new { kind = "percent_off", percentBasisPoints = 500, cap = new { minor = 100, currency = "EUR" } });
        await Refused(campaign, "offer_outside_guardrails", "/kind", new { kind = "gift", gift = item });
        await Refused(campaign, "offer_outside_guardrails", "/validForSeconds",
            new { kind = "percent_off", percentBasisPoints = 500, validForSeconds = 3_600 });
        Assert.Empty((await api.Get($"/v1/campaigns/{campaign}")).Find("offers").EnumerateArray());
    }

    [Fact]
    public async Task Hours_after_the_issue_end_the_coupon_where_the_campaign_allows_hours()
    {
        var campaign = await api.Campaign();
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", new { guardrails = new { validHoursMin = 1 } }))
            .Is(HttpStatusCode.OK);
        var offer = campaign + "-hours";
        await Add(campaign, offer, new { kind = "percent_off", percentBasisPoints = 1_000, validForSeconds = 3_600 });
        var user = api.Name("user");
        var issued = (await api.Post("/v1/publications", new { user, campaign, offer, key = user }))
            .Is(HttpStatusCode.Created);
        var (from, to) = (Instant(issued, "issuedAt"), Instant(issued, "expiresAt"));
        Assert.Equal(TimeSpan.FromHours(1), to - from);
    }

    private static DateTimeOffset Instant(Answer answer, string field) => DateTimeOffset.Parse(
        answer.Text(field), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A user with a coupon of an offer of a campaign of its own.</summary>
    private async Task<(string User, string Code)> Issue(object fields)
    {
        var campaign = await api.Campaign();
        var (user, offer) = (api.Name("user"), campaign + "-of-test");
        await Add(campaign, offer, fields);
        var issued = await api.Post("/v1/publications", new { user, campaign, offer, key = user });
        return (user, issued.Is(HttpStatusCode.Created).Text("code"));
    }

    private async Task Buy(string user, string order) => (await api.Post("/v1/events", new
    {
        id = $"{user}-{order}", user, kind = "purchase", item = "x", order, at = "2026-11-01T10:00:00Z",
    })).Is(HttpStatusCode.Created);

    private async Task<Answer> Validate(string user, string code, string order, object cart) =>
        (await api.Post("/v1/validations", new { user, code, order, cart })).Is(HttpStatusCode.OK);

    private async Task Add(string campaign, string id, object fields) =>
        Assert.Equal("accepted", (await Send(campaign, id, fields)).Text("results", "0", "status"));

    private async Task Refused(string campaign, string code, string pointer, object fields)
    {
        var answer = await Send(campaign, campaign + "-refused", fields);
        Assert.Equal((code, pointer), (
            answer.Text("results", "0", "errors", "0", "code"), answer.Text("results", "0", "errors", "0", "pointer")));
    }

    private async Task<Answer> Send(string campaign, string id, object fields)
    {
        var offer = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(JsonSerializer.Serialize(fields))!;
        offer["id"] = JsonSerializer.SerializeToElement(id);
        offer["title"] = JsonSerializer.SerializeToElement(id);
        return (await api.Post($"/v1/campaigns/{campaign}/offers", new { offers = new[] { offer } }))
            .Is(HttpStatusCode.OK);
    }
}
