using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class CouponsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_same_key_gives_the_same_coupon()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        var body = new { user, campaign, key = "k" };
        var code = (await api.Post("/v1/publications", body)).Is(HttpStatusCode.Created).Text("code");
        Assert.Equal(code, (await api.Post("/v1/publications", body)).Text("code"));
        Assert.Equal(
            code, (await api.Post("/v1/publications", new { user, campaign }, ("Idempotency-Key", "k"))).Text("code"));
        (await api.Post("/v1/publications", body, ("Idempotency-Key", "other")))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Post("/v1/publications", new { user, campaign }))
            .IsProblem(HttpStatusCode.BadRequest, "missing_field");
        (await api.Post("/v1/publications", new { user, campaign = "none", key = "k2" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_campaign");
        Assert.Single((await api.Get($"/v1/users/{user}/coupons")).Find("data").EnumerateArray());
    }

    [Fact]
    public async Task A_coupon_is_viewed_claimed_and_rated()
    {
        var (user, code) = await Coupon();
        Assert.NotEqual(
            "", (await api.Post($"/v1/coupons/{code}/view", new { user })).Is(HttpStatusCode.OK).Text("viewedAt"));
        Assert.Equal("claimed",
            (await api.Post($"/v1/coupons/{code.ToLowerInvariant()}/claim", new { user })).Is(HttpStatusCode.OK)
            .Text("state"));
        Assert.Equal(4,
            (await api.Post($"/v1/coupons/{code}/rating", new { user, rating = 4 })).Is(HttpStatusCode.OK)
            .Find("rating").GetInt32());
        (await api.Post($"/v1/coupons/{code}/rating", new { user, rating = 6 }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Post("/v1/coupons/nonsense/view", new { user }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_coupon");
    }

    [Fact]
    public async Task A_coupon_is_validated_redeemed_once_and_rolled_back()
    {
        var (user, code) = await Coupon();
        var cart = ApiFixture.Cart(("tea", 2, 10_00));
        var checkout = new { user, code, order = "o-1", key = api.Name("key"), cart };

        var dry = (await api.Post("/v1/validations", new { user, code, order = "o-1", cart })).Is(HttpStatusCode.OK);
        Assert.True(dry.Find("valid").GetBoolean());
        Assert.Equal(2_00, dry.Find("discount", "total", "minor").GetInt64());

        var done = (await api.Post("/v1/redemptions", checkout)).Is(HttpStatusCode.Created);
        Assert.Equal(2_00, done.Find("discount", "total", "minor").GetInt64());
        Assert.Equal(
            done.Text("at"), (await api.Post("/v1/redemptions", checkout)).Is(HttpStatusCode.Created).Text("at"));
        (await api.Post("/v1/redemptions", new { user, code, order = "o-1", key = api.Name("key"), cart }))
            .IsProblem(HttpStatusCode.Conflict, "already_redeemed");
        (await api.Post("/v1/redemptions", new { user, code, order = "o-2", checkout.key, cart }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "key_reused_with_other_content");
        var again = (await api.Post("/v1/validations", new { user, code, order = "o-1", cart })).Is(HttpStatusCode.OK);
        Assert.Equal((false, "already_redeemed"), (again.Find("valid").GetBoolean(), again.Text("reason")));

        (await api.Post($"/v1/redemptions/{checkout.key}/rollbacks", new { user })).Is(HttpStatusCode.OK);
        (await api.Post("/v1/redemptions/none/rollbacks", new { user }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_redemption");
        (await api.Post("/v1/redemptions", new { user, code, order = "o-3", key = api.Name("key"), cart }))
            .Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_budget_is_never_passed_and_the_refusal_says_that_a_retry_may_help()
    {
        var campaign = await api.Campaign(budget: 1_50);
        var codes = new List<(string User, string Code)>();
        for (var i = 0; i < 2; i++)
        {
            var user = api.Name("user");
            codes.Add((user,
                (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created)
                .Text("code")));
        }

        var answers = await Task.WhenAll(codes.Select(c => api.Post("/v1/redemptions", new
        {
            user = c.User, code = c.Code, order = "o", key = api.Name("key"), cart = ApiFixture.Cart(("tea", 1, 10_00)),
        })));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        var refused = answers.Single(a => a.Status != HttpStatusCode.Created)
            .IsProblem(HttpStatusCode.Conflict, "budget_exhausted");
        Assert.True(refused.Find("retryable").GetBoolean());
        var use = (await api.Get($"/v1/campaigns/{campaign}")).Find("use");
        Assert.Equal(1_00, use.GetProperty("spent").GetProperty("minor").GetInt64());
    }

    [Theory]
    [InlineData(0, 100, "quantity")]
    [InlineData(1, -5, "unitPrice")]
    public async Task A_cart_that_is_none_is_refused_with_its_place(int quantity, long price, string field)
    {
        var (user, code) = await Coupon();
        var answer = await api.Post(
            "/v1/validations", new { user, code, order = "o", cart = ApiFixture.Cart(("tea", quantity, price)) });
        Assert.Equal(422, (int)answer.Status);
        Assert.Equal($"/cart/lines/0/{field}", answer.Text("errors", "0", "pointer"));
    }

    private async Task<(string User, string Code)> Coupon()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        return (user,
            (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created)
            .Text("code"));
    }
}
