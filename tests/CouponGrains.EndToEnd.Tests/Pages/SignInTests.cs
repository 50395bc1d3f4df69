using System.Net.Http.Json;
using CouponGrains.Client.Tests.Access;
using Microsoft.Playwright;

namespace CouponGrains.EndToEnd.Tests.Pages;

/// <summary>A host at which people sign in, their identity provider, and a browser.</summary>
public sealed class SignInHost : IAsyncLifetime
{
    private const string AdminKey = "an-admin-key-of-the-operators-own-making";

    private readonly HostPlace _place = new();
    private readonly HostPlace _front = new();
    private Issuer _issuer = null!;
    private HostRun _run = null!;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private (string Option, string Value)[] _options = [];

    /// <summary>What browsers reported.</summary>
    public List<string> Faults { get; } = [];

    public Uri Address => _place.Address;

    public HttpClient Http => _run.Http;

    public async ValueTask InitializeAsync()
    {
        _issuer = await Issuer.Start();
        _options =
        [
            ("--keys", "required"), ("--issuer", _issuer.Address), ("--client-id", Issuer.Client),
            ("--admin-key-file", await Secret("admin", AdminKey)), ("--client-secret-file", await Secret("client", Issuer.Secret)),
            ("--session-keys", Path.Combine(_place.Root, "session-keys")),
        ];
        (string, string)[] silo = [.. _options, ("--approval-above", "1000USD")];
        _run = HostRun.Start(_place, silo);
        await _run.WaitFor("Ctrl-C ends it");
        _run.Http.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        await Must("/v1/campaigns", Campaign("Spring", 100_00));
        await Must("/v1/campaigns/spring/offers", new
        {
            offers = new[] { new { id = "tenth", title = "A tenth off", kind = "percent_off", percentBasisPoints = 1_000 } },
        });
        await Must("/v1/campaigns/spring/activate", new { });
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = ConsoleHost.Chromium(), Args = ConsoleHost.Flags });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        await _run.DisposeAsync();
        await _issuer.DisposeAsync();
        _place.Dispose();
        _front.Dispose();
    }

    /// <summary>A browser of somebody with a role, in place of the one before.</summary>
    public async Task<IPage> Open(string role)
    {
        _issuer.Role = role;
        foreach (var before in _browser!.Contexts.ToArray())
        {
            await before.CloseAsync();
        }

        Faults.Clear();
        var context = await _browser.NewContextAsync(new() { Locale = "en-GB" });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Faults.Add($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, fault) => Faults.Add(fault);
        return page;
    }

    /// <summary>A front end beside it, with the same options.</summary>
    internal async Task<(HostRun Run, Uri Address)> Beside(params (string Option, string Value)[] more)
    {
        var front = HostRun.StartFrontEnd(_front, _place, [.. _options, .. more]);
        Assert.True(await front.WaitForAnswer(), front.All);
        return (front, _front.Address);
    }

    private async Task<string> Secret(string name, string secret)
    {
        var file = Path.Combine(_place.Root, name + ".secret");
        await File.WriteAllTextAsync(file, secret + "\n");
        return file;
    }

    /// <summary>A campaign as it is made; its id is its name in small letters.</summary>
    public static object Campaign(string name, long budget) => new
    {
        id = name.ToLowerInvariant(), name, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z", budget = Usd(budget),
        guardrails = new
        {
            cap = Usd(50_00), minimumSpendMin = Usd(0), minimumSpendMax = Usd(20_00), amountStep = Usd(50), wholeCart = true,
        },
    };

    private static object Usd(long minor) => new { minor, currency = "USD" };

    public async Task Must(string path, object body)
    {
        using var answer = await _run.Http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}

/// <summary>People sign in to the pages of real processes, see what their role may, and are known to every process that
/// shares the keys of the sessions.</summary>
public sealed class SignInTests(SignInHost host) : IClassFixture<SignInHost>
{
    private static readonly string[] Shown =
        ["today", "campaigns", "campaigns/spring", "offers", "offers/spring", "users", "models", "cluster", "audit"];

    [Fact]
    public async Task A_viewer_signs_in_sees_every_page_but_the_keys_and_can_change_nothing()
    {
        var page = await host.Open("viewer");
        await page.GotoAsync(host.Address.ToString());
        await page.GetByRole(AriaRole.Heading, new() { Name = "Please sign in" }).WaitForAsync();
        await Keep(page, "sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText("Ann · viewer").WaitForAsync();
        foreach (var shown in Shown)
        {
            await page.GotoAsync(new Uri(host.Address, "#/" + shown).ToString());
            await page.Locator("main:not([aria-busy]) h1").WaitForAsync();
            foreach (var change in new[] { "Pause", "Change", "New campaign", "Design", "Withdraw", "Train", "Roll back" })
            {
                Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = change, Exact = true }).CountAsync());
            }
        }

        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Keys" }).CountAsync());
        await Keep(page, "signed-in");
        await page.SetViewportSizeAsync(360, 900);
        await Keep(page, "signed-in-narrow");
        Assert.True(host.Faults.Count == 0, string.Join('\n', host.Faults));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByText("You are signed out.").WaitForAsync();
        await page.GotoAsync(host.Address.ToString());
        await page.GetByRole(AriaRole.Heading, new() { Name = "Please sign in" }).WaitForAsync();
    }

    [Fact]
    public async Task A_marketer_pauses_a_campaign_with_the_session_alone()
    {
        var page = await host.Open("marketer");
        await page.GotoAsync(new Uri(host.Address, "/sign-in?to=%2F%23%2Fcampaigns%2Fspring").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Spring paused" }).WaitForAsync();
        Assert.True(host.Faults.Count == 0, string.Join('\n', host.Faults));
        Assert.Contains("\"p-1\"", await host.Http.GetStringAsync("/v1/audit-events"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_goes_to_the_dashboard_by_signing_in_and_a_viewer_may_not()
    {
        var page = await host.Open("operator");
        await page.GotoAsync(new Uri(host.Address, "/dashboard/").ToString());
        Assert.Equal(new Uri(host.Address, "/dashboard/").ToString(), page.Url);
        Assert.Equal(200, await page.EvaluateAsync<int>("fetch('/dashboard/version').then(answer => answer.status)"));
        await page.GetByText("Grains").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Picture("dashboard") });

        var viewer = await host.Open("viewer");
        var refused = await viewer.GotoAsync(new Uri(host.Address, "/dashboard/").ToString());
        Assert.Equal(403, refused!.Status);
    }

    [Fact]
    public async Task A_session_is_good_on_a_front_end_that_shares_the_keys()
    {
        var (run, address) = await host.Beside();
        await using var front = run;
        var page = await host.Open("viewer");
        await page.GotoAsync(new Uri(host.Address, "/sign-in").ToString());
        await page.GotoAsync(address.ToString());
        await page.GetByText("Ann · viewer").WaitForAsync();
        Assert.True(host.Faults.Count == 0, string.Join('\n', host.Faults));

        var operators = await host.Open("operator");
        await operators.GotoAsync(new Uri(host.Address, "/sign-in").ToString());
        await operators.GotoAsync(new Uri(address, "#/cluster").ToString());
        await operators.GetByRole(AriaRole.Heading, new() { Name = "Silos" }).WaitForAsync();
        Assert.Equal(0, await operators.GetByRole(AriaRole.Link, new() { Name = "Orleans dashboard" }).CountAsync());
        Assert.True(host.Faults.Count == 0, string.Join('\n', host.Faults));
    }

    [Fact]
    public async Task What_takes_two_persons_is_an_alarm_and_is_approved_on_the_page_of_the_campaign()
    {
        await host.Must("/v1/campaigns", SignInHost.Campaign("Grand", 2_000_00));
        using (var refused = await host.Http.PostAsync("/v1/campaigns/grand/activate", null))
        {
            Assert.Contains("approval_required", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var marketer = await host.Open("marketer");
        await marketer.GotoAsync(new Uri(host.Address, "/sign-in?to=%2F%23%2Fcampaigns%2Fgrand").ToString());
        await marketer.GetByRole(AriaRole.Heading, new() { Name = "Two persons" }).WaitForAsync();
        Assert.Equal(0, await marketer.GetByRole(AriaRole.Button, new() { Name = "Approve" }).CountAsync());

        var page = await host.Open("operator");
        await page.GotoAsync(new Uri(host.Address, "/sign-in").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Grand: a budget of $2,000.00 waits" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Two persons" }).WaitForAsync();
        await Keep(page, "approval");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve: request 1" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Note").FillAsync("within the year's plan");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Grand active" }).WaitForAsync();
        await page.GetByText("within the year's plan").WaitForAsync();
        Assert.True(host.Faults.Count == 0, string.Join('\n', host.Faults));
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_nothing_of_a_sign_in_goes_without_it()
    {
        var (run, address) = await host.Beside(("--tls-proxy", "on"));
        await using var front = run;
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var answer = await http.GetAsync(new Uri(address, "/sign-in"));
        Assert.Contains(
            Uri.EscapeDataString($"https://{address.Authority}/sign-in/callback"), answer.Headers.Location!.ToString(),
            StringComparison.Ordinal);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.Ordinal));
        Assert.Contains("max-age", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        using var dashboard = await http.GetAsync(new Uri(address, "/session"));
        Assert.Equal("{\"keysRequired\":true,\"signIn\":true,\"dashboard\":false}", await dashboard.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_session_that_ended_elsewhere_is_told_on_the_page_that_is_open()
    {
        var page = await host.Open("viewer");
        await page.GotoAsync(new Uri(host.Address, "/sign-in").ToString());
        await page.GetByText("Ann · viewer").WaitForAsync();
        await page.EvaluateAsync("""
            fetch('/session').then(known => known.json()).then(({ token }) =>
              fetch('/sign-out', { method: 'POST', headers: { 'x-csrf-token': token } }))
            """);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Please sign in" }).WaitForAsync();
    }

    private static async Task Keep(IPage page, string name)
    {
        await page.ScreenshotAsync(new() { Path = Picture(name), FullPage = true });
        Assert.Empty(await ConsoleHost.Inspect(page));
    }

    private static string Picture(string name) => Path.Combine(AppContext.BaseDirectory, "screenshots", name + "-light.png");
}
