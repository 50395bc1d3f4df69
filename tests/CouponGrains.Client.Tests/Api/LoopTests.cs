using System.Net;

namespace CouponGrains.Client.Tests.Api;

/// <summary>The loop over HTTP: events, profile, model, offers, coupons, redemption.</summary>
public sealed class LoopTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task An_event_is_recorded_once_and_stands_in_the_profile()
    {
        var (user, id) = (api.Name("user"), api.Name("event"));
        var e = new { id, user, kind = "view", item = "tea", at = "2026-11-01T10:00:00Z", dwellSeconds = 12.5 };
        Assert.Equal("accepted", (await api.Post("/v1/events", e)).Is(HttpStatusCode.Created).Text("status"));
        Assert.Equal("duplicate", (await api.Post("/v1/events", e)).Is(HttpStatusCode.OK).Text("status"));
        (await api.Post("/v1/events", new { id, user, kind = "view", item = "soap", at = "2026-11-01T10:00:00Z" }))
            .IsProblem(HttpStatusCode.Conflict, "duplicate_other_content");

        var profile = (await api.Get($"/v1/users/{user}")).Is(HttpStatusCode.OK);
        Assert.Equal(1, profile.Find("kinds", "view", "count").GetInt64());
        Assert.Equal(12.5, profile.Find("dwellSeconds").GetDouble());
        Assert.Equal("tea", profile.Text("recent", "0", "item"));
        Assert.Equal("2026-11-01T10:00:00Z", profile.Text("recent", "0", "at"));
    }

    [Fact]
    public async Task Each_event_of_a_batch_is_answered_for_itself()
    {
        var (one, two) = (api.Name("user"), api.Name("user"));
        var answer = (await api.Post("/v1/events/batch", new
        {
            events = new object[]
            {
                new { id = one, user = one, kind = "purchase", item = "tea", at = "2026-11-01T10:00:00Z",
                amount = ApiFixture.Usd(499), order = "o" },
                new { id = two, user = two, kind = "search", query = "soap", at = "2026-11-01T10:00:00Z" },
                new { id = "x", user = two, kind = "purchase", item = "tea", at = "2026-11-01T10:00:00Z",
                amount = ApiFixture.Usd(-1) },
                new { id = "y", user = two, kind = "redeemed", couponCode = "c", at = "2026-11-01T10:00:00Z" },
                new { id = "z", user = two, kind = "view", item = "tea", at = "1999-01-01T10:00:00Z" },
                17,
                new { id = one, user = one, kind = "purchase", item = "tea", at = "2026-11-01T10:00:00Z",
                amount = ApiFixture.Usd(499), order = "o" },
            },
        })).Is(HttpStatusCode.OK);
        Assert.Equal(
            ["accepted", "accepted", "refused", "refused", "refused", "refused", "duplicate"],
            answer.Find("results").EnumerateArray().Select(r => r.GetProperty("status").GetString()));
        Assert.Equal(
            ["negative_price", "unknown_event_kind", "date_out_of_range", "wrong_type"],
            answer.Find("results").EnumerateArray().Skip(2).Take(4).Select(r => r.GetProperty("code").GetString()));
        Assert.Equal((2, 4), (answer.Find("accepted").GetInt32(), answer.Find("refused").GetInt32()));
    }

    [Fact]
    public async Task A_batch_that_is_too_long_is_refused_whole()
    {
        var user = api.Name("user");
        var events = Enumerable.Range(0, 1_001)
            .Select(i => new { id = $"{user}-{i}", user, kind = "view", item = "tea", at = "2026-11-01T10:00:00Z" });
        (await api.Post("/v1/events/batch", new { events }))
            .IsProblem(HttpStatusCode.RequestEntityTooLarge, "batch_too_large");
        (await api.Get($"/v1/users/{user}")).IsProblem(HttpStatusCode.NotFound, "unknown_user");
    }

    [Fact]
    public async Task A_user_is_described_and_listed()
    {
        var user = api.Name("user");
        (await api.Send(HttpMethod.Put, $"/v1/users/{user}",
            new { attributes = new { age = "35-44" }, consent = false })).Is(HttpStatusCode.OK);
        var profile = (await api.Get($"/v1/users/{user}")).Is(HttpStatusCode.OK);
        Assert.Equal("35-44", profile.Text("attributes", "age"));
        Assert.False(profile.Find("consent").GetBoolean());

        var cursor = "";
        var seen = new List<string>();
        do
        {
            var page = (await api.Get($"/v1/users?limit=2{cursor}")).Is(HttpStatusCode.OK);
            seen.AddRange(page.Find("data").EnumerateArray().Select(u => u.GetProperty("id").GetString()!));
            cursor = page.Find("hasMore").GetBoolean() ? "&cursor=" + page.Text("nextCursor") : null;
        }
        while (cursor is not null);
        Assert.Contains(user, seen);
        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Items_are_stored_and_found()
    {
        var answer = (await api.Send(HttpMethod.Put, "/v1/items", new
        {
            items = new object[]
            {
                new { id = "cup/1", title = "Cup", categories = new[] { "KITCHEN" }, price = ApiFixture.Usd(350) },
                new { id = "bad", price = ApiFixture.Usd(-1) },
            },
        })).Is(HttpStatusCode.OK);
        Assert.Equal((1, 1), (answer.Find("accepted").GetInt32(), answer.Find("refused").GetInt32()));
        Assert.Equal("Cup", (await api.Get("/v1/items/cup%2F1")).Is(HttpStatusCode.OK).Text("item", "title"));
        (await api.Get("/v1/items/bad")).IsProblem(HttpStatusCode.NotFound, "unknown_item");
    }

    [Fact]
    public async Task After_a_training_an_event_changes_the_offers_of_its_user()
    {
        await Train();
        var campaign = api.Name("campaign");
        (await api.Post("/v1/campaigns", ApiFixture.CampaignBody(campaign))).Is(HttpStatusCode.Created);
        (await api.Post($"/v1/campaigns/{campaign}/offers", new
        {
            offers = new[] { "tea", "soap" }.Select(what => new
            {
                id = $"{campaign}-{what}", title = what, kind = "percent_off", percentBasisPoints = 1_000,
                scope = new { items = Enumerable.Range(0, 6).Select(i => $"{what}-{i}") },
            }),
        })).Is(HttpStatusCode.OK);
        (await api.Post($"/v1/campaigns/{campaign}/activate")).Is(HttpStatusCode.OK);

        var user = api.Name("user");
        await View(user, "tea-1");
        Assert.Equal("tea", await Best());
        await View(user, "soap-1");
        await View(user, "soap-2");
        await View(user, "soap-3");
        Assert.Equal("soap", await Best());
        await SimilarOnes(user);
        await NewItem(user, campaign);

        async Task<string> Best()
        {
            var answer = (await api.Get($"/v1/users/{user}/offers?campaign={campaign}")).Is(HttpStatusCode.OK);
            Assert.True(answer.Find("personal").GetBoolean());
            Assert.Equal("past_item", answer.Text("offers", "0", "reasons", "0", "kind"));
            return answer.Text("offers", "0", "offer", "title");
        }
    }

    private async Task SimilarOnes(string user)
    {
        var users = (await api.Get($"/v1/users/{user}/similar?count=3")).Is(HttpStatusCode.OK).Find("data");
        Assert.Equal(3, users.GetArrayLength());
        Assert.All(users.EnumerateArray(), u => Assert.Matches("^train-[0-9]*[13579]$", u.GetProperty("user").GetString()!));
        Assert.True(users[0].GetProperty("cosine").GetDouble() >= users[2].GetProperty("cosine").GetDouble());
        var items = (await api.Get("/v1/items/soap-1/similar?count=4")).Is(HttpStatusCode.OK).Find("data");
        Assert.Equal(4, items.GetArrayLength());
        Assert.All(items.EnumerateArray(), i => Assert.StartsWith("soap-", i.GetProperty("item").GetString(), StringComparison.Ordinal));
        Assert.All(items.EnumerateArray(), i => Assert.False(i.GetProperty("provisional").GetBoolean()));
        Assert.Equal(0, (await api.Get($"/v1/users/{api.Name("nobody")}/similar")).Is(HttpStatusCode.OK).Find("data").GetArrayLength());
        foreach (var path in new[] { $"/v1/users/{user}/similar?count=0", "/v1/items/soap-1/similar?count=101" })
        {
            (await api.Get(path)).IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        }
    }

    /// <summary>An item of the category of the soaps, described after the training.</summary>
    private async Task NewItem(string user, string campaign)
    {
        (await api.Send(HttpMethod.Put, "/v1/items", new
        {
            items = Enumerable.Range(0, 6).Select(i => $"soap-{i}").Append("soap-new")
                .Select(id => new { id, title = id, categories = new[] { "SOAP" }, price = ApiFixture.Usd(200) })
                .Append(new { id = "odd-new", title = "odd", categories = new[] { "ODD" }, price = ApiFixture.Usd(200) }),
        })).Is(HttpStatusCode.OK);
        (await api.Post($"/v1/campaigns/{campaign}/offers", new
        {
            offers = new[]
            {
                new
                {
                    id = $"{campaign}-new", title = "new", kind = "percent_off", percentBasisPoints = 1_000,
                    scope = new { items = new[] { "soap-new" } },
                },
            },
        })).Is(HttpStatusCode.OK);
        for (var tries = 0; (await api.Get("/v1/items/soap-new")).Text("factorSource") != "provisional"; tries++)
        {
            Assert.True(tries < 600, "The new item has no factors.");
            await Task.Delay(50);
        }

        Assert.Equal("trained", (await api.Get("/v1/items/soap-1")).Text("factorSource"));
        Assert.Equal("none", (await api.Get("/v1/items/odd-new")).Text("factorSource"));
        Assert.Equal(0, (await api.Get("/v1/items/odd-new/similar")).Find("data").GetArrayLength());
        Assert.NotEqual(0, (await api.Get("/v1/items/soap-new/similar")).Find("data").GetArrayLength());

        var offers = (await api.Get($"/v1/users/{user}/offers?campaign={campaign}")).Is(HttpStatusCode.OK).Find("offers");
        var offer = offers.EnumerateArray().Single(o => o.GetProperty("offer").GetProperty("title").GetString() == "new");
        Assert.Contains(offer.GetProperty("reasons").EnumerateArray(), r =>
            r.GetProperty("kind").GetString() == "new_items" && r.GetProperty("provisional").GetBoolean());
        Assert.True(offer.GetProperty("score").GetDouble() > 0.1);
    }

    /// <summary>Two kinds of users, two kinds of items; then a run, watched to its end.</summary>
    private async Task Train()
    {
        var random = new Random(3);
        var events = Enumerable.Range(0, 600).Select(i => new
        {
            id = $"train-{i}", user = $"train-{i % 30}", kind = "purchase", at = "2026-10-01T10:00:00Z",
            item = $"{(i % 30 % 2 == 0 ? "tea" : "soap")}-{random.Next(6)}", amount = ApiFixture.Usd(200),
            order = $"{i}",
        });
        (await api.Post("/v1/events/batch", new { events })).Is(HttpStatusCode.OK);
        (await api.Post("/v1/training-runs", new { rank = 0 })).Is(HttpStatusCode.UnprocessableEntity);
        (await api.Post("/v1/training-runs", new { weights = new { refund = -1 } }))
            .Is(HttpStatusCode.UnprocessableEntity);
        var weights = new { view = 0.3, refund = 0.5, halfLifeSeconds = 90 * 86_400 };
        var run = (await api.Post("/v1/training-runs", new { rank = 4, offerEpochs = 0, weights }))
            .Is(HttpStatusCode.Accepted).Text("run");
        string state;
        do
        {
            await Task.Delay(50);
            state = (await api.Get($"/v1/training-runs/{run}")).Is(HttpStatusCode.OK).Text("state");
        }
        while (state == "running");
        Assert.Equal("published", state);
        var models = (await api.Get("/v1/models")).Is(HttpStatusCode.OK);
        Assert.Equal(1, models.Find("current").GetInt64());
        (await api.Post("/v1/models/99/promote", new { reason = "test" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_model");
        (await api.Post("/v1/models/1/promote", new { reason = "test" })).Is(HttpStatusCode.OK);
    }

    private async Task View(string user, string item) =>
        (await api.Post("/v1/events",
            new { id = api.Name("event"), user, kind = "view", item, at = "2026-11-01T10:00:00Z" })).Is(
            HttpStatusCode.Created);
}
