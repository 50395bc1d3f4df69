using System.Net;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Every list comes in pages of one shape.</summary>
public sealed class ListsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/v1/users")]
    [InlineData("/v1/items")]
    [InlineData("/v1/campaigns")]
    [InlineData("/v1/campaign-templates")]
    [InlineData("/v1/budgets")]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/history")]
    [InlineData("/v1/training-runs")]
    [InlineData("/v1/webhook-endpoints")]
    [InlineData("/v1/users/{user}/coupons")]
    [InlineData("/v1/users/{user}/decisions")]
    [InlineData("/v1/campaigns/{campaign}/reviews")]
    [InlineData("/v1/webhook-endpoints/{endpoint}/deliveries")]
    public async Task A_list_is_pages_of_at_most_a_hundred(string path)
    {
        var campaign = await api.Campaign();
        var (user, endpoint) = (api.Name("user"), api.Name("endpoint"));
        (await api.Post("/v1/webhook-endpoints", new { id = endpoint, url = "https://erp.example/hooks" }))
            .Is(HttpStatusCode.Created);
        foreach (var key in new[] { "a", "b", "c" })
        {
            (await api.Post("/v1/publications", new { user, campaign, offer = campaign + "-tenth", key }))
                .Is(HttpStatusCode.Created);
        }

        var list = path.Replace("{user}", user).Replace("{campaign}", campaign).Replace("{endpoint}", endpoint);
        var seen = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await api.Get($"{list}?limit=2{cursor}")).Is(HttpStatusCode.OK);
            var data = page.Find("data").EnumerateArray().Select(entry => entry.GetRawText()).ToArray();
            Assert.True(data.Length <= 2);
            seen.AddRange(data);
            Assert.Equal(page.Find("hasMore").GetBoolean(), page.Body.TryGetProperty("nextCursor", out var next));
            cursor = page.Find("hasMore").GetBoolean() ? "&cursor=" + Uri.EscapeDataString(next.GetString()!) : null;
        }

        Assert.Equal(seen.Distinct(), seen);
        var whole = (await api.Get($"{list}?limit=100")).Is(HttpStatusCode.OK);
        Assert.Equal(seen, whole.Find("data").EnumerateArray().Select(entry => entry.GetRawText()));
        if (path.EndsWith("coupons", StringComparison.Ordinal))
        {
            Assert.Equal(3, seen.Count);
        }

        (await api.Get($"{list}?limit=101")).IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Get($"{list}?limit=0")).IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused_and_not_taken_for_the_end()
    {
        var user = api.Name("user");
        (await api.Get($"/v1/users/{user}/coupons?cursor=none")).IsProblem(
            HttpStatusCode.UnprocessableEntity, "invalid_value");
    }
}
