using CouponGrains.Training.Evaluation;

namespace CouponGrains.Cli.Evaluate;

/// <summary><c>coupons evaluate ncf|graph --data DIR</c>: popularity, plain SVD and our spectral model on a published
/// protocol.</summary>
internal static class RankingCommand
{
    private static readonly Option<string> Data = new("--data") { Description = "Folder of the protocol's files", Required = true };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Seed of the validation part that our options are chosen on", DefaultValueFactory = _ => 1,
    };

    public static Command Ncf() => Verb.Offline("ncf", "Rank each user's last item among sampled ones (NCF protocol)", [Data, Seed],
        (parsed, screen, cancel) => Run(parsed, screen, InteractionFiles.Ncf, "HR@10", "NDCG@10", cancel));

    public static Command Graph() => Verb.Offline("graph", "Rank all items for each user (protocol of graph models)", [Data, Seed],
        (parsed, screen, cancel) => Run(parsed, screen, InteractionFiles.Graph, "Recall@20", "NDCG@20", cancel));

    private static Task Run(
        ParseResult parsed, Screen screen, Func<string, HeldOutRanking> read, string hits, string ndcg, CancellationToken cancel)
    {
        var test = read(parsed.GetValue(Data)!);
        screen.Note($"{test.Train.Rows} users, {test.Train.Columns} items, {test.Train.NonZeros} training entries");
        var options = new RankingEvaluationOptions { Seed = parsed.GetValue(Seed) };
        var report = RankingEvaluation.Run(test, options, new Notes(screen), cancel);
        screen.Result(Document(report, hits, ndcg, options), console =>
        {
            console.Write(Screen.Grid(
                ["model", $"#{hits}", $"#{ndcg}", "#seconds", "#choosing options", "#fitting", "#ranking"],
                report.Rows.Select(r => new[]
                {
                    r.Name, $"{r.Figures.Hits:F4}", $"{r.Figures.Ndcg:F4}", $"{r.Seconds:F1}", $"{r.SearchSeconds:F1}",
                    $"{r.FitSeconds:F1}", $"{r.RankSeconds:F1}",
                })));
            console.WriteLine($"{report.Users} test users, {report.Seconds:F0} s in all. Chosen on held-out training entries: {report.Chosen}");
        });
        return Task.CompletedTask;
    }

    private static object Document(RankingReport report, string hits, string ndcg, RankingEvaluationOptions options) => new
    {
        metrics = new[] { hits, ndcg },
        users = report.Users,
        models = report.Rows.Select(r => new
        {
            name = r.Name,
            figures = new Dictionary<string, double> { [hits] = r.Figures.Hits, [ndcg] = r.Figures.Ndcg },
            seconds = r.Seconds,
            searchSeconds = r.SearchSeconds,
            fitSeconds = r.FitSeconds,
            rankSeconds = r.RankSeconds,
        }),
        chosen = report.Chosen,
        chosenOn = $"held-out training entries, {report.ValidationUsers} cases, seed {options.Seed}",
        seconds = report.Seconds,
        peakMegabytes = System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
    };
}
