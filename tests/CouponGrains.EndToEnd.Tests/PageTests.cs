using System.Net.Http.Json;
using Microsoft.Playwright;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>The first page in Debian's Chromium. Pictures are kept beside the test program, in
/// <c>screenshots/</c>.</summary>
public sealed class PageTests
{
    private const int Seed = 7;

    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--no-first-run",
    ];

    [Fact]
    public async Task The_page_shows_a_user_and_a_coupon_that_appears_while_it_is_open()
    {
        using var place = HostPlace.WithShop(Seed);
        await using var run = HostRun.Start(place);
        await run.WaitFor("Ctrl-C ends it");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser(playwright);

        await Visit(browser, place, "light", ColorScheme.Light, 1280, async page =>
        {
            await Changes(page);
            await Pushes(page, run.Http);
        });
        await Visit(browser, place, "dark-narrow", ColorScheme.Dark, 360, async page =>
        {
            var overflow = await page.EvaluateAsync<int>(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.Equal(0, overflow);
        });
    }

    private static async Task Visit(
        IBrowser browser, HostPlace place, string name, ColorScheme scheme, int width, Func<IPage, Task> look)
    {
        var faults = new List<string>();
        var page = await browser.NewPageAsync(
            new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                faults.Add($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, fault) => faults.Add(fault);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(place.Address.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                faults.Add($"The page asked for {request.Url}, which is elsewhere.");
            }
        };
        await page.GotoAsync($"{place.Address}#user=3");
        await page.Locator("#offers .offer").First.WaitForAsync();
        await page.Locator("#live.good").WaitForAsync();
        await look(page);
        await page.ScreenshotAsync(
            new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", name + ".png"), FullPage = true });
        Assert.Equal(0, await page.Locator("input:not([type=checkbox]):not([id])").CountAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('input, select')].filter(f => !f.labels.length).map(f => f.id)"));
        Assert.Empty(faults);
        await page.CloseAsync();
    }

    private static async Task Changes(IPage page)
    {
        var before = await page.Locator("#offers").InnerTextAsync();
        await page.Locator("#item").FillAsync("1040");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send event" }).ClickAsync();
        await page.GetByText("offers ranked again").WaitForAsync();
        Assert.NotEqual(before, await page.Locator("#offers").InnerTextAsync());
        Assert.True(await page.Locator("#offers .move.up, #offers .move.down").CountAsync() > 0, "No score moved.");
    }

    private static async Task Pushes(IPage page, HttpClient shop)
    {
        var known = await page.Locator("#wallet .coupon").CountAsync();
        using var issued = await shop.PostAsJsonAsync(
            "/v1/publications", new { user = "3", campaign = "welcome", key = "from-elsewhere" });
        Assert.True(issued.IsSuccessStatusCode, await issued.Content.ReadAsStringAsync());
        await page.Locator("#wallet .coupon.new").WaitForAsync(new() { Timeout = 5_000 });
        Assert.Equal(known + 1, await page.Locator("#wallet .coupon").CountAsync());
        await page.Locator("#wallet .coupon.new button").ClickAsync();
        await page.Locator("#wallet .coupon.new").GetByText("claimed").WaitForAsync();
    }

    /// <summary>Debian's Chromium, without a window.</summary>
    internal static Task<IBrowser> Browser(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = Flags });

    private static string Chromium() =>
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("There is no Chromium; tests/run installs it.");
}
