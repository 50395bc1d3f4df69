using CouponGrains.Client;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Reports;

namespace CouponGrains.Cli.Reports;

/// <summary><c>coupons report funnel|days|refusals|budgets</c>: what happened to coupons, and what it cost.</summary>
internal static class ReportCommand
{
    private static readonly Option<int> Days = new("--days")
    {
        Description = "The last days of UTC, 1 to 366, today among them", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<string?> Campaign = new("--campaign") { Description = "Only of this campaign" };

    public static Command Build() => Verb.Group("report", "What happened to coupons, and what it cost",
        Verb.Online("funnel", "By campaign: shown, issued, viewed, claimed, redeemed", [Days, Campaign], ByCampaign),
        Verb.Online("days", "The same by day, newest first", [Days, Campaign], ByDay),
        Verb.Online("refusals", "Why the checkout refused coupons, in all or of one", [Days, Campaign], Refusals),
        Verb.Online("budgets", "What has been used of the budgets", [], Budgets));

    private static async Task ByCampaign(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var read = await Read(parsed, client, cancel);
        var campaigns = read.Days.GroupBy(day => day.Campaign).OrderBy(g => g.Key.Value, StringComparer.Ordinal)
            .Select(g => new { campaign = g.Key, funnel = Funnel.Of(g) }).ToList();
        screen.Result(new { campaigns, complete = read.Complete }, console =>
        {
            console.Write(Screen.Grid(
                ["campaign", .. Funnel.Columns],
                campaigns.Select(c => (string[])[c.campaign.Value, .. c.funnel.Cells])));
            Incomplete(console, read);
        });
    }

    private static async Task ByDay(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var read = await Read(parsed, client, cancel);
        var days = read.Days.GroupBy(day => day.Day).OrderByDescending(g => g.Key)
            .Select(g => new { day = g.Key, funnel = Funnel.Of(g) }).ToList();
        screen.Result(new { days, complete = read.Complete }, console =>
        {
            console.Write(Screen.Grid(
                ["day", .. Funnel.Columns], days.Select(d => (string[])[$"{d.day:yyyy-MM-dd}", .. d.funnel.Cells])));
            Incomplete(console, read);
        });
    }

    private static async Task Refusals(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var refused = parsed.GetValue(Campaign) is { } campaign
            ? (await client.Refusals(Ids.Campaign(campaign), parsed.GetValue(Days), cancel)).Refused
            : (await client.CouponDays(parsed.GetValue(Days), cancel)).Refused;
        screen.Result(new { refused }, console => console.Write(Screen.Grid(
            ["reason", "#refused"],
            refused.OrderByDescending(r => r.Value).Select(r => new[] { r.Key, $"{r.Value:N0}" }))));
    }

    private static async Task Budgets(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var views = new List<CampaignView>();
        await foreach (var campaign in client.Campaigns(cancel))
        {
            views.Add(await client.Campaign(campaign.Id, cancel));
        }

        screen.Result(
            new { budgets = views.Select(v => new { campaign = v.Campaign.Id, v.Campaign.Status, v.Use }) },
            console => console.Write(Screen.Grid(
                ["campaign", "status", "#budget", "#spent", "#reserved", "#left", "#issued", "#redeemed"],
                views.Select(v => new[]
                {
                    v.Campaign.Id.Value, v.Campaign.Status.ToString(), v.Use.Limit.ToString(), v.Use.Spent.ToString(),
                    v.Use.Reserved.ToString(), v.Use.Left.ToString(), $"{v.Use.Issued:N0}", $"{v.Use.Redeemed:N0}",
                }))));
    }

    private static async Task<CouponDays> Read(ParseResult parsed, ICouponsClient client, CancellationToken cancel)
    {
        var read = await client.CouponDays(parsed.GetValue(Days), cancel);
        return parsed.GetValue(Campaign) is { } only
            ? read with { Days = [.. read.Days.Where(day => day.Campaign == Ids.Campaign(only))] }
            : read;
    }

    private static void Incomplete(IAnsiConsole console, CouponDays read)
    {
        if (!read.Complete)
        {
            console.WriteLine("The log is still being read: there is more.");
        }
    }
}
