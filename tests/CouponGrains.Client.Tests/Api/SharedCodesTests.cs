using System.Net;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Codes that many users share, over HTTP.</summary>
public sealed class SharedCodesTests(ApiFixture shop) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_shared_code_is_given_listed_claimed_chosen_and_redeemed_by_each_user_for_himself()
    {
        var campaign = await shop.Campaign();
        var (path, code) = ($"/v1/campaigns/{campaign}/shared-codes", shop.Name("Welcome"));
        var body = new { code, offer = campaign + "-tenth" };
        var shared = (await shop.Post(path, body)).Is(HttpStatusCode.Created);
        Assert.Equal((code.ToUpperInvariant(), campaign + "-tenth"), (shared.Text("code"), shared.Text("offer")));
        (await shop.Post(path, body)).Is(HttpStatusCode.Created);
        Assert.Equal(1, (await shop.Get(path)).Is(HttpStatusCode.OK).Find("data").GetArrayLength());

        var (ann, bob) = (shop.Name("ann"), shop.Name("bob"));
        var first = (await shop.Post($"/v1/coupons/{code}/claim", new { user = ann })).Is(HttpStatusCode.OK);
        var again = (await shop.Post($"/v1/coupons/{code.ToLowerInvariant()}/claim", new { user = ann })).Is(HttpStatusCode.OK);
        Assert.Equal(("claimed", first.Text("code")), (again.Text("state"), again.Text("code")));

        var cart = ApiFixture.Cart(("tea", 1, 10_00));
        var choice = (await shop.Post("/v1/choices", new { user = bob, codes = new[] { code }, order = "o-1", cart }))
            .Is(HttpStatusCode.OK);
        Assert.Equal(1, choice.Find("chosen").GetArrayLength());
        var both = (await shop.Post(
            "/v1/choices", new { user = ann, codes = new[] { first.Text("code"), code }, order = "o-1", cart })).Is(HttpStatusCode.OK);
        Assert.Equal((1, 0), (both.Find("chosen").GetArrayLength(), both.Find("unused").GetArrayLength()));
        (await shop.Post("/v1/publications", new { user = ann, campaign, key = "code:" + code.ToUpperInvariant() }))
            .IsProblem(HttpStatusCode.BadRequest, "invalid_id");
        var checkout = new { user = bob, code, order = "o-1", cart, key = shop.Name("r") };
        (await shop.Post("/v1/redemptions", checkout)).Is(HttpStatusCode.Created);
        (await shop.Post("/v1/redemptions", checkout with { order = "o-2", key = shop.Name("r2") }))
            .IsProblem(HttpStatusCode.Conflict, "already_redeemed");
        (await shop.Post("/v1/redemptions", checkout with { user = ann, key = shop.Name("r3") })).Is(HttpStatusCode.Created);
        Assert.Equal(2, (await shop.Get($"/v1/budgets/{campaign}")).Find("issued").GetInt64());
    }

    [Fact]
    public async Task A_shared_code_that_was_reserved_and_released_can_be_chosen_and_used_once()
    {
        var campaign = await shop.Campaign();
        var (code, user, cart) = (shop.Name("again"), shop.Name("ann"), ApiFixture.Cart(("tea", 1, 10_00)));
        (await shop.Post($"/v1/campaigns/{campaign}/shared-codes", new { code, offer = campaign + "-tenth" }))
            .Is(HttpStatusCode.Created);
        var key = shop.Name("r");
        (await shop.Post("/v1/reservations", new { user, code, order = "o-1", cart, key })).Is(HttpStatusCode.Created);
        var choice = new { user, codes = new[] { code }, order = "o-2", cart };
        var held = (await shop.Post("/v1/choices", choice)).Is(HttpStatusCode.OK);
        Assert.Equal("reserved", held.Find("unused")[0].GetProperty("reason").GetString());
        (await shop.Post($"/v1/reservations/{key}/release", new { user })).Is(HttpStatusCode.OK);
        Assert.Equal(1, (await shop.Post("/v1/choices", choice)).Is(HttpStatusCode.OK).Find("chosen").GetArrayLength());

        (await shop.Post("/v1/redemptions", new { user, code, order = "o-2", cart, key = shop.Name("r2") }))
            .Is(HttpStatusCode.Created);
        (await shop.Post("/v1/redemptions", new { user, code, order = "o-3", cart, key = shop.Name("r3") }))
            .IsProblem(HttpStatusCode.Conflict, "already_redeemed");
    }

    [Fact]
    public async Task What_cannot_be_shared_is_refused_with_its_place()
    {
        var (campaign, other) = (await shop.Campaign(), await shop.Campaign());
        var (path, code) = ($"/v1/campaigns/{campaign}/shared-codes", shop.Name("taken"));
        (await shop.Post(path, new { code = "AB", offer = campaign + "-tenth" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await shop.Post(path, new { code = "7KQ2M-XW9TD-4HVBR", offer = campaign + "-tenth" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await shop.Post(path, new { code, offer = other + "-tenth" })).IsProblem(HttpStatusCode.NotFound, "unknown_offer");
        (await shop.Post($"/v1/campaigns/{other}/shared-codes", new { code, offer = other + "-tenth" })).Is(HttpStatusCode.Created);
        (await shop.Post(path, new { code, offer = campaign + "-tenth" }))
            .IsProblem(HttpStatusCode.Conflict, "duplicate_other_content");
        (await shop.Get("/v1/campaigns/none/shared-codes")).IsProblem(HttpStatusCode.NotFound, "unknown_campaign");
        (await shop.Post($"/v1/coupons/{shop.Name("nocode")}/claim", new { user = "ann" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_coupon");
    }
}
