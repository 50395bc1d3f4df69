using System.Net;
using CouponGrains.Api.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Client.Tests.Access;

/// <summary>People sign in at their identity provider, and their browser's session opens what their role may, to the
/// pages of this host alone.</summary>
public sealed class SessionTests(GuardedFixture api) : IClassFixture<GuardedFixture>
{
    private const string Pause = "/v1/campaigns/none/pause";

    [Fact]
    public async Task Who_signs_in_is_known_by_name_and_role_and_opens_what_the_role_may()
    {
        using var browser = Open("marketer");
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Send("GET", "/v1/campaigns")).Status);
        Assert.False((await browser.Session()).TryGetProperty("name", out _));
        var token = await browser.SignIn();
        var session = await browser.Session();
        Assert.Equal(("Ann", "marketer"), (session.GetProperty("name").GetString(), session.GetProperty("role").GetString()));
        Assert.InRange(
            session.GetProperty("until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await browser.Send("GET", "/v1/campaigns")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Send("POST", Pause, token)).Status);
        Assert.Contains("signed in operator:p-1 as Marketer", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_may_look_but_not_pause_a_campaign()
    {
        using var browser = Open("viewer");
        var token = await browser.SignIn();
        Assert.Equal(HttpStatusCode.OK, (await browser.Send("GET", "/v1/campaigns")).Status);
        var (status, body) = await browser.Send("POST", Pause, token);
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (status, body.GetProperty("code").GetString()));
        Assert.Contains("role marketer", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_page_of_another_site_sends_with_the_cookie_is_refused()
    {
        using var browser = Open("admin");
        var token = await browser.SignIn();
        using var other = Open("admin");
        var foreign = await other.SignIn();
        (string Method, string Path, string? Token, (string, string)[] Headers)[] forged =
        [
            ("POST", Pause, null, []), ("POST", Pause, "", []), ("POST", Pause, foreign, []),
            ("POST", Pause, token, [("Sec-Fetch-Site", "cross-site")]), ("POST", Pause, token, [("Sec-Fetch-Site", "same-site")]),
            ("POST", Pause, token, [("Origin", "https://evil.example")]),
            ("POST", Pause, token, [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]),
            ("DELETE", "/v1/users/ann", null, []), ("POST", "/sign-out", null, []),
            ("GET", "/v1/campaigns", null, [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors")]),
            ("GET", "/session", null, [("Origin", "https://evil.example")]),
        ];
        foreach (var (method, path, shown, headers) in forged)
        {
            var (status, body) = await browser.Send(method, path, shown, headers);
            Assert.True(status == HttpStatusCode.Forbidden, $"{method} {path} {string.Join(' ', headers)}: {status}");
            Assert.Equal("cross_site", body.GetProperty("code").GetString());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.Send("POST", Pause, token, ("Sec-Fetch-Site", "same-origin"))).Status);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_every_copy_of_its_cookie()
    {
        using var browser = Open("viewer");
        var token = await browser.SignIn();
        var copy = browser.Cookie;
        Assert.Equal(HttpStatusCode.OK, (await Asked(copy)).Status);
        var (status, body) = await browser.Send("POST", "/sign-out", token);
        Assert.Equal(HttpStatusCode.OK, status);
        var next = body.GetProperty("next").GetString()!;
        Assert.StartsWith(api.Issuer.Address + "/end?client_id=" + Issuer.Client, next, StringComparison.Ordinal);
        Assert.Equal("", browser.Cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Asked(copy)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Send("POST", "/sign-out", token)).Status);
    }

    [Fact]
    public async Task Who_has_no_role_is_not_signed_in_and_told_so()
    {
        using var browser = Open("cook");
        Assert.Equal("/?sign-in=no-role", (await browser.Visit("/sign-in?to=%2F%23%2Fmodels")).PathAndQuery);
        Assert.Equal("", browser.Cookie);
    }

    [Fact]
    public async Task What_the_provider_did_not_sign_for_this_sign_in_begins_no_session()
    {
        using var browser = Open("admin");
        api.Issuer.Nonce = "of-another-sign-in";
        try
        {
            Assert.Equal("/?sign-in=failed", (await browser.Visit("/sign-in")).PathAndQuery);
        }
        finally
        {
            api.Issuer.Nonce = null;
        }

        Assert.Equal("/?sign-in=failed", (await browser.Visit("/sign-in/callback?code=guessed&state=guessed")).PathAndQuery);
        Assert.DoesNotContain("coupongrains=", browser.Cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/?after=1", "/?after=1")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("", "/")]
    public async Task The_sign_in_leads_back_to_a_page_of_this_host_and_nowhere_else(string to, string arrives)
    {
        using var browser = Open("viewer");
        var where = await browser.Visit("/sign-in?to=" + Uri.EscapeDataString(to));
        Assert.Equal((api.Http.BaseAddress!.Authority, arrives), (where.Authority, where.PathAndQuery));
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        using var browser = Open("viewer");
        await browser.SignIn();
        using var plain = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
        using var asked = await plain.GetAsync(new Uri(api.Http.BaseAddress!, "/sign-in"));
        Assert.All(asked.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.Ordinal);
            Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(browser.Cookie[^40..], api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Issuer.Secret, api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_counts_more_than_the_cookie_beside_it()
    {
        using var browser = Open("viewer");
        await browser.SignIn();
        var (_, key) = await api.Make(new { name = "Writer", scopes = new[] { "campaigns:write" } });
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Send("POST", Pause, null, ("Authorization", "Bearer " + key))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Send("GET", "/v1/campaigns", null, ("Authorization", "Bearer x"))).Status);
        var told = (await browser.Send("GET", "/session", null, ("Authorization", "Bearer " + key))).Body;
        Assert.Equal("campaigns:write", told.GetProperty("scopes")[0].GetString());
    }

    [Fact]
    public void Processes_with_the_same_folder_of_keys_know_one_anothers_sessions()
    {
        var folder = Directory.CreateTempSubdirectory("coupongrains-sessions-").FullName;
        try
        {
            var one = Protector(folder).Protect("a session");
            Assert.Equal("a session", Protector(folder).Unprotect(one));
            Assert.ThrowsAny<Exception>(() => Protector(null).Unprotect(one));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IDataProtector Protector(string? folder)
    {
        var services = new ServiceCollection().AddLogging();
        SignIn.Add(services, new() { SignIn = new("any") { KeysFolder = folder } });
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie");
    }

    private Browser Open(string role)
    {
        api.Issuer.Role = role;
        return api.Open();
    }

    private async Task<GuardedFixture.Reply> Asked(string cookie) =>
        await api.Send("GET", "/v1/campaigns", null, null, ("Cookie", cookie));
}
