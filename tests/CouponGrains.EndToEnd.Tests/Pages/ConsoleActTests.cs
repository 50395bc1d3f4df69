using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace CouponGrains.EndToEnd.Tests.Pages;

/// <summary>What is done in the console, and what it shows of what is done elsewhere.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ConsoleActTests(ConsoleHost host)
{
    [Fact]
    public async Task An_event_moves_the_offers_and_a_coupon_from_elsewhere_appears_while_the_page_is_open()
    {
        await host.Visit("#user=3", "user-live", Look.Wide, async page =>
        {
            await page.Locator("#offers .offer").First.WaitForAsync();
            await page.Locator("#live.good").WaitForAsync();
            var before = await page.Locator("#offers").InnerTextAsync();
            await page.Locator("#item").FillAsync("1040");
            await page.GetByRole(AriaRole.Button, new() { Name = "Send event" }).ClickAsync();
            await page.GetByText("offers ranked again").WaitForAsync();
            Assert.NotEqual(before, await page.Locator("#offers").InnerTextAsync());
            Assert.True(await page.Locator("#offers .move.up, #offers .move.down").CountAsync() > 0, "No score moved.");

            var known = await page.Locator("#wallet .coupon").CountAsync();
            using var issued = await host.Http.PostAsJsonAsync(
                "/v1/publications", new { user = "3", campaign = "welcome", key = "from-elsewhere" });
            Assert.True(issued.IsSuccessStatusCode, await issued.Content.ReadAsStringAsync());
            await page.Locator("#wallet .coupon.new").WaitForAsync(new() { Timeout = 5_000 });
            Assert.Equal(known + 1, await page.Locator("#wallet .coupon").CountAsync());
            await page.Locator("#wallet .coupon.new button").First.ClickAsync();
            await page.Locator("#wallet .coupon.new").GetByText("claimed").WaitForAsync();

            await page.Locator("details summary", new() { HasText = "Why" }).First.ClickAsync();
            await page.Locator(".why .bars li, .why .empty").First.WaitForAsync();
        });
    }

    [Fact]
    public async Task A_coupon_is_taken_back_and_a_wave_pushed_only_when_that_is_said_twice()
    {
        using var issued = await host.Http.PostAsJsonAsync(
            "/v1/publications", new { user = "7", campaign = "welcome", key = "to-be-taken-back" });
        Assert.True(issued.IsSuccessStatusCode, await issued.Content.ReadAsStringAsync());
        await host.Visit("#/users/7", null, Look.Wide, async page =>
        {
            var button = page.Locator("#wallet .coupon").First.GetByRole(AriaRole.Button, new() { Name = "Take back" });
            await button.ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
            Assert.Equal(1, await button.CountAsync());
            await button.ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
            await page.Locator("#wallet .coupon.over").GetByText("voided").First.WaitForAsync();
        });
        await host.Visit("#/campaigns/welcome", "wave", Look.Wide, async page =>
        {
            await page.GetByLabel("Name of the wave").FillAsync("first");
            await page.GetByRole(AriaRole.Button, new() { Name = "Push", Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Push" }).ClickAsync();
            await page.GetByText("users looked at").WaitForAsync();
        });
    }

    [Fact]
    public async Task A_campaign_is_made_changed_tried_out_activated_and_archived()
    {
        await host.Visit("#/campaigns", "campaign-made", Look.Wide, async page =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "New campaign" }).ClickAsync();
            await page.GetByLabel("Name").FillAsync("Page Sale");
            await page.GetByRole(AriaRole.Button, new() { Name = "Make a draft" }).ClickAsync();
            await page.GetByRole(AriaRole.Heading, new() { Name = "Page Sale draft" }).WaitForAsync();

            await page.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
            await page.GetByLabel("Budget, USD").FillAsync("1234.5");
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
            await page.Locator(".tiles").GetByText("of $1,234.50").WaitForAsync();

            await page.GetByRole(AriaRole.Button, new() { Name = "Simulate" }).ClickAsync();
            await page.GetByText("Redemptions to expect").WaitForAsync();

            await Move(page, "Activate", "active");
            await Move(page, "Pause", "paused");
            await Move(page, "Archive", "archived");
            Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Activate" }).CountAsync());
        });
        using var made = JsonDocument.Parse(await host.Http.GetStringAsync("/v1/campaigns/page-sale"));
        var campaign = made.RootElement.GetProperty("campaign");
        Assert.Equal("archived", campaign.GetProperty("status").GetString());
        Assert.Equal(123_450, campaign.GetProperty("budget").GetProperty("minor").GetInt64());
    }

    [Fact]
    public async Task Why_the_checkout_refused_its_coupons_stands_on_the_page_of_a_campaign()
    {
        await host.Visit("#/campaigns/welcome", "campaign-refused", Look.Wide, async page =>
        {
            var reason = page.Locator(".bars li", new() { HasText = "issued to another user" });
            await reason.WaitForAsync(new() { Timeout = 60_000 });
            Assert.Equal("1", await reason.Locator(".number").InnerTextAsync());
        });
    }

    [Fact]
    public async Task A_change_that_is_refused_is_told_in_words_and_changes_nothing()
    {
        await host.Visit("#/campaigns/welcome", null, Look.Wide, async page =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
            await page.GetByLabel("End").FillAsync("2001-01-01T00:00");
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
            await page.GetByRole(AriaRole.Alert).WaitForAsync();
        }, "Failed to load resource");
        using var campaign = JsonDocument.Parse(await host.Http.GetStringAsync("/v1/campaigns/welcome"));
        var end = campaign.RootElement.GetProperty("campaign").GetProperty("end").GetDateTimeOffset();
        Assert.True(end.Year > 2020, $"The campaign ends in {end.Year}.");
    }

    [Fact]
    public async Task Designed_offers_wait_and_are_approved_and_rejected()
    {
        using var changed = await host.Http.PatchAsJsonAsync("/v1/campaigns/welcome", new { approval = "review" });
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        await host.Visit("#/offers/welcome", "offers-waiting", Look.Wide, async page =>
        {
            await page.GetByLabel("How many").FillAsync("60");
            await page.GetByLabel("Seed").FillAsync("5");
            await page.GetByRole(AriaRole.Button, new() { Name = "Design" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Approve: " }).Nth(1).WaitForAsync();
            await Decide(page, "Approve");
            await Decide(page, "Reject");
            await page.GetByRole(AriaRole.Heading, new() { Name = "Decided" }).WaitForAsync();
            await page.GetByText("too bold").First.WaitForAsync();
        });
        var reviews = await host.Http.GetStringAsync("/v1/campaigns/welcome/reviews");
        Assert.Contains("\"approved\"", reviews);
        Assert.Contains("\"rejected\"", reviews);
    }

    [Fact]
    public async Task A_model_is_trained_with_its_progress_and_the_one_before_put_into_force_again()
    {
        await host.Visit("#/models", "models-trained", Look.Wide, async page =>
        {
            await page.GetByLabel("Rank").FillAsync("4");
            await page.GetByLabel("Epochs of the generator").FillAsync("40");
            await page.GetByRole(AriaRole.Button, new() { Name = "Train", Exact = true }).ClickAsync();
            await page.Locator("progress").WaitForAsync();
            await page.GetByRole(AriaRole.Cell, new() { Name = "v2" }).First.WaitForAsync(new() { Timeout = 180_000 });
            await page.GetByLabel("Run", new() { Exact = true }).SelectOptionAsync("2");
            var curves = page.Locator(".curves .chart");
            await curves.Locator("svg path.curve").Nth(3).WaitForAsync();
            Assert.Equal(2, await curves.CountAsync());
            await curves.Nth(1).Locator(".readings summary").ClickAsync();
            Assert.Equal(40, await curves.Nth(1).Locator("tbody tr").CountAsync());
            await Promote(page, "Put into force: v2", 2);
            await Promote(page, "Put into force: v1", 1);
        });
    }

    /// <summary>The gates may have put it into force already: then there is no button.</summary>
    private static async Task Promote(IPage page, string name, int version)
    {
        var button = page.GetByRole(AriaRole.Button, new() { Name = name });
        if (await button.CountAsync() == 1)
        {
            await button.ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("a test of the console");
            await page.GetByRole(AriaRole.Button, new() { Name = "Put into force", Exact = true }).ClickAsync();
        }

        await page.Locator(".tiles dd").First.GetByText($"v{version}").WaitForAsync();
    }

    private static async Task Decide(IPage page, string verb)
    {
        var left = await page.GetByRole(AriaRole.Button, new() { Name = verb + ": " }).CountAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = verb + ": " }).First.ClickAsync();
        await page.GetByLabel("Note").FillAsync("too bold");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = verb + ": " })).ToHaveCountAsync(left - 1);
    }

    private static async Task Move(IPage page, string verb, string status)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"Page Sale {status}" }).WaitForAsync();
    }
}
