using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Storage.Import;
using CouponGrains.Training.Evaluation;

namespace CouponGrains.Cli.Evaluate;

/// <summary><c>coupons evaluate coupons --data DIR</c>: ranks past campaigns' coupons for those who redeemed.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Data = new("--data") { Description = "Folder of the Complete Journey's files", Required = true };

    private static readonly Option<int> Resamples = new("--resamples")
    {
        Description = "Bootstrap resamples for the intervals", DefaultValueFactory = _ => 2_000,
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };

    public static Command Build() => Verb.Group(
        "evaluate", "Measure how well coupons and items are ranked, on files alone",
        RankingCommand.Ncf(),
        RankingCommand.Graph(),
        TemporalCommand.Build(),
        ResponseCommand.Build(),
        Verb.Offline("coupons", "Rank each past campaign's coupons for those who redeemed in it", [Data, Resamples, Seed], Run));

    private static Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var options = new CouponEvaluationOptions { Seed = parsed.GetValue(Seed), Resamples = Math.Max(0, parsed.GetValue(Resamples)) };
        var history = Read(parsed.GetValue(Data)!, screen);
        var result = CouponEvaluation.Run(history, options, new Notes(screen), cancel);
        screen.Result(Document(result), console =>
        {
            Show(console, "Reported: campaigns that nothing was tuned on", result.Reported);
            Show(console, "The earlier campaigns that our weights were tuned on", result.Tuned);
            Show(console, "All, to compare with published figures (flatters ours)", result.All);
            console.WriteLine($"ours = own entries + {result.Weights.LowPass} low-pass + {result.Weights.Category} category"
                + $" + {result.Weights.Popularity} popularity; ties by popularity, then by coupon id.");
            console.WriteLine($"spectral = {result.Spectral}");
            console.WriteLine($"Left out (no redemption, or nothing before them): {string.Join(", ", result.LeftOut)}");
        });
        return Task.CompletedTask;
    }

    /// <summary>The purchases, products and campaigns of a folder, as the evaluation takes them.</summary>
    private static CouponHistory Read(string folder, Screen screen)
    {
        var journey = new CompleteJourney(folder, TimeProvider.System.GetUtcNow());
        var redeemed = Values(journey.Redemptions(), "redemptions", screen).Where(e => e.Offer is not null)
            .GroupBy(e => e.Offer!.Value).ToDictionary(g => g.Key, g => g.Select(e => e.User).ToHashSet());
        var offers = Values(journey.Offers(), "coupons", screen).ToLookup(o => o.Campaign);
        var campaigns = Values(journey.Campaigns(), "campaigns", screen).ConvertAll(c => new PastCampaign(
            c.Id, c.Start, offers[c.Id].ToDictionary(o => o.Id, o => o.Scope.Items),
            offers[c.Id].Where(o => redeemed.ContainsKey(o.Id)).SelectMany(o => redeemed[o.Id].Select(user => (user, o.Id)))
                .GroupBy(p => p.user).ToDictionary(g => g.Key, IReadOnlySet<OfferId> (g) => g.Select(p => p.Id).ToHashSet())));
        return new(
            Values(journey.Purchases(), "purchases", screen), new CatalogIndex(Values(journey.Items(), "products", screen)), campaigns);
    }

    internal static List<T> Values<T>(IEnumerable<RowOutcome<T>> outcomes, string what, Screen screen)
        where T : class
    {
        var (values, refused) = (new List<T>(), new SortedDictionary<string, int>());
        foreach (var outcome in outcomes)
        {
            if (outcome.Value is { } value)
            {
                values.Add(value);
            }
            else
            {
                refused[outcome.Refusal!.Code] = refused.GetValueOrDefault(outcome.Refusal.Code) + 1;
            }
        }

        screen.Note($"{what}: {values.Count} read{string.Concat(refused.Select(r => $", {r.Value} refused ({r.Key})"))}");
        return values;
    }

    private static object Document(CouponEvaluationResult result) => new
    {
        protocol = "train before each campaign's start; rank its coupons for each user who redeemed in it; ties by popularity, then by id",
        reported = result.Reported,
        tuned = result.Tuned,
        all = result.All,
        weights = result.Weights,
        spectral = result.Spectral,
        leftOut = result.LeftOut,
    };

    private static void Show(IAnsiConsole console, string title, CouponTable table)
    {
        console.WriteLine();
        console.WriteLine($"{title}: {table.Cases} cases of {table.Campaigns.Count} campaigns ({string.Join(", ", table.Campaigns)})");
        console.Write(Screen.Grid(
            ["ranking", "#MAP", "#95 % interval", "#above own purchases", "#hit rate @10", "#NDCG @10", "#seconds"],
            table.Rows.Select(r => new[]
            {
                r.Name, $"{r.Map:F4}", $"{r.MapLow:F3} to {r.MapHigh:F3}", $"{r.AboveOwnLow:+0.000;-0.000} to {r.AboveOwnHigh:+0.000;-0.000}",
                $"{r.HitRate10:F3}", $"{r.Ndcg10:F3}", $"{r.Seconds:F2}",
            })));
    }
}
