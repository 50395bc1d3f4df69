using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>What an answer costs on one core: the search for candidates, their scores, and the steps that keep a user's
/// state. All of a group are measured in turns, in one run.</summary>
internal static class RankingBenchmark
{
    private const int WarmUps = 20;

    public static int Run(Arguments args)
    {
        var (rounds, seed) = (args.Number("--rounds", 30), args.Number("--seed", 1));
        var (offers, rank) = (args.Number("--offers", 10_000), args.Number("--rank", 64));
        var (count, candidates) = (args.Number("--count", 10), args.Number("--candidates", 200));
        var hidden = args.Number("--hidden", 32);
        var (first, second) = (args.Number("--first", 64), args.Number("--second", 32));
        using var scan = new ScanBenchmark(offers, rank, count, seed);
        using var score = new ScoreBenchmark(new(rank, seed), offers, candidates, hidden, first, second);
        scan.Check();
        var (gru, convolution) = (score.Encoder(ResponseEncoder.Gru), score.Encoder(ResponseEncoder.Convolution));
        List<(string What, List<Measured> All)> groups =
        [
            ($"top {count} of {offers:N0} offers, width {rank}", scan.Measured()),
            ($"scores of {candidates} candidates of {offers:N0}", score.Scores()),
            ("one event, recurrent unit", gru.Step),
            ("replay of 64 events, recurrent unit", gru.Replay),
            ("one event, convolution", convolution.Step),
            ("replay of 64 events, convolution", convolution.Replay),
        ];
        var title = $"One core, one thread; seed {seed}; {rounds} rounds in turns; hidden layers of {first} and {second}, "
            + $"encoders of {hidden}";
        Console.WriteLine(title);
        groups.ForEach(group => Measure(group.All, rounds));
        var table = Tabulate(groups);
        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "ranking.md"),
                $"{title}\n\nMeasured with `CouponGrains.Benchmarks ranking --out docs/measured`.");
            Charts.Bars(
                Path.Combine(folder, "ranking.svg"), $"{groups[0].What}: microseconds on one core",
                [.. Ours(groups[0].All).Select(m => (m.Name, m.Median))]);
        }

        return 0;
    }

    private static void Measure(List<Measured> all, int rounds)
    {
        all.ForEach(one => one.WarmUp(WarmUps));
        for (var round = 0; round < rounds; round++)
        {
            all.ForEach(one => one.Run());
        }
    }

    private static Table Tabulate(List<(string What, List<Measured> All)> groups)
    {
        var table = new Table(["measured", "with", "#median µs", "#least µs", "#times the first", "#bytes allocated"]);
        foreach (var (what, all) in groups)
        {
            foreach (var one in all)
            {
                table.Add(one == all[0] ? what : "", one.Name, $"{one.Median:F2}", $"{one.Least:F2}",
                    $"{one.Median / all[0].Median:F2}", one.Bytes is { } bytes ? $"{bytes:N0}" : "");
            }
        }

        return table;
    }

    /// <summary>Ours first, for the chart.</summary>
    private static IEnumerable<Measured> Ours(List<Measured> all) => all.OrderByDescending(one => one.Name == "ours");
}
