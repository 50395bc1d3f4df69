using CouponGrains.Client;
using CouponGrains.Domain.Models.Drift;

namespace CouponGrains.Cli.Models;

/// <summary><c>coupons models drift</c>: how far the shop has moved from what the model in force was trained
/// on.</summary>
internal static class DriftCommand
{
    private static readonly Option<bool> Now = new("--now")
    {
        Description = "Take in first what has come into the log by now",
    };

    public static Command Build() => Verb.Online(
        "drift", "How far the shop has moved from what the model was trained on, day by day", [Now], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var report = await client.Drift(parsed.GetValue(Now), cancel);
        screen.Result(report, console =>
        {
            if (report.Days is not [var newest, ..])
            {
                console.WriteLine("No day has been measured.");
                return;
            }

            var names = report.Days.SelectMany(d => d.Features).Select(f => f.Name).Distinct().Order(StringComparer.Ordinal).ToList();
            console.WriteLine("Population stability index by day: from 0.10 on worth a look, from 0.25 on another population.");
            console.Write(Screen.Grid(
                ["day", "model", "#events", .. names.Select(n => $"#{n}"), "level"],
                report.Days.Take(14).Select(d => (string[])
                [
                    $"{d.Day:yyyy-MM-dd}", d.Model.ToString(), $"{d.Events:N0}", .. names.Select(n => Index(d, n)), d.Level.ToString(),
                ])));
            Calibration(console, newest);
            Outcomes(console, newest);
        });
    }

    private static string Index(DriftDay day, string feature) =>
        day.Features.FirstOrDefault(f => f.Name == feature)?.Index is { } index ? $"{index:F3}" : "–";

    private static void Calibration(IAnsiConsole console, DriftDay day)
    {
        var calibration = day.Calibration;
        console.WriteLine($"Calibration of {calibration.Issues:N0} issues: expected calibration error {calibration.Error:F4}");
        console.Write(Screen.Grid(
            ["redemption probability", "#issues", "#expected", "#observed"],
            calibration.Bins.Index().Where(b => b.Item.Issues > 0).Select(b => new[]
            {
                Range(b.Index), $"{b.Item.Issues:N0}", $"{b.Item.Expected:F1}", $"{b.Item.Observed:N0}",
            })));
    }

    private static void Outcomes(IAnsiConsole console, DriftDay day) => console.Write(Screen.Grid(
        ["model", "#issued", "#redeemed", "#rate", "#best alone", "#± 2 errors", "#explored", "#their rate"],
        day.Outcomes.Select(o => new[]
        {
            o.Model.ToString(), $"{o.Issued:N0}", $"{o.Redeemed:N0}", Rate(o.Redeemed, o.Issued), $"{o.Best.SelfNormalised:F4}",
            $"{2 * o.Best.StandardError:F4}", $"{o.Explored:N0}", Rate(o.ExploredRedeemed, o.Explored),
        })));

    private static string Range(int bin)
    {
        var ends = Domain.Models.Drift.Calibration.UpperEnds;
        return $"{(bin == 0 ? 0 : ends[bin - 1])} to {(bin < ends.Count ? ends[bin] : 1)}";
    }

    private static string Rate(long part, long whole) => whole > 0 ? $"{(double)part / whole:F4}" : "–";
}
