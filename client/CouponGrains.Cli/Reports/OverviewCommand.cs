using CouponGrains.Client;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Cli.Reports;

/// <summary><c>coupons overview</c>: how the shop stands today, and what asks for a person.</summary>
internal static class OverviewCommand
{
    private const int Week = 7;

    public static Command Build() => Verb.Online(
        "overview", "How the shop stands today (of UTC), and what asks for a person", [], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var days = await client.CouponDays(Week + 1, cancel);
        var overview = await client.Overview(cancel);
        var standing = await Read(client, cancel);
        var alarms = Alarms.Of(standing);
        var midnight = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var today = Funnel.Of(days.Days.Where(day => day.Day == midnight));
        var before = Funnel.Of(days.Days.Where(day => day.Day < midnight));
        Money[] perDay = [.. before.Given.Select(given => given with { Minor = given.Minor / Week })];
        screen.Result(
            new
            {
                day = midnight, today, weekBefore = before, model = standing.Current, overview.Events,
                overview.Campaigns, overview.Feedback, activeCampaigns = standing.Courses.Count, alarms,
            },
            console =>
            {
                console.Write(Screen.Grid(
                    ["", "#today", "#a day in the week before"],
                    [
                        ["issued", $"{today.Issued:N0}", $"{(double)before.Issued / Week:N1}"],
                        ["redeemed", $"{today.Redeemed:N0}", $"{(double)before.Redeemed / Week:N1}"],
                        ["expired", $"{today.Expired:N0}", $"{(double)before.Expired / Week:N1}"],
                        ["given", Funnel.Text(today.Given), Funnel.Text(perDay)],
                    ]));
                console.WriteLine(
                    $"{overview.Events:N0} events, {standing.Courses.Count} of {overview.Campaigns} campaigns active, "
                    + $"model {standing.Current}");
                if (alarms.Count == 0)
                {
                    console.WriteLine("Nothing asks for a person.");
                    return;
                }

                console.Write(Screen.Grid(
                    ["alarm", "what", "next"], alarms.Select(a => new[] { a.Bad ? "bad" : "watch", a.What, a.Next })));
            });
    }

    private static async Task<Standing> Read(ICouponsClient client, CancellationToken cancel)
    {
        var active = await client.Campaigns(cancel).Where(c => c.Status == CampaignStatus.Active).ToArrayAsync(cancel);
        var courses = new List<BudgetCourse>();
        var waiting = new List<(CampaignId, int)>();
        foreach (var campaign in active)
        {
            courses.Add(await client.Course(campaign.Id, cancel));
            if (campaign.Approval == OfferApproval.Review)
            {
                waiting.Add((campaign.Id, await client.Reviews(campaign.Id, cancel)
                    .CountAsync(review => review.Status == ReviewStatus.Waiting, cancel)));
            }
        }

        return new(
            courses, (await client.Models(cancel)).Current, await client.Drift(false, cancel),
            await client.TrainingRuns(cancel).FirstOrDefaultAsync(cancel), waiting, await Webhooks(client, cancel));
    }

    /// <summary>Whoever may read reports may not always see the endpoints.</summary>
    private static async Task<IReadOnlyList<WebhookView>> Webhooks(ICouponsClient client, CancellationToken cancel)
    {
        try
        {
            return await client.Webhooks(cancel).ToArrayAsync(cancel);
        }
        catch (CouponsException e) when (e.Code == RefusalCodes.Forbidden)
        {
            return [];
        }
    }
}
