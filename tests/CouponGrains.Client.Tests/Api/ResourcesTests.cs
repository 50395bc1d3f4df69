using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class ResourcesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("Product Viewed", "view")]
    [InlineData("Product Added", "cart")]
    [InlineData("Order Completed", "purchase")]
    [InlineData("Order Refunded", "refund")]
    [InlineData("Products Searched", "search")]
    public async Task An_event_may_be_named_as_in_the_specification_of_Segment(string name, string kind)
    {
        var user = api.Name("user");
        (await api.Post("/v1/events", new
        {
            id = api.Name("event"), user, kind = name, item = "tea", query = "tea", at = "2026-11-20T09:30:00Z",
        })).Is(HttpStatusCode.Created);
        Assert.Equal(kind, (await api.Get($"/v1/users/{user}")).Text("recent", "0", "kind"));
        (await api.Post("/v1/events", new
        {
            id = api.Name("event"), user, kind = "Coupon Applied", couponCode = "c", at = "2026-11-20T09:30:00Z",
        })).IsProblem(HttpStatusCode.UnprocessableEntity, "unknown_event_kind");
    }

    [Fact]
    public async Task Offers_come_without_reasons_if_they_are_not_asked_for()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        var told = (await api.Get($"/v1/users/{user}/offers?campaign={campaign}")).Is(HttpStatusCode.OK);
        Assert.NotEqual(0, told.Find("offers", "0", "reasons").GetArrayLength());
        var bare = (await api.Get($"/v1/users/{user}/offers?campaign={campaign}&explain=false")).Is(HttpStatusCode.OK);
        Assert.Equal(0, bare.Find("offers", "0", "reasons").GetArrayLength());
        Assert.Equal(told.Text("offers", "0", "score"), bare.Text("offers", "0", "score"));
        (await api.Get($"/v1/users/{user}/offers?explain=maybe"))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
    }

    [Fact]
    public async Task Decisions_are_listed_newest_first_and_told_again_with_the_score_that_was_logged()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        (await api.Post($"/v1/users/{user}/exposures", new { campaign, key = "list" })).Is(HttpStatusCode.Created);
        api.Advance(TimeSpan.FromSeconds(1));
        (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created);

        var first = (await api.Get($"/v1/users/{user}/decisions?limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal("issued", first.Text("data", "0", "kind"));
        Assert.True(first.Find("hasMore").GetBoolean());
        var second = await api.Get($"/v1/users/{user}/decisions?limit=1&cursor={first.Text("nextCursor")}");
        Assert.Equal("exposed", second.Text("data", "0", "kind"));
        Assert.False(second.Find("hasMore").GetBoolean());

        foreach (var decision in new[] { first, second })
        {
            var id = Uri.EscapeDataString(decision.Text("data", "0", "id"));
            var told = (await api.Get($"/v1/users/{user}/decisions/{id}/explanation")).Is(HttpStatusCode.OK);
            Assert.True(told.Find("exact").GetBoolean(), told.Body.ToString());
            Assert.Equal("popular", told.Text("reasons", "0", "kind"));
        }

        (await api.Get($"/v1/users/{user}/decisions/none/explanation"))
            .IsProblem(HttpStatusCode.NotFound, "unknown_decision");
    }

    [Fact]
    public async Task A_user_who_is_forgotten_is_known_by_his_books_alone()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        (await api.Send(HttpMethod.Put, $"/v1/users/{user}", new { attributes = new { age = "35-44" } }))
            .Is(HttpStatusCode.OK);
        (await api.Post("/v1/events", new
        {
            id = api.Name("event"), user, kind = "view", item = "tea", at = "2026-11-20T09:30:00Z",
        })).Is(HttpStatusCode.Created);
        (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created);

        var done = (await api.Send(HttpMethod.Delete, $"/v1/users/{user}")).Is(HttpStatusCode.OK);
        Assert.Equal((1, 1), (done.Find("events").GetInt32(), done.Find("coupons").GetInt32()));
        var left = (await api.Get($"/v1/users/{user}")).Is(HttpStatusCode.OK);
        Assert.False(left.Find("consent").GetBoolean());
        Assert.Empty(left.Find("attributes").EnumerateObject());
        Assert.DoesNotContain("view", left.Find("kinds").EnumerateObject().Select(kind => kind.Name));
        Assert.Equal("voided", (await api.Get($"/v1/users/{user}/coupons")).Text("data", "0", "coupon", "state"));
        (await api.Send(HttpMethod.Delete, $"/v1/users/{api.Name("nobody")}"))
            .IsProblem(HttpStatusCode.NotFound, "unknown_user");
    }

    [Fact]
    public async Task A_validation_may_be_of_another_time()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        var code = (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Text("code");
        object Checkout(string? now) => new
        {
            user, code, order = "o", cart = ApiFixture.Cart(("tea", 1, 10_00)), now,
        };
        Assert.True((await api.Post("/v1/validations", Checkout("2026-11-25T00:00:00Z"))).Is(HttpStatusCode.OK)
            .Find("valid").GetBoolean());
        Assert.Equal("expired", (await api.Post("/v1/validations", Checkout("2098-01-01T00:00:00Z"))).Text("reason"));
        Assert.Equal("not_yet_valid",
            (await api.Post("/v1/validations", Checkout("2019-01-01T00:00:00Z"))).Text("reason"));
        (await api.Post("/v1/validations", Checkout("0001-01-01T00:00:00Z")))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "date_out_of_range");
    }

    [Fact]
    public async Task Budgets_are_told_page_by_page_and_one_by_one()
    {
        var campaign = await api.Campaign(budget: 55_00);
        var one = (await api.Get($"/v1/budgets/{campaign}")).Is(HttpStatusCode.OK);
        Assert.Equal(55_00, one.Find("left", "minor").GetInt64());
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await api.Get($"/v1/budgets?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}"))
                .Is(HttpStatusCode.OK);
            all.AddRange(page.Find("data").EnumerateArray().Select(budget => budget.GetProperty("campaign").GetString()!));
            cursor = page.Body.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Contains(campaign, all);
        Assert.Equal(all.Distinct().Order(StringComparer.Ordinal), all);
    }

    [Fact]
    public async Task A_draft_is_tried_out_on_users_and_nothing_is_issued()
    {
        for (var i = 0; i < 3; i++)
        {
            (await api.Send(HttpMethod.Put, $"/v1/users/{api.Name("user")}", new { })).Is(HttpStatusCode.OK);
        }

        var id = api.Name("campaign");
        (await api.Post("/v1/campaigns", ApiFixture.CampaignBody(id))).Is(HttpStatusCode.Created);
        (await api.Post($"/v1/campaigns/{id}/offers", new { offers = new[] { ApiFixture.OfferBody(id + "-tenth") } }))
            .Is(HttpStatusCode.OK);
        var tried = (await api.Post($"/v1/campaigns/{id}/simulate", new { users = 2 })).Is(HttpStatusCode.OK);
        Assert.Equal(2, tried.Find("users").GetInt32());
        Assert.Equal(2, tried.Find("offered").GetInt32());
        Assert.Equal(2, tried.Find("offers", "0", "users").GetInt32());
        Assert.Equal(1.0, tried.Find("redemptions").GetDouble(), 6); // One of two, before anything is known.
        Assert.Equal(0, (await api.Get($"/v1/budgets/{id}")).Find("issued").GetInt64());
        (await api.Post("/v1/campaigns/none/simulate")).IsProblem(HttpStatusCode.NotFound, "unknown_campaign");
        (await api.Post($"/v1/campaigns/{id}/simulate", new { users = 0 }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
    }

    [Fact]
    public async Task There_is_no_model_to_roll_back_to_before_there_were_two()
    {
        (await api.Post("/v1/models/roll-back", new { reason = "worse" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_model");
        (await api.Get("/v1/models/7")).IsProblem(HttpStatusCode.NotFound, "unknown_model");
    }
}
