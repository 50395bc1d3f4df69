using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class ReservationsTests(ApiFixture shop) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_coupon_is_reserved_confirmed_and_rolled_back_over_http()
    {
        var (user, code) = await Issue(await shop.Campaign());
        var body = new { user, code, order = "o-1", cart = ApiFixture.Cart(("tea", 1, 10_00)), holdSeconds = 60 };
        var key = shop.Name("r");
        var reserved = (await shop.Post("/v1/reservations", body, ("Idempotency-Key", key))).Is(HttpStatusCode.Created);
        Assert.Equal(("held", "100"), (reserved.Text("state"), reserved.Text("discount", "total", "minor")));
        var again = (await shop.Post("/v1/reservations", body, ("Idempotency-Key", key))).Is(HttpStatusCode.Created);
        Assert.Equal(reserved.Text("until"), again.Text("until"));
        (await shop.Post("/v1/reservations", body, ("Idempotency-Key", key + "x")))
            .IsProblem(HttpStatusCode.Conflict, "reserved");
        (await shop.Post($"/v1/reservations/{key}/confirm", new { user = "somebody" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_reservation");
        var redeemed = (await shop.Post($"/v1/reservations/{key}/confirm", new { user })).Is(HttpStatusCode.Created);
        Assert.Equal((key, code), (redeemed.Text("key"), redeemed.Text("code")));
        (await shop.Post($"/v1/reservations/{key}/release", new { user }))
            .IsProblem(HttpStatusCode.Conflict, "already_redeemed");
        (await shop.Post($"/v1/redemptions/{key}/rollbacks", new { user })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_released_reservation_holds_nothing_and_a_coupon_is_taken_back()
    {
        var campaign = await shop.Campaign();
        var (user, code) = await Issue(campaign);
        var key = shop.Name("r");
        var body = new { user, code, order = "o-1", cart = ApiFixture.Cart(("tea", 1, 10_00)), key };
        (await shop.Post("/v1/reservations", body)).Is(HttpStatusCode.Created);
        Assert.Equal("100", (await shop.Get($"/v1/campaigns/{campaign}")).Text("use", "reserved", "minor"));
        var released = (await shop.Post($"/v1/reservations/{key}/release", new { user })).Is(HttpStatusCode.OK);
        Assert.Equal("released", released.Text("state"));
        (await shop.Post($"/v1/reservations/{key}/confirm", new { user })).IsProblem(HttpStatusCode.Conflict, "released");
        Assert.Equal("0", (await shop.Get($"/v1/campaigns/{campaign}")).Text("use", "reserved", "minor"));
        Assert.Equal("voided", (await shop.Post($"/v1/coupons/{code}/void", new { user })).Is(HttpStatusCode.OK).Text("state"));
        (await shop.Post("/v1/reservations", new { user, code, order = "o-1", cart = ApiFixture.Cart(("tea", 1, 10_00)),
            key = key + "x" })).IsProblem(HttpStatusCode.Gone, "voided");
    }

    [Fact]
    public async Task A_day_limit_of_a_campaign_is_told_by_its_code()
    {
        var campaign = await shop.Campaign();
        var patch = new { limits = new[] { new { per = "campaign", period = "day", count = 1 } } };
        var patched = await shop.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", patch);
        Assert.Equal("1", patched.Is(HttpStatusCode.OK).Text("limits", "0", "count"));
        foreach (var expected in (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict])
        {
            var (user, code) = await Issue(campaign);
            var answer = await shop.Post("/v1/redemptions",
                new { user, code, order = "o-1", cart = ApiFixture.Cart(("tea", 1, 10_00)), key = shop.Name("r") });
            Assert.Equal(expected == HttpStatusCode.Created ? "" : "campaign_limit_reached",
                answer.Is(expected).Status == HttpStatusCode.Created ? "" : answer.Text("code"));
        }

        var wrong = new { limits = new[] { new { per = "campaign", period = "day", count = -1 } } };
        Assert.Equal("/limits/0", (await shop.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", wrong))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value").Text("errors", "0", "pointer"));
    }

    [Theory]
    [InlineData("0", HttpStatusCode.UnprocessableEntity, "invalid_value", "/holdSeconds")]
    [InlineData("1e9", HttpStatusCode.UnprocessableEntity, "invalid_value", "/holdSeconds")]
    [InlineData("\"long\"", HttpStatusCode.UnprocessableEntity, "invalid_value", "/holdSeconds")]
    public async Task A_reservation_of_no_sensible_time_is_refused(
        string seconds, HttpStatusCode status, string code, string pointer)
    {
        var body = $$$"""
            {"user":"u","code":"c","order":"o","key":"k","holdSeconds":{{{seconds}}},
             "cart":{"currency":"USD","lines":[{"item":"tea","quantity":1,"unitPrice":{"minor":100,"currency":"USD"}}]}}
            """;
        var answer = await shop.Post("/v1/reservations", body);
        answer.Is(status);
        Assert.Equal((code, pointer), (answer.Text("code"), answer.Text("errors", "0", "pointer")));
    }

    private async Task<(string User, string Code)> Issue(string campaign)
    {
        var user = shop.Name("user");
        var issued = await shop.Post("/v1/publications", new { user, campaign, key = "k" });
        return (user, issued.Is(HttpStatusCode.Created).Text("code"));
    }
}
