using System.Net;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Entity tags: what has not changed is not sent again, and what has changed is not written over.</summary>
public sealed class ConditionsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/v1/campaigns/{campaign}")]
    [InlineData("/v1/budgets/{campaign}")]
    [InlineData("/v1/items/tagged")]
    [InlineData("/v1/users/{user}")]
    [InlineData("/v1/users/{user}/offers")]
    [InlineData("/v1/models")]
    public async Task What_the_caller_has_is_not_sent_again(string path)
    {
        var (campaign, user) = (await api.Campaign(), api.Name("user"));
        await Item(100);
        (await api.Send(HttpMethod.Put, $"/v1/users/{user}", new { })).Is(HttpStatusCode.OK);
        path = path.Replace("{campaign}", campaign).Replace("{user}", user);
        var first = (await api.Get(path)).Is(HttpStatusCode.OK);
        Assert.NotEqual("", first.Tag);
        var again = await api.Send(HttpMethod.Get, path, null, ("If-None-Match", $"\"other\", {first.Tag}"));
        Assert.Equal((HttpStatusCode.NotModified, first.Tag, ""), (again.Status, again.Tag, again.MediaType));
        Assert.Equal(
            HttpStatusCode.NotModified, (await api.Send(HttpMethod.Get, path, null, ("If-None-Match", "*"))).Status);
        (await api.Send(HttpMethod.Get, path, null, ("If-None-Match", "\"other\""))).Is(HttpStatusCode.OK);
        (await api.Send(HttpMethod.Get, path, null, ("If-None-Match", "no tag"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_budget_that_moved_has_another_tag_although_the_campaign_has_the_same_revision()
    {
        var campaign = await api.Campaign();
        var before = await api.Get($"/v1/campaigns/{campaign}");
        (await api.Post("/v1/publications", new { user = "u", campaign, offer = campaign + "-tenth", key = "k" }))
            .Is(HttpStatusCode.Created);
        var after = (await api.Send(
            HttpMethod.Get, $"/v1/campaigns/{campaign}", null, ("If-None-Match", before.Tag))).Is(HttpStatusCode.OK);
        Assert.NotEqual(before.Tag, after.Tag);
        Assert.Equal(before.Text("campaign", "revision"), after.Text("campaign", "revision"));

        // The tag of before still names the revision that is stored.
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", new { name = "New" }, ("If-Match", before.Tag)))
            .Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_change_bound_to_a_revision_that_is_gone_changes_nothing()
    {
        var campaign = await api.Campaign();
        var old = (await api.Get($"/v1/campaigns/{campaign}")).Tag;
        var patched = (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", new { name = "New" }))
            .Is(HttpStatusCode.OK);
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", new { name = "Old" }, ("If-Match", old)))
            .IsProblem(HttpStatusCode.PreconditionFailed, "revision_changed");
        (await api.Post($"/v1/campaigns/{campaign}/pause", null, ("If-Match", old)))
            .IsProblem(HttpStatusCode.PreconditionFailed, "revision_changed");
        (await api.Post($"/v1/campaigns/{campaign}/pause", null, ("If-Match", "W/" + patched.Tag)))
            .IsProblem(HttpStatusCode.PreconditionFailed, "revision_changed");
        Assert.Equal("active", (await api.Get($"/v1/campaigns/{campaign}")).Text("campaign", "status"));

        var paused = (await api.Post($"/v1/campaigns/{campaign}/pause", null, ("If-Match", patched.Tag)))
            .Is(HttpStatusCode.OK);
        Assert.Equal("paused", paused.Text("status"));
        (await api.Post($"/v1/campaigns/{campaign}/activate", null, ("If-Match", "*"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_that_a_key_got_before_is_marked_as_such()
    {
        var (campaign, user) = (await api.Campaign(), api.Name("user"));
        var wish = new { user, campaign, offer = campaign + "-tenth", key = api.Name("key") };
        Assert.False(await Replayed("/v1/publications", wish));
        Assert.True(await Replayed("/v1/publications", wish));
        var code = (await api.Post("/v1/publications", wish)).Text("code");
        var checkout = new
        {
            user, code, order = api.Name("order"), key = api.Name("key"), cart = ApiFixture.Cart(("tea", 1, 500)),
        };
        Assert.False(await Replayed("/v1/redemptions", checkout));
        Assert.True(await Replayed("/v1/redemptions", checkout));
        var back = new { user, checkout.cart, now = new[] { 1 }, key = api.Name("key") };
        Assert.False(await Replayed($"/v1/orders/{checkout.order}/returns", back));
        Assert.True(await Replayed($"/v1/orders/{checkout.order}/returns", back));
        var another = (await api.Post("/v1/publications", wish with { key = api.Name("key") })).Text("code");
        var held = checkout with { code = another, order = api.Name("order"), key = api.Name("key") };
        Assert.False(await Replayed("/v1/reservations", held));
        Assert.True(await Replayed("/v1/reservations", held));
        var list = new { count = 2, key = api.Name("list") };
        Assert.False(await Replayed($"/v1/users/{user}/exposures", list));
        Assert.True(await Replayed($"/v1/users/{user}/exposures", list));
    }

    [Fact]
    public async Task One_key_sent_many_times_at_once_is_done_once_and_the_others_are_told_to_ask_again()
    {
        var (campaign, user) = (await api.Campaign(), api.Name("user"));
        var wish = new { user, campaign, offer = campaign + "-tenth", key = api.Name("key") };
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.Post("/v1/publications", wish)));
        var issued = answers.Where(answer => answer.Status == HttpStatusCode.Created).ToArray();
        Assert.Single(issued.Select(answer => answer.Text("code")).Distinct());
        Assert.All(answers.Except(issued), answer =>
        {
            answer.IsProblem(HttpStatusCode.Conflict, "in_flight");
            Assert.True(answer.Find("retryable").GetBoolean());
        });
        Assert.Equal(issued[0].Text("code"), (await api.Post("/v1/publications", wish)).Text("code"));
        Assert.Single((await api.Get($"/v1/users/{user}/coupons")).Find("data").EnumerateArray());
    }

    private async Task<bool> Replayed(string path, object body)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(body);
        using var answer = await api.Http.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.TryGetValues("Idempotent-Replayed", out var told) && told.Single() == "true";
    }

    private async Task Item(long price) => (await api.Send(
        HttpMethod.Put, "/v1/items", new { items = new[] { new { id = "tagged", price = ApiFixture.Usd(price) } } }))
        .Is(HttpStatusCode.OK);
}
