using System.Net;
using System.Security.Cryptography;

namespace CouponGrains.Client.Tests.Access;

/// <summary>People are known by what their identity provider signed, and may what their role says.</summary>
public sealed class OperatorTests(GuardedFixture api) : IClassFixture<GuardedFixture>
{
    [Theory]
    [InlineData("viewer", true, false, false, false)]
    [InlineData("marketer", true, true, false, false)]
    [InlineData("operator", true, true, true, false)]
    [InlineData("Admin", true, true, true, true)]
    public async Task A_role_opens_what_it_may_and_what_those_before_it_may(
        string role, bool read, bool change, bool endpoints, bool keys)
    {
        var token = api.Issuer.Token(role);
        (string Method, string Path, bool Open)[] asked =
        [
            ("GET", "/v1/campaigns", read), ("POST", "/v1/campaigns/none/pause", change),
            ("GET", "/v1/webhook-endpoints", endpoints), ("GET", "/v1/keys", keys),
        ];
        foreach (var (method, path, open) in asked)
        {
            var answer = await api.Send(method, path, token);
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.Status);
            Assert.True(open == (answer.Status != HttpStatusCode.Forbidden), $"{method} {path}: {answer.Status}");
        }
    }

    [Fact]
    public async Task A_refusal_names_the_role_that_is_missing()
    {
        var refused = await api.Send("GET", "/v1/keys", api.Issuer.Token("viewer"));
        Assert.Contains(
            "role admin", refused.Is(HttpStatusCode.Forbidden).Body.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_provider_did_not_sign_for_us_now_opens_nothing()
    {
        using var other = RSA.Create(2048);
        var issuer = api.Issuer;
        string[] tokens =
        [
            issuer.Token("admin", key: other), issuer.Token("admin", audience: "another"),
            issuer.Token("admin", issuer: "https://another.example"), issuer.Token("admin", minutes: -10),
            issuer.Token("cook"), issuer.Shared(), "a.b.c", issuer.Token("admin")[..^4] + "AAAA",
            "eyJhbGciOiJub25lIn0." + issuer.Token("admin").Split('.')[1] + ".",
        ];
        foreach (var token in tokens)
        {
            var answer = (await api.Send("GET", "/v1/campaigns", token)).Is(HttpStatusCode.Unauthorized);
            Assert.Equal("unauthenticated", answer.Code);
            Assert.Contains("invalid_token", answer.Challenge, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_token_reaches_the_log()
    {
        var token = api.Issuer.Token("viewer");
        await api.Send("GET", "/v1/campaigns", token);
        await api.Send("GET", "/v1/keys", token);
        Assert.Contains("was refused as forbidden to operator:p-1", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], api.Log, StringComparison.Ordinal);
    }
}
