using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class HostileTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("PUT", "/v1/users/h1", """{"attributes":{"a":null}}""")]
    [InlineData("PUT", "/v1/users/h1", """{"\ud800":1}""")]
    [InlineData("PUT", "/v1/users/h1", """{"attributes":{"\ud800":"1"}}""")]
    [InlineData("PUT", "/v1/users/h1", """{"attributes":{"a":"\ud800"}}""")]
    [InlineData("PUT", "/v1/items", """{"items":[null]}""")]
    [InlineData("PUT", "/v1/items", """{"items":[{"id":"i1","categories":[null]}]}""")]
    [InlineData("PUT", "/v1/items", """{"items":[{"id":"i1","attributes":{"a":null}}]}""")]
    [InlineData("POST", "/v1/events/batch", """{"events":[null]}""")]
    [InlineData("POST", "/v1/events/batch", """{"events":[{"\ud800":1}]}""")]
    [InlineData("POST", "/v1/events", """{"\udfff":1}""")]
    [InlineData("POST", "/v1/redemptions", """{"user":"u","code":"AAAAA-AAAAA-AAAAA","order":"o","key":"k","cart":{"currency":"USD","lines":[null]}}""")]
    [InlineData("POST", "/v1/redemptions", """{"user":"u","code":"AAAAA-AAAAA-AAAAA","order":"o","key":"k","cart":{"currency":"USD","lines":[{"item":"i","quantity":1000000,"unitPrice":{"minor":9223372036854775807,"currency":"USD"}}]}}""")]
    [InlineData("POST", "/v1/redemptions", """{"user":"u","code":"AAAAA-AAAAA-AAAAA","order":"\ud800","key":"k","cart":{"currency":"USD","lines":[]}}""")]
    [InlineData("POST", "/v1/redemptions", """{"user":"u","code":"AAAAA-AAAAA-AAAAA","order":"o","key":"k","cart":{"currency":"USD","lines":[],"shipping":{"minor":-9223372036854775808,"currency":"USD"}}}""")]
    [InlineData("POST", "/v1/validations", """{"user":"u","code":"AAAAA-AAAAA-AAAAA","order":"o","cart":{"currency":"USD","lines":[]}}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"name":"a","name":"b"}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"name":"\ud800"}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"\ud800":1}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """[]""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """null""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"audience":{"attributes":{"x":[null]}}}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"guardrails":{"categories":[null]}}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"start":"0001-01-01T00:00:00+14:00"}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"start":"0001-01-01T00:00:00Z","end":"9999-12-31T23:59:59Z"}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"timeZone":"../../etc/passwd"}""")]
    [InlineData("PATCH", "/v1/campaigns/CAMPAIGN", """{"budget":{"minor":9223372036854775807,"currency":"USD"},"guardrails":{"cap":{"minor":9223372036854775807,"currency":"USD"}}}""")]
    [InlineData("POST", "/v1/campaigns", """{"id":"x","name":"x","start":"2020-01-01T00:00:00Z","end":"2099-01-01T00:00:00Z","budget":{"minor":1,"currency":"USD"},"audience":{"attributes":{"x":null}},"guardrails":{"cap":{"minor":5,"currency":"USD"},"minimumSpendMin":{"minor":0,"currency":"USD"},"minimumSpendMax":{"minor":5,"currency":"USD"},"amountStep":{"minor":1,"currency":"USD"}}}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/offers", """{"offers":[null]}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/offers", """{"offers":[{"id":"ho1","title":"t","kind":"percent_off","percentBasisPoints":1000,"scope":{"categories":[null]}}]}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/offers", """{"offers":[{"id":"ho2","title":"t","kind":"percent_off","percentBasisPoints":1000,"scope":{"brands":[null]}}]}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/offers", """{"offers":[{"id":"ho3","title":"t","kind":"spend_and_save","amount":{"minor":9223372036854775800,"currency":"USD"},"minimumSpend":{"minor":9223372036854775800,"currency":"USD"}}]}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/offers", """{"offers":[{"id":"ho4","title":"t","kind":"percent_off","percentBasisPoints":1000,"validForSeconds":1e300}]}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/waves", """{"name":null}""")]
    [InlineData("POST", "/v1/campaigns/CAMPAIGN/design", """{"count":2147483648}""")]
    [InlineData("POST", "/v1/models/9223372036854775808/promote", """{"reason":"x"}""")]
    [InlineData("POST", "/v1/models/77/promote", """{"reason":"x"}""")]
    [InlineData("POST", "/v1/training-runs", """{"rank":1e400,"reason":null}""")]
    [InlineData("POST", "/v1/training-runs", """{"holdOutShare":1e400}""")]
    [InlineData("POST", "/v1/training-runs", """{"weights":null}""")]
    [InlineData("POST", "/v1/training-runs", """{"weights":{"view":1e400}}""")]
    [InlineData("POST", "/v1/training-runs", """{"weights":{"halfLifeSeconds":0}}""")]
    [InlineData("GET", "/v1/users/%00", null)]
    [InlineData("GET", "/v1/users/%ED%A0%80", null)]
    [InlineData("GET", "/v1/users/%FF", null)]
    [InlineData("GET", "/v1/users/%0A", null)]
    [InlineData("GET", "/v1/users/%20", null)]
    [InlineData("GET", "/v1/users?cursor=%00", null)]
    [InlineData("GET", "/v1/users?limit=99999999999999999999", null)]
    [InlineData("GET", "/v1/users/u/offers?campaign=", null)]
    [InlineData("GET", "/v1/users/u/offers?count=1&count=2", null)]
    [InlineData("GET", "/v1/campaigns/nope/waves/x", null)]
    [InlineData("TRACE", "/v1/users/u", null)]
    [InlineData("POST", "/v1/coupons/AAAA%00/view", """{"user":"u"}""")]
    [InlineData("POST", "/v1/redemptions/k%00/rollbacks", """{"user":"u"}""")]
    public async Task A_hostile_request_is_never_answered_with_a_fault_of_the_server(string method, string path, string? body)
    {
        if (path.Contains("CAMPAIGN"))
        {
            path = path.Replace("CAMPAIGN", await api.Campaign());
        }

        var answer = await api.Send(new(method), path, body);
        Assert.True((int)answer.Status < 500, $"{path} {body} was answered {answer.Status} {answer.Body}");
        if ((int)answer.Status >= 400 && !path.Contains('%'))
        {
            Assert.Equal("application/problem+json", answer.MediaType); // The server itself refuses what is no path.
        }
    }

    [Fact]
    public async Task An_id_of_129_characters_is_refused() =>
        (await api.Get("/v1/users/" + new string('x', 129))).IsProblem(HttpStatusCode.BadRequest, "invalid_id");

    [Fact]
    public async Task Deep_nesting_is_refused() => (await api.Post(
        "/v1/events", new string('[', 10_000))).IsProblem(HttpStatusCode.BadRequest, "malformed_body");

    [Fact]
    public async Task A_validation_may_name_a_key_in_the_header_or_none_whatever_keys_were_used()
    {
        var campaign = await api.Campaign();
        var user = api.Name("user");
        var coupon = await api.Post("/v1/publications", new { user, campaign, key = "k" });
        var checkout = new { user, code = coupon.Text("code"), order = "o", cart = ApiFixture.Cart(("i", 1, 10_00)) };
        (await api.Post("/v1/redemptions", checkout, ("Idempotency-Key", "validation"))).Is(HttpStatusCode.Created);
        Assert.Equal("already_redeemed", (await api.Post("/v1/validations", checkout)).Text("reason"));
        var named = await api.Post("/v1/validations", checkout, ("Idempotency-Key", "other"));
        Assert.Equal("already_redeemed", named.Text("reason"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. "{\"attributes\":{\"a\":\""u8, 0xFF, 0xFE, .. "\"}}"u8];
        byte[] name = [.. "{\""u8, 0xFF, 0xFE, .. "\":1}"u8];
        foreach (var bytes in new[] { body, name })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");
            using var response = await api.Http.PutAsync("/v1/users/bytes", content);
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("{0}")]
    public async Task A_body_names_its_user_as_he_is_called(string user)
    {
        var cart = new { currency = "USD", lines = Array.Empty<object>() };
        (await api.Post("/v1/validations", new { user, code = "AAAAA-AAAAA-AAAAA", order = "o", cart })).Is(HttpStatusCode.OK);
        (await api.Post("/v1/choices", new { user, codes = new[] { "AAAAA-AAAAA-AAAAA" }, order = "o", cart }))
            .Is(HttpStatusCode.OK);
    }
}
