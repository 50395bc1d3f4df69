using Microsoft.Playwright;

namespace CouponGrains.EndToEnd.Tests.Pages;

/// <summary>Every page as it is found, in light and dark, wide and narrow, English and Chinese.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class PageTests(ConsoleHost host)
{
    /// <summary>Address, what shows that the page is whole, and its name.</summary>
    public static TheoryData<string, string, string> Pages => new()
    {
        { "#/today", ".chart svg", "today" },
        { "#/campaigns", "tbody tr", "campaigns" },
        { "#/campaigns/welcome", ".chart svg", "campaign" },
        { "#/offers", "tbody tr", "offers" },
        { "#/offers/welcome", ".plot circle", "offers-campaign" },
        { "#/models", ".curves .chart svg path.curve", "models" },
        { "#/cluster", ".bars li", "cluster" },
        { "#/users", "tbody tr", "users" },
        { "#/users/3", "#offers .offer", "user" },
        { "#/users/nobody-knows-him", ".empty", "user-unknown" },
        { "#/audit", "tbody tr", "audit" },
        { "#/keys", ".empty, tbody tr", "keys" },
        { "#/no-such-page", ".empty", "missing" },
        { "reference", "#operations *", "reference" },
        { "shop", "#shelf li", "shop" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_whole_and_can_be_used_by_everybody(string address, string sign, string name)
    {
        foreach (Look[] looks in new Look[][] { [Look.Wide, Look.DarkWide], [Look.Narrow, Look.LightNarrow] })
        {
            await host.Visit(address, name, looks, async page =>
            {
                await page.Locator(sign).First.WaitForAsync();
                if (!address.StartsWith('#'))
                {
                    return;
                }

                await page.Locator("main:not([aria-busy])").WaitForAsync();
                await page.Locator(address == "#/no-such-page" ? "h1" : "#state.good").WaitForAsync();
                Assert.Empty(await page.EvaluateAsync<string[]>(
                    "import('/console/words.js').then(words => [...words.untranslated])"));
                Assert.Equal(looks[0].Language[..2], (await page.Locator("html").GetAttributeAsync("lang"))![..2]);
            }, name == "user-unknown" ? "Failed to load resource: the server responded with a status of 404" : null);
        }
    }

    [Fact]
    public async Task Language_and_colours_are_chosen_and_kept()
    {
        await host.Visit("#/today", null, Look.Wide, async page =>
        {
            await page.Locator(".chart svg").First.WaitForAsync();
            await page.Locator("#language").SelectOptionAsync("zh");
            await page.GetByRole(AriaRole.Heading, new() { Name = "今日", Exact = true }).WaitForAsync();
            await page.Locator("#colours").SelectOptionAsync("dark");
            var dark = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
            await page.ReloadAsync();
            await page.GetByRole(AriaRole.Heading, new() { Name = "今日", Exact = true }).WaitForAsync();
            Assert.Equal(dark, await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
            await page.Locator("#colours").SelectOptionAsync("light");
            Assert.NotEqual(dark, await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        });
    }

    [Fact]
    public async Task A_chart_is_read_by_the_arrow_keys_and_as_a_table()
    {
        await host.Visit("#/today", null, Look.Wide, async page =>
        {
            var plot = page.Locator(".plot").First;
            await plot.Locator("svg").WaitForAsync();
            var reading = page.Locator(".chart").First.Locator("output");
            await plot.FocusAsync();
            var last = await reading.InnerTextAsync();
            Assert.Contains("Issued", last);
            await page.Keyboard.PressAsync("ArrowLeft");
            Assert.NotEqual(last, await reading.InnerTextAsync());
            await page.Locator(".readings summary").First.ClickAsync();
            Assert.Equal(30, await page.Locator(".chart").First.Locator("tbody tr").CountAsync());
        });
    }

    [Fact]
    public async Task The_pages_are_reached_by_keyboard_alone()
    {
        await host.Visit("#/today", null, Look.Wide, async page =>
        {
            await page.Locator("#state.good").WaitForAsync();
            await page.Keyboard.PressAsync("Tab");
            Assert.Equal("skip", await page.EvaluateAsync<string>("document.activeElement.id"));
            await page.Keyboard.PressAsync("Enter");
            Assert.Equal("main", await page.EvaluateAsync<string>("document.activeElement.id"));
            await page.Locator("#pages a").Nth(1).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await page.Locator("main:not([aria-busy]) h1:focus", new() { HasText = "Campaigns" }).WaitForAsync();
            await page.Locator("main table").WaitForAsync();
            Assert.Equal("page", await page.Locator("#pages a").Nth(1).GetAttributeAsync("aria-current"));
        });
    }
}
