using System.Diagnostics;
using System.Globalization;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>The behaviour matrix from a stream of events that is never held: gathered, built and transposed, with the
/// time of each step and the most memory that the process had at once. With a held-out part, its earlier part is built
/// and transposed before.</summary>
internal static class MatrixBenchmark
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static int Run(string[] args)
    {
        double Option(string name, double otherwise) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length
            ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

        var (users, items) = ((int)Option("--users", 1_000_000), (int)Option("--items", 100_000));
        var entries = (long)Option("--entries", 100_000_000);
        var events = (long)(entries * Math.Max(1, Option("--events-per-entry", 1.2)));
        if (users < 1 || items < 1 || entries < 1 || entries > (long)users * items)
        {
            Console.Error.WriteLine("At least one user, item and entry; at most users x items entries.");
            return 2;
        }

        Console.WriteLine($"{users:N0} users x {items:N0} items, {entries:N0} entries, {events:N0} events, "
            + $"{Environment.ProcessorCount} cores");
        var heldOut = Option("--hold-out", 0);
        var split = heldOut > 0 ? Start.AddSeconds((1 - heldOut) * events) : DateTimeOffset.MaxValue;
        var behaviour = new BehaviourAccumulator(new(), split);
        Step("gather", events, "events", () =>
        {
            foreach (var e in Stream(users, items, entries, events))
            {
                behaviour.Add(e);
            }
        });
        if (heldOut > 0)
        {
            // As a training run does for its metrics, while it holds the sums of both parts.
            Step("earlier", (long)(entries * (1 - heldOut)), "entries",
                () => behaviour.EarlierMatrix(default).Entries.Transpose().Rows);
        }

        var matrix = Step("build", entries, "entries", () => behaviour.TakeMatrix(default));
        Step("transpose", entries, "entries", matrix.Entries.Transpose);
        Console.WriteLine($"{matrix.Entries.NonZeros:N0} entries in {matrix.Users.Count:N0} rows and "
            + $"{matrix.Items.Count:N0} columns; at most {PeakMegabytes():N0} MB of memory");
        GC.KeepAlive(matrix);
        return matrix.Entries.NonZeros == entries ? 0 : 1;
    }

    // One event a second. Event n is on pair n·c mod entries with c prime to it, so that each pair has come once after
    // as many events as there are pairs, and users and items come in no order. Pair p is the user p mod users and, in
    // his row, the item at place p / users, counted from an item of his own.
    private static IEnumerable<UserEvent> Stream(int users, int items, long entries, long events)
    {
        var userIds = Enumerable.Range(0, users).Select(i => new UserId($"user-{i}")).ToArray();
        var itemIds = Enumerable.Range(0, items).Select(i => new ItemId($"item-{i}")).ToArray();
        var stride = CoprimeFrom((long)(entries * 0.618_033_988_7), entries);
        EventKind[] kinds = [EventKind.View, EventKind.View, EventKind.Cart, EventKind.Purchase];
        var pair = 0L;
        for (var n = 0L; n < events; n++)
        {
            var (user, place) = ((int)(pair % users), pair / users);
            yield return new()
            {
                Id = new("e"), User = userIds[user], Kind = kinds[n % kinds.Length], At = Start.AddSeconds(n),
                Item = itemIds[(int)(((user * 7_919L) + place) % items)],
            };
            pair = (pair + stride) % entries;
        }
    }

    // The least number from this one on that has no divisor in common with the other.
    private static long CoprimeFrom(long from, long with)
    {
        static long Divisor(long a, long b) => b == 0 ? a : Divisor(b, a % b);
        var number = Math.Max(1, from);
        while (Divisor(number, with) != 1)
        {
            number++;
        }

        return number;
    }

    private static void Step(string name, long count, string what, Action work) =>
        Step(name, count, what, () =>
        {
            work();
            return 0;
        });

    private static T Step<T>(string name, long count, string what, Func<T> work)
    {
        var begin = Stopwatch.GetTimestamp();
        var result = work();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Console.WriteLine($"{name,-10}{seconds,8:F1} s {count / seconds / 1e6,8:F2} million {what}/s"
            + $"{PeakMegabytes(),8:N0} MB at most so far");
        return result;
    }

    // Linux's own count of the most resident memory; elsewhere what the runtime knows.
    private static long PeakMegabytes()
    {
        const string Status = "/proc/self/status", Peak = "VmHWM:";
        var line = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Peak, StringComparison.Ordinal)) : null;
        return line is null
            ? Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000
            : long.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
                * 1_024 / 1_000_000;
    }
}
