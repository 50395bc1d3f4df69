using CouponGrains.Client;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign templates|list|show|pause|activate|archive|design|push</c>; <c>create</c>,
/// <c>change</c>, <c>codes</c>, <c>course</c>, <c>simulate</c> and the approvals stand beside.</summary>
internal static class CampaignCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Option<int> Count = new("--count") { Description = "How many offers", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of the generator", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> Days = new("--days")
    {
        Description = "The last days, 1 to 366", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<string> Wave = new("--wave")
    {
        Description = "The wave's name: the same name does nothing twice", DefaultValueFactory = _ => "first",
    };

    public static Command Build() => Verb.Group("campaign", "Campaigns",
        CreateCommand.Build(),
        ChangeCommand.Build(),
        Verb.Offline("templates", "Campaigns that work as they stand", [], Templates),
        Verb.Online("list", "All campaigns", [], List),
        Verb.Online("show", "A campaign with its budget and offers", [Id], Show),
        Move("activate", "Let it issue coupons inside its window", CampaignStatus.Active),
        Move("pause", "Issue nothing; coupons already issued stay valid", CampaignStatus.Paused),
        Move("archive", "End it for good", CampaignStatus.Archived),
        Verb.Online("design", "Let the generator design offers inside the guardrails", [Id, Count, Seed], Design),
        ApprovalCommand.BuildList(),
        ApprovalCommand.BuildApprove(),
        ApprovalCommand.BuildReject(),
        CodesCommand.Build(),
        ShareCommand.Build(),
        ForecastCommand.BuildCourse(),
        ForecastCommand.BuildSimulate(),
        Verb.Online("refusals", "Why the checkout refused its coupons", [Id, Days], Refusals),
        Verb.Online("push", "Issue to every user in the audience the offer that suits him best", [Id, Wave], Push));

    /// <summary>One line for people.</summary>
    public static string Line(Campaign c) => $"{c.Id} {c.Name}: {c.Status}, {c.Start:yyyy-MM-dd} to {c.End:yyyy-MM-dd}, budget {c.Budget}";

    private static Task Templates(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        screen.Result(new { templates = CampaignTemplates.All }, console => console.Write(Screen.Grid(
            ["template", "sector", "what"],
            CampaignTemplates.All.Select(t => new[] { t.Name, t.Sector, t.Description }))));
        return Task.CompletedTask;
    }

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var campaigns = await client.Campaigns(cancel).ToArrayAsync(cancel);
        screen.Result(new { campaigns }, console => console.Write(Screen.Grid(
            ["campaign", "name", "status", "from", "until", "#budget"],
            campaigns.Select(c => new[] { c.Id.Value, c.Name, c.Status.ToString(), $"{c.Start:u}", $"{c.End:u}", c.Budget.ToString() }))));
    }

    private static async Task Show(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var view = await client.Campaign(Ids.Campaign(parsed.GetValue(Id)!), cancel);
        screen.Result(view, console =>
        {
            console.WriteLine(Line(view.Campaign));
            console.WriteLine($"issued {view.Use.Issued:N0}, redeemed {view.Use.Redeemed:N0}, spent {view.Use.Spent}, "
                + $"reserved {view.Use.Reserved}, left {view.Use.Left}");
            console.Write(Screen.Grid(["offer", "source", "what"], view.Offers.Select(o => new[] { o.Id.Value, o.Source.ToString(), o.Title })));
        });
    }

    private static async Task Refusals(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var told = await client.Refusals(Ids.Campaign(parsed.GetValue(Id)!), parsed.GetValue(Days), cancel);
        screen.Result(told, console => console.Write(Screen.Grid(
            ["reason", "#refused"],
            told.Refused.OrderByDescending(r => r.Value).Select(r => new[] { r.Key, $"{r.Value:N0}" }))));
    }

    private static Command Move(string name, string description, CampaignStatus status) => Verb.Online(
        name, description, [Id], async (parsed, client, screen, cancel) =>
        {
            var campaign = await client.SetStatus(Ids.Campaign(parsed.GetValue(Id)!), status, cancel);
            screen.Result(campaign, console => console.WriteLine(Line(campaign)));
        });

    private static async Task Design(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var campaign = Ids.Campaign(parsed.GetValue(Id)!);
        var designed = await client.Design(campaign, parsed.GetValue(Count), parsed.GetValue(Seed), cancel);
        screen.Result(designed, console => console.WriteLine($"{designed.Designed} offers designed, {designed.Added} of them new to {campaign}"));
    }

    private static async Task Push(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var (campaign, name) = (Ids.Campaign(parsed.GetValue(Id)!), parsed.GetValue(Wave)!);
        var wave = await client.Push(campaign, name, cancel);
        try
        {
            await screen.Progress($"wave {name}", async report =>
            {
                while (!wave.Done)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(250), cancel);
                    wave = await client.Wave(campaign, name, cancel);
                    report(0, $"wave {name}: {wave.Seen:N0} users, {wave.Issued:N0} coupons");
                }
            });
        }
        catch (OperationCanceledException)
        {
            screen.Note($"wave {name} goes on; the same command watches it");
        }

        screen.Result(wave, console => console.WriteLine(
            $"wave {wave.Name}: {wave.Seen:N0} users, {wave.Issued:N0} coupons issued{(wave.Done ? "" : ", going on")}"));
    }
}
