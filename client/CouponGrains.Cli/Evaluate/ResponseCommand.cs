using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Storage.Import;
using CouponGrains.Storage.Import.Maps;
using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Cli.Evaluate;

/// <summary><c>coupons evaluate response --data DIR</c>: predicts who used which coupon, on the Complete Journey or on
/// the in-vehicle coupons, whichever the folder holds.</summary>
internal static class ResponseCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the Complete Journey's files, or of the in-vehicle coupons' train.csv", Required = true,
    };

    private static readonly Option<int> Resamples = new("--resamples")
    {
        Description = "Bootstrap resamples for the intervals", DefaultValueFactory = _ => 2_000,
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };

    public static Command Build() =>
        Verb.Offline("response", "Predict who used which coupon", [Data, Resamples, Seed], Run);

    private static Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var folder = parsed.GetValue(Data)!;
        var (seed, resamples) = (parsed.GetValue(Seed), Math.Max(0, parsed.GetValue(Resamples)));
        var reports = InVehicleFile.PathIn(folder) is { } path
            ? InVehicleEvaluation.Run(InVehicleFile.Read(path), seed, resamples, new Notes(screen), cancel)
            : ResponseEvaluation.Run(
                Read(folder, screen), new() { Seed = seed, Resamples = resamples }, new Notes(screen), cancel);
        screen.Result(new { reports }, console =>
        {
            foreach (var report in reports)
            {
                Show(console, report);
            }
        });
        return Task.CompletedTask;
    }

    private static ResponseHistory Read(string folder, Screen screen)
    {
        var journey = new CompleteJourney(folder, TimeProvider.System.GetUtcNow());
        var redemptions = EvaluateCommand.Values(journey.Redemptions(), "redemptions", screen).Where(e => e.Offer is not null).ToList();
        var redeemed = redemptions.ToLookup(e => e.Offer!.Value, e => e.User);
        var offers = EvaluateCommand.Values(journey.Offers(), "coupons", screen).ToLookup(o => o.Campaign);
        var targets = Targets(journey).ToLookup(t => t.Campaign, t => t.User);
        var campaigns = EvaluateCommand.Values(journey.Campaigns(), "campaigns", screen).ConvertAll(c =>
        {
            var used = offers[c.Id].SelectMany(o => redeemed[o.Id].Select(user => (user, o.Id))).GroupBy(p => p.user)
                .ToDictionary(g => g.Key, IReadOnlySet<OfferId> (g) => g.Select(p => p.Id).ToHashSet());
            return new PastOffers(c, [.. offers[c.Id]], targets[c.Id].Concat(used.Keys).ToHashSet(), used);
        });
        return new(
            [.. EvaluateCommand.Values(journey.Purchases(), "purchases", screen), .. redemptions],
            new CatalogIndex(EvaluateCommand.Values(journey.Items(), "products", screen).Select(Branded)),
            EvaluateCommand.Values(journey.Users(), "households", screen), campaigns);
    }

    // The data's brand only tells the shop's own products from all others; its makers are what coupons are about.
    private static Item Branded(Item item) =>
        item.Attributes.TryGetValue("manufacturer", out var maker) ? item with { Brand = maker } : item;

    private static IEnumerable<(CampaignId Campaign, UserId User)> Targets(CompleteJourney journey)
    {
        using var file = ImportFile.Open(journey.PathOf("campaigns"));
        foreach (var row in new Csv().Read(file.Text, ["campaign_id", "household_id"]).Select(o => o.Value).OfType<Row>())
        {
            if (IdRules.IsValid(row["campaign_id"]) && IdRules.IsValid(row["household_id"]))
            {
                yield return (new(CompleteJourneyMaps.CampaignId(row["campaign_id"])), new(row["household_id"]));
            }
        }
    }

    private static void Show(IAnsiConsole console, ResponseReport report)
    {
        console.WriteLine();
        var campaigns = string.Join(", ", report.Campaigns.Select(c => $"{c.Id} ({c.Cases})"));
        console.WriteLine($"{report.Protocol}: {report.Offers:N0} offers, {report.Redeemed:N0} used, {report.Cases} cases"
            + (campaigns.Length > 0 ? $" of {campaigns}" : "") + $"; {report.Seconds:F0} s in all");
        console.Write(Screen.Grid(
            [
                "model", "#AUC", "#95 %", "#AP", "#log loss", "#ECE", "#HR@10", "#NDCG@10", "#MAP", "#95 %", "#above own",
                "#above logistic", "#times the brief", "#seconds",
            ],
            report.Rows.Select(r => new[]
            {
                r.Name, $"{r.Auc.Value:F4}", Range(r.Auc), $"{r.AveragePrecision:F4}", $"{r.LogLoss:F4}", $"{r.CalibrationError:F4}",
                Cases(report, r.HitRate10), Cases(report, r.Ndcg10), Cases(report, r.Map.Value), Range(r.Map), Range(r.AboveOwn), Range(r.AboveLogistic),
                Range(r.OverBrief), $"{r.Seconds:F1}",
            })));
    }

    private static string Cases(ResponseReport report, double value) => report.Cases > 0 ? $"{value:F4}" : "";

    private static string Range(Interval? interval) => interval is null || double.IsNaN(interval.Low) ? "" : $"{interval.Low:F3} to {interval.High:F3}";
}
