using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class WebhooksTests(ApiFixture shop) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task An_endpoint_is_made_shown_without_its_secret_changed_and_deleted()
    {
        var id = shop.Name("erp");
        var body = new { id, url = "https://erp.example.com/hooks", types = new[] { "coupon.redeemed" } };
        var made = (await shop.Post("/v1/webhook-endpoints", body)).Is(HttpStatusCode.Created);
        Assert.StartsWith("whsec_", made.Text("secret"), StringComparison.Ordinal);
        Assert.Equal("enabled", made.Text("status"));
        Assert.False((await shop.Get($"/v1/webhook-endpoints/{id}")).Is(HttpStatusCode.OK).Body.TryGetProperty("secret", out _));
        Assert.Contains(id, (await shop.Get("/v1/webhook-endpoints")).Text("data"), StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", (await shop.Get("/v1/webhook-endpoints")).Text("data"), StringComparison.Ordinal);
        var rotated = (await shop.Post($"/v1/webhook-endpoints/{id}/rotate")).Is(HttpStatusCode.OK);
        Assert.NotEqual(made.Text("secret"), rotated.Text("secret"));
        (await shop.Post($"/v1/webhook-endpoints/{id}/enable")).Is(HttpStatusCode.OK);
        var replay = await shop.Post($"/v1/webhook-endpoints/{id}/replay", new { since = "2026-01-01T00:00:00Z" });
        Assert.Equal("0", replay.Is(HttpStatusCode.Accepted).Text("messages"));
        Assert.Equal(0, (await shop.Get($"/v1/webhook-endpoints/{id}/deliveries")).Find("data").GetArrayLength());
        (await shop.Send(HttpMethod.Delete, $"/v1/webhook-endpoints/{id}")).Is(HttpStatusCode.OK);
        (await shop.Get($"/v1/webhook-endpoints/{id}")).IsProblem(HttpStatusCode.NotFound, "unknown_webhook");
    }

    [Theory]
    [InlineData("https://127.0.0.1/", "private_address")]
    [InlineData("https://localhost:8080/v1", "private_address")]
    [InlineData("http://erp.example.com/", "invalid_value")]
    [InlineData("nonsense", "invalid_value")]
    public async Task An_address_that_is_not_on_the_public_network_is_refused(string url, string code)
    {
        var answer = await shop.Post("/v1/webhook-endpoints", new { id = shop.Name("erp"), url });
        Assert.Equal("/url", answer.IsProblem(HttpStatusCode.UnprocessableEntity, code).Text("errors", "0", "pointer"));
    }

    [Fact]
    public async Task Codes_are_made_fetched_and_claimed_over_http()
    {
        var campaign = await shop.Campaign();
        var path = $"/v1/campaigns/{campaign}/codes";
        var body = new { name = "leaflet", offer = campaign + "-tenth", count = 3_000 };
        (await shop.Post(path, body)).Is(HttpStatusCode.Accepted);
        (await shop.Post(path, body)).Is(HttpStatusCode.Accepted);
        (await shop.Post(path, body with { count = 1 })).IsProblem(HttpStatusCode.Conflict, "duplicate_other_content");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await shop.Get(path + "/leaflet")).Text("done") != "True")
        {
            await Task.Delay(20, limit.Token);
        }

        var codes = (await shop.Http.GetStringAsync(path + "/leaflet/file", limit.Token))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3_000, codes.Distinct().Count());
        var user = shop.Name("user");
        var checkout = new { user, code = codes[0], order = "o-1", cart = ApiFixture.Cart(("tea", 1, 10_00)), key = shop.Name("r") };
        (await shop.Post("/v1/redemptions", checkout)).IsProblem(HttpStatusCode.Conflict, "not_claimed");
        var claimed = (await shop.Post($"/v1/coupons/{codes[0]}/claim", new { user })).Is(HttpStatusCode.OK);
        Assert.Equal(("claimed", user), (claimed.Text("state"), claimed.Text("user")));
        (await shop.Post("/v1/redemptions", checkout)).Is(HttpStatusCode.Created);
        (await shop.Get(path + "/none/file")).IsProblem(HttpStatusCode.NotFound, "unknown_batch");
    }
}
