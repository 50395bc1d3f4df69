using System.Net.Http.Json;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CouponGrains.EndToEnd.Tests.Pages;

/// <summary>How a page is looked at.</summary>
/// <param name="Name">Of the picture.</param>
/// <param name="Scheme">Light or dark.</param>
/// <param name="Width">Of the window, in pixels.</param>
/// <param name="Language">Of the browser.</param>
public sealed record Look(string Name, ColorScheme Scheme, int Width, string Language)
{
    public static Look Wide { get; } = new("light", ColorScheme.Light, 1280, "en-GB");

    public static Look Narrow { get; } = new("dark-narrow", ColorScheme.Dark, 360, "zh-CN");

    public static Look DarkWide { get; } = new("dark", ColorScheme.Dark, 1280, "en-GB");

    public static Look LightNarrow { get; } = new("light-narrow", ColorScheme.Light, 360, "zh-CN");
}

/// <summary>One host with the small shop and one browser, for all tests of pages. Pictures are kept beside the test
/// program, in <c>screenshots/</c>.</summary>
public sealed class ConsoleHost : IAsyncLifetime
{
    private const int Seed = 7;

    /// <summary>How long anything on a page may take, in milliseconds.</summary>
    private const int Patience = 15_000;

    internal static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--no-first-run",
    ];

    private static readonly AxeRunOptions Everything = new()
    {
        // What is found good is not asked for: gathering it takes most of the time.
        ResultTypes = [ResultType.Violations],
        // An experiment of axe's, and a promise of ours: what is called by voice is what is seen.
        Rules = new() { ["label-content-name-mismatch"] = new() { Enabled = true } },
    };

    /// <summary>What can be another thing in other colours; all else is the same on the same page.</summary>
    private static readonly AxeRunOptions Colours = new()
    {
        ResultTypes = [ResultType.Violations], RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block"),
    };

    private readonly HostPlace _place = HostPlace.WithShop(Seed);
    private HostRun? _run;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public HttpClient Http => _run!.Http;

    public async ValueTask InitializeAsync()
    {
        _run = HostRun.Start(_place);
        await _run.WaitFor("Ctrl-C ends it");
        await BeRefused();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = Flags });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        if (_run is not null)
        {
            await _run.DisposeAsync();
        }

        _place.Dispose();
    }

    /// <summary>Somebody presents another user's coupon at the checkout. Silos tell of refusals each half minute: by
    /// the time that a test looks, it is mostly there.</summary>
    private async Task BeRefused()
    {
        using var issued = await Http.PostAsJsonAsync(
            "/v1/publications", new { user = "5", campaign = "welcome", key = "to-be-refused" });
        using var coupon = JsonDocument.Parse(await issued.Content.ReadAsStringAsync());
        using var refused = await Http.PostAsJsonAsync("/v1/redemptions", new
        {
            user = "6", code = coupon.RootElement.GetProperty("code").GetString(), order = "o-refused", key = "o-refused",
            cart = new
            {
                currency = "USD",
                lines = new[] { new { item = "1040", quantity = 1, unitPrice = new { minor = 900, currency = "USD" } } },
            },
        });
        Assert.Contains("issued_to_another_user", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Opens an address and does something there. Fails if the page reports an error, asks for something that
    /// is elsewhere, is wider than the window, has a text without its Chinese, or is found hard to use by
    /// axe.</summary>
    /// <param name="address">Below the host's.</param>
    /// <param name="name">Of the picture; null keeps none and asks axe nothing.</param>
    /// <param name="look">How it is looked at.</param>
    /// <param name="act">What is done.</param>
    /// <param name="expected">What the browser itself reports of a refusal that the test brings about.</param>
    public Task Visit(string address, string? name, Look look, Func<IPage, Task> act, string? expected = null) =>
        Visit(address, name, [look], act, expected);

    /// <summary>The same, then looked at in other colours too, which are chosen while the page is open.</summary>
    public async Task Visit(
        string address, string? name, IReadOnlyList<Look> looks, Func<IPage, Task> act, string? expected = null)
    {
        var look = looks[0];
        var faults = new List<string>();
        await using var context = await _browser!.NewContextAsync(new()
        {
            ColorScheme = look.Scheme,
            ViewportSize = new() { Width = look.Width, Height = 900 },
            Locale = look.Language,
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning"
                && (expected is null || !message.Text.StartsWith(expected, StringComparison.Ordinal)))
            {
                faults.Add($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, fault) => faults.Add(fault);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_place.Address.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                faults.Add($"The page asked for {request.Url}, which is elsewhere.");
            }
        };
        page.SetDefaultTimeout(Patience);
        try
        {
            await page.GotoAsync(new Uri(_place.Address, address).ToString());
            await act(page);
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            faults.Add(e.Message);
            name ??= "failed";
        }

        foreach (var seen in name is null ? [] : looks)
        {
            if (seen != look)
            {
                await page.EmulateMediaAsync(new() { ColorScheme = seen.Scheme });
                await page.EvaluateAsync("Promise.all(document.getAnimations().map(one => one.finished))");
            }

            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}-{seen.Name}.png"),
                FullPage = true,
            });
            faults.AddRange((await Inspect(page, seen == look ? Everything : Colours)).Select(f => $"{seen.Name}: {f}"));
        }

        Assert.True(faults.Count == 0, $"{address}, {look.Name}:\n{string.Join('\n', faults)}");
    }

    internal static Task<IEnumerable<string>> Inspect(IPage page) => Inspect(page, Everything);

    private static async Task<IEnumerable<string>> Inspect(IPage page, AxeRunOptions rules)
    {
        var wider = await page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        var found = (await page.RunAxe(rules)).Violations.SelectMany(violation => violation.Nodes, (violation, node) =>
            $"axe: {violation.Id}: {violation.Help}: {node.Html}");
        return wider == 0 ? found : found.Append($"The page is {wider} pixels wider than the window.");
    }

    internal static string Chromium() =>
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("There is no Chromium; tests/run installs it.");
}

/// <summary>The tests that share the host; one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleHost>
{
    public const string Name = "Console";
}
