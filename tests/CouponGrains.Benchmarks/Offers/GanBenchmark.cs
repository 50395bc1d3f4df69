using System.Diagnostics;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Benchmarks.Offers;

/// <summary>One epoch of the network that designs offers, ours and the same in Python's torch, in turns: the same
/// layers, blocks, batch, critic steps, penalty, optimizer and running mean, one thread each, on designs of the same
/// shape.</summary>
internal static class GanBenchmark
{
    private const int Conditions = 3;
    private const int Warm = 3;

    // Kinds, categories, redeemed or not, depths, minimum spends, days, prices: each a choice, as few values are.
    private static readonly int[] Widths = [8, 12, 2, 10, 6, 4, 20];

    public static int Run(Arguments args)
    {
        var (rows, epochs) = (args.Number("--designs", 1_024), args.Number("--epochs", 30));
        var (batch, rounds, seed) = (args.Number("--batch", 64), args.Number("--rounds", 5), args.Number("--seed", 1));
        var designs = Designs(rows, new(seed));
        var (python, reason) = PythonGan.Find();
        var title = $"{rows:N0} designs of {Widths.Sum()} numbers, batch {batch}, {rows / batch} steps an epoch, seed {seed}, "
            + $"one thread each, {rounds} rounds of {epochs} epochs in turns, {reason}";
        Console.WriteLine(python is null ? $"torch in Python is left out: {reason}" : title);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.AddRange(Ours(designs, epochs, batch, seed + round));
            theirs.AddRange(python?.Run(rows, epochs, batch, Conditions, seed + round, Widths)[Warm..] ?? []);
        }

        var table = new Table(["network", "#median ms an epoch", "#least ms", "#most ms", "#times ours"]);
        Add(table, "ours", ours, ours);
        if (theirs.Count > 0)
        {
            Add(table, "the same in Python's torch", theirs, ours);
        }

        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "gan.md"), $"{title}\n\nMeasured with `CouponGrains.Benchmarks gan --out docs/measured`.");
        }

        return 0;
    }

    // From one report to the next, the first epochs left out, while the runtime compiles.
    private static double[] Ours(IReadOnlyList<JudgedDesign> designs, int epochs, int batch, int seed)
    {
        var (times, last) = (new List<double>(), Stopwatch.GetTimestamp());
        JudgedGenerator.Train(designs, new() { Epochs = epochs, Batch = batch, Seed = seed, Device = OfferGanDevice.Cpu },
            (_, _) =>
            {
                times.Add(Stopwatch.GetElapsedTime(last).TotalSeconds);
                last = Stopwatch.GetTimestamp();
            }, default);
        return [.. times.Skip(Warm)];
    }

    private static void Add(Table table, string name, List<double> seconds, List<double> ours) => table.Add(
        name, $"{1_000 * Median(seconds):F1}", $"{1_000 * seconds.Min():F1}", $"{1_000 * seconds.Max():F1}",
        $"{Median(seconds) / Median(ours):F2}");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static List<JudgedDesign> Designs(int count, Random random)
    {
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            // The first rows go through all values, so that the widths are what they are meant to be.
            int[] at = [.. Widths.Select(w => i < Widths.Max() ? i % w : random.Next(w))];
            return new JudgedDesign
            {
                Kind = (OfferKind)(1 + at[0]), Category = $"category {at[1]}", Redeemed = at[2] == 1,
                Depth = at[3] / 20.0, MinimumSpend = 10 * at[4], ValidDays = 1 + (7 * at[5]), Price = 1 + at[6],
                Condition = $"condition {i % Conditions}",
            };
        })];
    }
}
