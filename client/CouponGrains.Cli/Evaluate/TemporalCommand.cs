using System.Globalization;
using CouponGrains.Cli.Import;
using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;
using CouponGrains.Storage.Import;
using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Models;

namespace CouponGrains.Cli.Evaluate;

/// <summary><c>coupons evaluate temporal --events FILE</c>: learn from the events before an instant, rank for each
/// user, look at what he bought after it.</summary>
internal static class TemporalCommand
{
    private const int UsersMax = 20_000;

    private static readonly Option<string> Events = new("--events")
    {
        Description = "File of events, as import events takes it", Required = true,
    };

    private static readonly Option<string?> Split = new("--split")
    {
        Description = "The instant that the test part begins with, as 2011-09-01 or 2011-09-01T12:00:00Z",
    };

    private static readonly Option<double?> HoldOut = new("--hold-out")
    {
        Description = "Instead of --split: the share of newest events that are the test part (0.2)",
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Seed of the sample of users, where there are too many", DefaultValueFactory = _ => 1,
    };

    public static Command Build() => Verb.Offline(
        "temporal", "Rank what users bought after an instant by what they did before it",
        [Events, ImportCommand.Map, ImportCommand.Columns, Split, HoldOut, Seed], Run);

    private static Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var trace = Read(parsed, screen, cancel);
        var until = Until(parsed, trace);
        var all = TemporalRanking.Of(trace, new BehaviourWeights(), until, DateTimeOffset.MaxValue);
        if (all.Users.Length == 0)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                $"Nobody who is known at the split, {Text(until)}, bought anything after it.");
        }

        var options = new RankingEvaluationOptions { Seed = parsed.GetValue(Seed) };
        var test = all.Sample(UsersMax, options.Seed);
        screen.Note($"up to {Text(until)}: {test.Train.Rows} users, {test.Train.Columns} items,"
            + $" {test.Train.NonZeros} entries; after it {all.Users.Length} of the users bought");
        var report = RankingEvaluation.Run(test, options, new Notes(screen), cancel);
        screen.Result(Document(report, test, trace, until), console => Show(console, report, until));
        return Task.CompletedTask;
    }

    private static BehaviourTrace Read(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var path = parsed.GetValue(Events)!;
        var map = ImportCommand.EventsMap(parsed);
        using var file = ImportFile.Open(path);
        var (trace, read, refused) = (new BehaviourTrace(), 0L, new SortedDictionary<string, long>());
        string? first = null;
        foreach (var (line, e, refusal) in map.Read(file.Text, path, TimeProvider.System.GetUtcNow()))
        {
            cancel.ThrowIfCancellationRequested();
            if (e is null)
            {
                first ??= $"line {line}: {refusal!.Detail}";
                refused[refusal!.Code] = refused.GetValueOrDefault(refusal.Code) + 1;
                continue;
            }

            read++;
            trace.Add(e);
        }

        screen.Note($"{read:N0} events read{string.Concat(refused.Select(r => $", {r.Value:N0} refused ({r.Key})"))}");
        return trace.Count > 0 ? trace : throw new RefusedException(RefusalCodes.TooLittleData,
            $"{path} has no event that tells of an item{(first is null ? "" : $"; the first row refused is {first}")}");
    }

    // The last instant of the training part.
    private static DateTimeOffset Until(ParseResult parsed, BehaviourTrace trace)
    {
        var until = (parsed.GetValue(Split), parsed.GetValue(HoldOut)) switch
        {
            (not null, not null) => throw new RefusedException(
                RefusalCodes.InvalidValue, "Give --split or --hold-out, not both."),
            ({ } text, null) => Instant(text).AddTicks(-1),
            (null, var share) when share is null or (> 0 and < 1) => trace.Split(share ?? 0.2, DateTimeOffset.MaxValue),
            (_, var share) => throw new RefusedException(RefusalCodes.InvalidValue,
                $"--hold-out must lie between 0 and 1, but was {share}."),
        };
        return trace.Oldest <= until && until < trace.Newest
            ? until
            : throw new RefusedException(RefusalCodes.TooLittleData, $"The split at {Text(until)} leaves a part empty:"
                + $" the events go from {Text(trace.Oldest)} to {Text(trace.Newest)}.");
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
        && at > DateTimeOffset.MinValue
        ? at
        : throw new RefusedException(RefusalCodes.DateOutOfRange,
            $"--split '{text}' is not a time; write 2011-09-01 or 2011-09-01T12:00:00Z.");

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static void Show(IAnsiConsole console, RankingReport report, DateTimeOffset until)
    {
        console.Write(Screen.Grid(
            [
                "model", "#HR@10", "#NDCG@10", "#Recall@20", "#new: HR@10", "#NDCG@10", "#Recall@20", "#seconds",
                "#choosing options",
            ],
            report.Rows.Select(r => new[]
            {
                r.Name, $"{r.Figures.Hits:F4}", $"{r.Figures.Ndcg:F4}", $"{r.Figures.Recall:F4}",
                $"{r.NewItems!.Hits:F4}", $"{r.NewItems.Ndcg:F4}", $"{r.NewItems.Recall:F4}", $"{r.Seconds:F1}", $"{r.SearchSeconds:F1}",
            })));
        console.WriteLine($"Learned up to {Text(until)}. {report.Users} users bought after it,"
            + $" {report.NewItemsUsers} of them what was new to them. {report.Seconds:F0} s in all. Chosen on the time before: {report.Chosen}");
    }

    private static object Document(
        RankingReport report, TemporalRanking test, BehaviourTrace trace, DateTimeOffset until) => new
    {
        learnedUntil = until,
        events = new { count = trace.Count, oldest = trace.Oldest, newest = trace.Newest },
        train = new { users = test.Train.Rows, items = test.Train.Columns, entries = test.Train.NonZeros },
        users = report.Users,
        usersWithNewItems = report.NewItemsUsers,
        models = report.Rows.Select(r => new
        {
            name = r.Name,
            allItems = Figures(r.Figures),
            newItems = Figures(r.NewItems!),
            seconds = r.Seconds,
            searchSeconds = r.SearchSeconds,
            fitSeconds = r.FitSeconds,
            rankSeconds = r.RankSeconds,
        }),
        chosen = report.Chosen,
        chosenOn = "the newest fifth of the events before the split",
        seconds = report.Seconds,
        peakMegabytes = System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
    };

    private static Dictionary<string, double> Figures(RankingFigures figures) => new()
    {
        ["HR@10"] = figures.Hits, ["NDCG@10"] = figures.Ndcg, ["Recall@20"] = figures.Recall,
    };
}
