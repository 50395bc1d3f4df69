using System.Net;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Whatever is wrong with a wish of the checkout is refused by its code and place, and nothing of it is half
/// done.</summary>
public sealed class LedgerInputTests(ApiFixture shop) : IClassFixture<ApiFixture>
{
    private const string Most = "9223372036854775807";
    private const int Many = 100_000;

    /// <summary>Where a wish with a cart can be sent.</summary>
    private static readonly string[] Checkouts = ["/v1/redemptions", "/v1/reservations", "/v1/validations"];

    [Theory]
    [InlineData("1", "-1", "", "negative_price", "/cart/lines/0/unitPrice")]
    [InlineData("1", "-" + Most, "", "negative_price", "/cart/lines/0/unitPrice")]
    [InlineData("1", "9223372036854775808", "", "wrong_type", "/cart/lines/0/unitPrice")]
    [InlineData("1", "1e400", "", "wrong_type", "/cart/lines/0/unitPrice")]
    [InlineData("1", "10.5", "", "wrong_type", "/cart/lines/0/unitPrice")]
    [InlineData("2", Most, "", "invalid_value", "/cart/lines")]
    [InlineData("1", Most, ",\"shipping\":{\"minor\":1,\"currency\":\"USD\"}", "invalid_value", "/cart/lines")]
    [InlineData("1", "1000", ",\"shipping\":{\"minor\":-1,\"currency\":\"USD\"}", "negative_price", "/cart/shipping")]
    [InlineData("1", "1000", ",\"points\":-1", "invalid_value", "/cart/points")]
    [InlineData("0", "1000", "", "invalid_value", "/cart/lines/0/quantity")]
    [InlineData("-1", "1000", "", "invalid_value", "/cart/lines/0/quantity")]
    [InlineData("2147483647", "1", "", "invalid_value", "/cart/lines/0/quantity")]
    [InlineData("2147483648", "1", "", "wrong_type", "/cart/lines/0/quantity")]
    public async Task A_negative_or_overflowing_amount_is_refused_at_its_place_and_uses_nothing(
        string quantity, string minor, string more, string code, string pointer)
    {
        var held = await Issue();
        foreach (var path in Checkouts)
        {
            var body = $$$"""
                {"user":"{{{held.User}}}","code":"{{{held.Code}}}","order":"o","key":"{{{held.User}}}","cart":{"currency":"USD"{{{more}}},
                "lines":[{"item":"i","quantity":{{{quantity}}},"unitPrice":{"minor":{{{minor}}},"currency":"USD"}}]}}
                """;
            Refused(await shop.Post(path, body), code, pointer);
        }

        await IsWhole(held);
    }

    [Fact]
    public async Task The_greatest_total_that_can_be_counted_is_a_cart_like_any_other()
    {
        var held = await Issue();
        var redeemed = await shop.Post("/v1/redemptions", held.On(("i", 1, long.MaxValue)));
        Assert.Equal("5000", redeemed.Is(HttpStatusCode.Created).Text("discount", "total", "minor"));
        Assert.Equal("5000", await Spent(held));
        (await shop.Post($"/v1/redemptions/{held.Key}/rollbacks", new { user = held.User })).Is(HttpStatusCode.OK);
        Assert.Equal("0", await Spent(held));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_as_such_wherever_it_is_sent()
    {
        var held = await Issue();
        var cart = ApiFixture.Cart([.. Enumerable.Repeat(("i", 1, 10_00L), Many)]);
        foreach (var path in Checkouts.Append("/v1/choices").Append("/v1/returns").Append("/v1/orders/o/returns"))
        {
            // Sent as a text, whose length is told before it: then the server needs to read none of it.
            var body = JsonSerializer.Serialize(new { user = held.User, held.Code, order = "o", key = held.Key, cart });
            (await shop.Post(path, body, ("Expect", "100-continue"))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        }

        await IsWhole(held);
    }

    [Theory]
    [InlineData("POST", "/v1/events/batch", """{"events":[MANY]}""", "{}", "batch_too_large", null)]
    [InlineData("PUT", "/v1/items", """{"items":[MANY]}""", "{}", "batch_too_large", null)]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/offers", """{"offers":[MANY]}""", "{}", "batch_too_large", null)]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"limits":[MANY]}""", """{"count":1}""", "invalid_value", "/limits")]
    [InlineData("POST", "/v1/choices", """{"user":"u","order":"o","cart":CART,"codes":[MANY]}""", "\"a\"", "batch_too_large", "/codes")]
    [InlineData("POST", "/v1/orders/o/returns", """{"user":"u","key":"k","cart":CART,"now":[MANY]}""", "0", "invalid_value", "/now")]
    [InlineData("POST", "/v1/returns", """{"cart":CART,"discounts":[],"now":[MANY]}""", "1", "invalid_value", "/now")]
    public async Task A_hundred_thousand_entries_are_refused_as_too_many(
        string method, string path, string body, string entry, string code, string? pointer)
    {
        const string Cart = """{"currency":"USD","lines":[{"item":"i","quantity":1,"unitPrice":{"minor":1,"currency":"USD"}}]}""";
        path = path.Replace("CAMPAIGN", await shop.Campaign());
        body = body.Replace("CART", Cart).Replace("MANY", string.Join(',', Enumerable.Repeat(entry, Many)));
        Refused(await shop.Send(new(method), path, body), code, pointer);
    }

    [Theory]
    [InlineData("/v1/redemptions")]
    [InlineData("/v1/reservations")]
    [InlineData("/v1/orders/o/returns")]
    [InlineData("/v1/campaigns")]
    public async Task A_body_nested_too_deeply_is_no_body(string path)
    {
        var deep = "{\"cart\":" + string.Concat(Enumerable.Repeat("{\"lines\":[", 20_000));
        (await shop.Post(path, deep)).IsProblem(HttpStatusCode.BadRequest, "malformed_body");
        var closed = $"{{\"cart\":{new string('[', 5_000)}{new string(']', 5_000)}}}";
        (await shop.Post(path, closed)).IsProblem(HttpStatusCode.BadRequest, "malformed_body");
    }

    [Fact]
    public async Task What_nobody_was_given_is_unknown_by_its_code()
    {
        const string Code = "22222-22222-22222";
        var (user, cart) = (shop.Name("user"), ApiFixture.Cart(("i", 1, 10_00)));
        foreach (var code in (string[])[Code, "", "x", "0O1I", new('A', 4_000), "💶"])
        {
            var checkout = new { user, code, order = "o", cart, key = shop.Name("r") };
            Assert.Equal("unknown_coupon", (await shop.Post("/v1/validations", checkout)).Is(HttpStatusCode.OK).Text("reason"));
            (await shop.Post("/v1/redemptions", checkout)).IsProblem(HttpStatusCode.NotFound, "unknown_coupon");
            (await shop.Post("/v1/reservations", checkout)).IsProblem(HttpStatusCode.NotFound, "unknown_coupon");
        }

        foreach (var step in (string[])["view", "claim", "void"])
        {
            (await shop.Post($"/v1/coupons/{Code}/{step}", new { user })).IsProblem(HttpStatusCode.NotFound, "unknown_coupon");
        }

        (await shop.Post($"/v1/coupons/{Code}/rating", new { user, rating = 3 }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_coupon");
        (await shop.Post("/v1/redemptions/nothing/rollbacks", new { user }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_redemption");
        foreach (var step in (string[])["confirm", "release"])
        {
            (await shop.Post($"/v1/reservations/nothing/{step}", new { user }))
                .IsProblem(HttpStatusCode.NotFound, "unknown_reservation");
        }
    }

    [Fact]
    public async Task A_reservation_whose_time_is_over_is_not_confirmed_and_holds_nothing()
    {
        var held = await Issue();
        var cart = ApiFixture.Cart(("i", 1, 10_00));
        (await shop.Post("/v1/reservations", new
        {
            user = held.User, code = held.Code, order = held.Order, cart, key = held.Key, holdSeconds = 60,
        })).Is(HttpStatusCode.Created);
        shop.Advance(TimeSpan.FromSeconds(61));
        (await shop.Post($"/v1/reservations/{held.Key}/confirm", new { user = held.User }))
            .IsProblem(HttpStatusCode.Gone, "reservation_expired");
        var released = await shop.Post($"/v1/reservations/{held.Key}/release", new { user = held.User });
        Assert.Equal("expired", released.Is(HttpStatusCode.OK).Text("state"));
        (await shop.Post($"/v1/reservations/{held.Key}/confirm", new { user = held.User }))
            .IsProblem(HttpStatusCode.Gone, "reservation_expired");
        (await shop.Post("/v1/redemptions", held.On(("i", 1, 10_00)))) // The reservation's key, and its end, stay.
            .IsProblem(HttpStatusCode.Gone, "reservation_expired");
        var use = (await shop.Get($"/v1/campaigns/{held.Campaign}")).Find("use");
        Assert.Equal(("0", "0"), (use.GetProperty("reserved").GetProperty("minor").ToString(),
            use.GetProperty("spent").GetProperty("minor").ToString()));
        await IsWhole(held with { Key = held.Key + "x" });
    }

    [Fact]
    public async Task No_more_is_rolled_back_or_returned_than_was_redeemed()
    {
        var held = await Issue();
        (await shop.Post("/v1/redemptions", held.On(("i", 3, 10_00)))).Is(HttpStatusCode.Created);
        Assert.Equal("300", await Spent(held));
        var rollback = $"/v1/redemptions/{held.Key}/rollbacks";
        (await shop.Post(rollback, new { user = "somebody" })).IsProblem(HttpStatusCode.NotFound, "unknown_redemption");

        foreach (var (now, pointer) in new (int[], string)[] { ([4], "/now/0"), ([-1], "/now/0"), ([int.MaxValue], "/now/0"), ([1, 1], "/now") })
        {
            Refused(await Return(held, "b", now), "invalid_value", pointer);
        }

        (await Return(held, "b", 2)).Is(HttpStatusCode.Created);
        Refused(await Return(held, "c", 2), "invalid_value", "/now/0");
        (await Return(held, "b", 2)).Is(HttpStatusCode.Created);
        (await Return(held, "b", 1)).IsProblem(HttpStatusCode.Conflict, "duplicate_other_content");
        (await shop.Post(rollback, new { user = held.User })).IsProblem(HttpStatusCode.Conflict, "order_returned");
        Assert.Equal("100", await Spent(held));

        var whole = await Issue(held.Campaign);
        (await shop.Post("/v1/redemptions", whole.On(("i", 3, 10_00)))).Is(HttpStatusCode.Created);
        foreach (var _ in (int[])[1, 2, 3])
        {
            (await shop.Post($"/v1/redemptions/{whole.Key}/rollbacks", new { user = whole.User })).Is(HttpStatusCode.OK);
            Assert.Equal("100", await Spent(held));
        }

        (await Return(whole, "d", 1)).IsProblem(HttpStatusCode.NotFound, "unknown_redemption");
        (await shop.Post("/v1/redemptions", whole.On(("i", 3, 10_00)))).IsProblem(HttpStatusCode.Conflict, "rolled_back");
        Assert.Equal("100", await Spent(held));

        Task<Answer> Return(Held of, string key, params int[] now) => shop.Post($"/v1/orders/{of.Order}/returns",
            new { user = of.User, cart = ApiFixture.Cart(("i", 3, 10_00)), now, key = of.Key + key });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    public async Task A_clock_set_back_lets_nothing_be_used_twice_and_no_limit_be_passed(int hours)
    {
        if (shop.Now.TimeOfDay > TimeSpan.FromHours(23.5))
        {
            shop.Advance(TimeSpan.FromHours(1)); // So that the day stays the same while the test runs.
        }

        var campaign = await shop.Campaign();
        var patch = new { limits = new[] { new { per = "user", period = "day", count = 1 } } };
        (await shop.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", patch)).Is(HttpStatusCode.OK);
        var (used, held, late) = (await Issue(campaign), await Issue(campaign), await Issue(campaign));
        (await shop.Post("/v1/redemptions", used.On(("i", 1, 10_00)))).Is(HttpStatusCode.Created);
        var body = new
        {
            user = held.User, code = held.Code, order = held.Order, key = held.Key, holdSeconds = 60,
            cart = ApiFixture.Cart(("i", 1, 10_00)),
        };
        (await shop.Post("/v1/reservations", body)).Is(HttpStatusCode.Created);
        shop.Advance(TimeSpan.FromSeconds(61));
        (await shop.Post($"/v1/reservations/{held.Key}/confirm", new { user = held.User }))
            .IsProblem(HttpStatusCode.Gone, "reservation_expired");
        shop.Advance(TimeSpan.FromHours(-hours));
        try
        {
            // What ended stays ended, what is done is done once, and its key is answered as before.
            (await shop.Post($"/v1/reservations/{held.Key}/confirm", new { user = held.User }))
                .IsProblem(HttpStatusCode.Gone, "reservation_expired");
            (await shop.Post("/v1/redemptions", used.On(("i", 1, 10_00)))).Is(HttpStatusCode.Created);
            (await shop.Post("/v1/redemptions", (used with { Key = used.Key + "x" }).On(("i", 1, 10_00))))
                .IsProblem(HttpStatusCode.Conflict, "already_redeemed");
            (await shop.Post("/v1/redemptions", late.On(("i", 1, 10_00)))).Is(HttpStatusCode.Created);
            Assert.Equal("200", await Spent(used));
        }
        finally
        {
            shop.Advance(TimeSpan.FromHours(hours));
        }

        // On the day on which it was used the user's one use is used, whatever the clock showed since.
        var again = await Issue(campaign, used.User);
        (await shop.Post("/v1/redemptions", again.On(("i", 1, 10_00))))
            .IsProblem(HttpStatusCode.Conflict, "user_limit_reached");
        Assert.Equal("200", await Spent(used));
    }

    /// <summary>Fails unless the answer has this code, and names this place among its faults.</summary>
    private static void Refused(Answer answer, string code, string? pointer)
    {
        answer.IsProblem(code switch
        {
            "wrong_type" => HttpStatusCode.BadRequest,
            "batch_too_large" => HttpStatusCode.RequestEntityTooLarge,
            _ => HttpStatusCode.UnprocessableEntity,
        }, code);
        if (pointer is not null)
        {
            Assert.Equal(pointer, answer.Text("errors", "0", "pointer"));
        }
    }

    private async Task<Held> Issue(string? campaign = null, string? user = null)
    {
        campaign ??= await shop.Campaign();
        user ??= shop.Name("user");
        var issued = await shop.Post("/v1/publications", new { user, campaign, key = shop.Name("k") });
        return new(campaign, user, issued.Is(HttpStatusCode.Created).Text("code"), shop.Name("r"));
    }

    private async Task<string> Spent(Held held) =>
        (await shop.Get($"/v1/campaigns/{held.Campaign}")).Text("use", "spent", "minor");

    /// <summary>Fails unless nothing was taken of the coupon, the key and the budget: all three can still be
    /// used.</summary>
    private async Task IsWhole(Held held)
    {
        Assert.Equal("0", await Spent(held));
        (await shop.Post("/v1/redemptions", held.On(("i", 1, 10_00)))).Is(HttpStatusCode.Created);
        Assert.Equal("100", await Spent(held));
    }

    /// <summary>A coupon in somebody's hands, and the key that he will use it with.</summary>
    private sealed record Held(string Campaign, string User, string Code, string Key)
    {
        public string Order => "o-" + Key;

        public object On(params (string Item, int Quantity, long Price)[] lines) =>
            new { user = User, code = Code, order = Order, key = Key, cart = ApiFixture.Cart(lines) };
    }
}
