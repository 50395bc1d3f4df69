using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>How time and memory grow with the entries: the same items, ten times the users each time. Each size is a
/// process of its own, so that its peak of memory is its own.</summary>
internal static class SvdGrowth
{
    private static readonly int[] Sizes = [1_000_000, 10_000_000, 100_000_000];

    public static int Run(Arguments args)
    {
        var (items, rank, seed) = (args.Number("--items", 26_744), args.Number("--rank", 64), args.Number("--seed", 1));
        var points = Sizes.Where(size => size <= args.Number("--largest", Sizes[^1]))
            .Select(entries => Measure(entries, items, rank, seed)).ToList();
        var first = points[0];
        var table = new Table(["#entries", "#users", "#s", "#passes", "#ns/entry/pass", "#time ratio per entry", "#peak MB"]);
        foreach (var p in points)
        {
            table.Add($"{p.Entries:N0}", $"{p.Users:N0}", $"{p.Seconds:F2}", $"{p.Passes}", $"{p.PerEntry:F2}",
                $"{p.Seconds / p.Entries / (first.Seconds / first.Entries):F2}", $"{p.PeakMegabytes:N0}");
        }

        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "svd-growth.md"),
                $"{items:N0} items, rank {rank}, seed {seed}, {Environment.ProcessorCount} cores; the fastest of several runs");
            Charts.Growth(Path.Combine(folder, "svd-growth.svg"),
                points.ConvertAll(p => (p.Entries, p.Seconds, p.PeakMegabytes)));
        }

        return 0;
    }

    /// <summary>One size, told as JSON on standard output.</summary>
    public static int RunOne(Arguments args)
    {
        var entries = args.Number("--entries", Sizes[0]);
        var users = Math.Max(100, entries / 68);
        var matrix = GeneratedBehaviour.Make(users, args.Number("--items", 26_744), entries, args.Number("--seed", 1));
        var options = new SvdOptions { Rank = args.Number("--rank", 64) };
        var (least, passes) = (double.MaxValue, 0);
        var warm = Stopwatch.GetTimestamp();
        for (var round = 0; round < 3 || Stopwatch.GetElapsedTime(warm).TotalSeconds < 6; round++)
        {
            var begin = Stopwatch.GetTimestamp();
            passes = TruncatedSvd.Decompose(matrix, options, default).Iterations;
            least = Math.Min(least, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        var peak = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        Console.WriteLine(JsonSerializer.Serialize(new Point(matrix.NonZeros, users, least, passes, peak)));
        return 0;
    }

    private static Point Measure(int entries, int items, int rank, int seed)
    {
        Console.Error.WriteLine($"{entries:N0} entries");
        string[] arguments = ["svd-one", "--entries", Text(entries), "--items", Text(items), "--rank", Text(rank), "--seed", Text(seed)];
        using var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Point>(output)!
            : throw new InvalidOperationException($"The size of {entries} ended with {process.ExitCode}.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Point(long Entries, int Users, double Seconds, int Passes, long PeakMegabytes)
    {
        public double PerEntry => Seconds * 1e9 / Entries / Passes;
    }
}
