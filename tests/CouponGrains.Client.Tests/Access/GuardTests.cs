using System.Net;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Access;

/// <summary>The API lets in who may, and nobody else.</summary>
public sealed class GuardTests(GuardedFixture api) : IClassFixture<GuardedFixture>
{
    private const string Secret = GuardedFixture.AdminKey;

    [Fact]
    public async Task Every_address_of_a_shop_is_closed_to_a_stranger()
    {
        var closed = 0;
        foreach (var (method, pattern) in api.Routes.Where(route => route.Pattern.StartsWith("/v1", StringComparison.Ordinal)))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(pattern, @"\{\w+\}", "1");
            var answer = (await api.Send(method, path, null)).Is(HttpStatusCode.Unauthorized);
            Assert.Equal("unauthenticated", answer.Code);
            Assert.Equal("Bearer realm=\"coupongrains\"", answer.Challenge);
            closed++;
        }

        Assert.True(closed > 60, $"Only {closed} addresses.");
    }

    [Fact]
    public async Task An_address_without_a_line_in_the_table_is_closed_to_every_key()
    {
        var answer = (await api.Send("GET", "/v1/forgotten", Secret)).Is(HttpStatusCode.Forbidden);
        Assert.Equal("forbidden", answer.Code);
    }

    [Fact]
    public async Task Every_route_has_a_line_in_the_table_and_every_line_a_route()
    {
        var document = (await api.Send("GET", "/openapi/v1.json", null)).Is(HttpStatusCode.OK).Body;
        var guarded = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation)))
            .Where(entry => entry.operation.Value.TryGetProperty("security", out _))
            .Select(entry => $"{entry.operation.Name.ToUpperInvariant()} {entry.Name}");
        var routes = api.Routes.Where(route => route.Pattern.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(route => $"{route.Method} {route.Pattern}").Where(route => route != "GET /v1/forgotten");
        Assert.Equal(routes.Order(StringComparer.Ordinal), guarded.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/reference")]
    [InlineData("/style.css")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/problems/forbidden")]
    public async Task What_tells_nothing_of_a_shop_is_open(string path) =>
        (await api.Send("GET", path, null)).Is(HttpStatusCode.OK);

    [Fact]
    public async Task Every_page_is_open()
    {
        var pages = api.Routes.Where(r => !r.Pattern.StartsWith("/v1/", StringComparison.Ordinal) && !r.Pattern.Contains('{'));
        foreach (var (method, pattern) in pages.Where(page => page.Pattern is not ("/health/ready" or "/sign-in" or "/sign-out")))
        {
            (await api.Send(method, pattern, null)).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_told_to_anybody()
    {
        (await api.Send("GET", "/v1/nothing", null)).Is(HttpStatusCode.NotFound);
        (await api.Send("PUT", "/v1/events", null)).Is(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_key_opens_what_its_scopes_name_and_the_refusal_names_the_one_that_is_missing()
    {
        var (_, key) = await api.Make(new { name = "Reader", scopes = new[] { "campaigns:read" } });
        (await api.Send("GET", "/v1/campaigns", key)).Is(HttpStatusCode.OK);
        var refused = (await api.Send("GET", "/v1/keys", key)).Is(HttpStatusCode.Forbidden);
        Assert.Equal("forbidden", refused.Code);
        Assert.Contains("keys:write", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("error=\"insufficient_scope\", scope=\"keys:write\"", refused.Challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cg_server_")]
    [InlineData("cg_server_0123456789ab_00000000000000000000000000000000000000")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task What_is_no_key_opens_nothing(string key)
    {
        var answer = (await api.Send("GET", "/v1/campaigns", key)).Is(HttpStatusCode.Unauthorized);
        Assert.Contains("invalid_token", answer.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_stops_within_the_time_that_keys_are_remembered()
    {
        var (id, key) = await api.Make(new { name = "Short", scopes = new[] { "campaigns:read" } });
        (await api.Send("GET", "/v1/campaigns", key)).Is(HttpStatusCode.OK);
        (await api.Send("POST", $"/v1/keys/{id}/revoke", Secret)).Is(HttpStatusCode.OK);
        var until = TimeProvider.System.GetUtcNow().AddSeconds(10);
        GuardedFixture.Reply answer;
        do
        {
            answer = await api.Send("GET", "/v1/campaigns", key);
        }
        while (answer.Status == HttpStatusCode.OK && TimeProvider.System.GetUtcNow() < until);
        Assert.Equal("unauthenticated", answer.Is(HttpStatusCode.Unauthorized).Code);
        Assert.Contains("revoked", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await api.Send("POST", $"/v1/keys/{id}/rotate", Secret)).Is(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("coupons")]
    [InlineData("offers")]
    public async Task A_stream_ends_with_its_key(string of)
    {
        var (id, key) = await api.Make(new { name = "Listens", scopes = new[] { "wallet:read", "offers:read" } });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/users/ann/{of}/stream");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var told = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("event: ready", await told.ReadLineAsync());
        (await api.Send("POST", $"/v1/keys/{id}/revoke", Secret)).Is(HttpStatusCode.OK);
        await told.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_rotated_key_has_two_good_secrets_and_lists_none()
    {
        var (id, old) = await api.Make(new { name = "Turn", scopes = new[] { "campaigns:read" } });
        var rotated = (await api.Send("POST", $"/v1/keys/{id}/rotate", Secret, new { overlapSeconds = 3600 }))
            .Is(HttpStatusCode.OK).Body.GetProperty("secret").GetString()!;
        Assert.NotEqual(old, rotated);
        (await api.Send("GET", "/v1/campaigns", old)).Is(HttpStatusCode.OK);
        (await api.Send("GET", "/v1/campaigns", rotated)).Is(HttpStatusCode.OK);
        var list = (await api.Send("GET", "/v1/keys?limit=100", Secret)).Is(HttpStatusCode.OK).Body.ToString();
        Assert.Contains(id, list, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", list, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", list, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_users_own_key_sees_that_user_and_no_other()
    {
        var (_, key) = await api.Make(new { lifetimeSeconds = 600 }, "/v1/users/ann/keys");
        (await api.Send("GET", "/v1/users/ann/coupons", key)).Is(HttpStatusCode.OK);
        (await api.Send("GET", "/v1/users/bob/coupons", key)).Is(HttpStatusCode.Forbidden);
        (await api.Send("GET", "/v1/users/ann", key)).Is(HttpStatusCode.Forbidden);
        (await api.Send("GET", "/v1/campaigns", key)).Is(HttpStatusCode.Forbidden);
        (await api.Send("POST", "/v1/redemptions", key, new { })).Is(HttpStatusCode.Forbidden);
        (await api.Send("POST", "/v1/events", key, Event("g1", "ann"))).Is(HttpStatusCode.Created);
        Assert.Equal("forbidden", (await api.Send("POST", "/v1/events", key, Event("g2", "bob"))).Is(HttpStatusCode.Forbidden).Code);
        (await api.Send("POST", "/v1/coupons/AAAAA-AAAAA-AAAAA/view", key, new { user = "bob" })).Is(HttpStatusCode.Forbidden);
        var batch = (await api.Send("POST", "/v1/events/batch", key, new { events = new[] { Event("g3", "bob"), Event("g4", "ann") } }))
            .Is(HttpStatusCode.OK).Body.ToString();
        Assert.Contains("forbidden", batch, StringComparison.Ordinal);
        Assert.Contains("accepted", batch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_key_cannot_claim_that_something_was_bought()
    {
        var (_, key) = await api.Make(new { name = "Page", kind = "client" });
        (await api.Send("POST", "/v1/events", key, Event("p1", "ann"))).Is(HttpStatusCode.Created);
        var bought = new
        {
            id = "p2", user = "ann", kind = "purchase", item = "tea", at = TimeProvider.System.GetUtcNow(), quantity = 1,
        };
        (await api.Send("POST", "/v1/events", key, bought)).Is(HttpStatusCode.Forbidden);
        (await api.Send("POST", "/v1/keys", GuardedFixture.AdminKey, new { name = "Page", kind = "client", scopes = new[] { "wallet:read" } }))
            .Is(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_page_uses_a_client_key_only_from_its_origins()
    {
        var (_, key) = await api.Make(new { name = "Page", kind = "client", origins = new[] { "https://shop.example" } });
        var preflight = (await api.Send("OPTIONS", "/v1/events", null, null,
            ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"))).Is(HttpStatusCode.NoContent);
        Assert.Equal("https://shop.example", preflight.Headers["Access-Control-Allow-Origin"]);
        Assert.False(preflight.Headers.ContainsKey("Access-Control-Allow-Credentials"));
        var good = await api.Send("POST", "/v1/events", key, Event("o1", "ann"), ("Origin", "https://shop.example"));
        Assert.Equal("https://shop.example", good.Is(HttpStatusCode.Created).Headers["Access-Control-Allow-Origin"]);
        var bad = await api.Send("POST", "/v1/events", key, Event("o2", "ann"), ("Origin", "https://evil.example"));
        Assert.Equal("https://evil.example", bad.Is(HttpStatusCode.Forbidden).Headers["Access-Control-Allow-Origin"]);
        var none = await api.Send("POST", "/v1/events", key + "x", Event("o3", "ann"), ("Origin", "https://shop.example"));
        Assert.Equal("https://shop.example", none.Is(HttpStatusCode.Unauthorized).Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("Retry-After", none.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_reaches_the_log()
    {
        var (id, key) = await api.Make(new { name = "Logged", scopes = new[] { "campaigns:read" } });
        var rotated = (await api.Send("POST", $"/v1/keys/{id}/rotate", Secret)).Body.GetProperty("secret").GetString()!;
        await api.Send("GET", "/v1/campaigns", key);
        await api.Send("GET", "/v1/keys", rotated);
        await api.Send("GET", "/v1/campaigns", key + "x");
        await api.Send("POST", "/v1/keys", Secret, JsonSerializer.SerializeToElement(new { name = rotated, nonsense = key }));
        Assert.Contains($"was refused as forbidden to key:{id}", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(key, api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(rotated, api.Log, StringComparison.Ordinal);
    }

    private static object Event(string id, string user) => new
    {
        id = $"{id}-{user}", user, kind = "search", query = "tea", at = TimeProvider.System.GetUtcNow(),
    };
}
