using System.Diagnostics;

namespace CouponGrains.Benchmarks.Cluster;

/// <summary>What one way of asking reached, measured once.</summary>
/// <param name="Calls">Answers.</param>
/// <param name="Took">From the first question to the last answer.</param>
/// <param name="Times">Time of each, ascending.</param>
/// <param name="Used">Processor time of each process meanwhile.</param>
internal sealed record CallLeg(int Calls, TimeSpan Took, long[] Times, TimeSpan[] Used)
{
    public double PerSecond => Calls / Took.TotalSeconds;

    /// <summary>The time that a share of the calls exceeded not.</summary>
    public TimeSpan Quantile(double share) => Stopwatch.GetElapsedTime(0, Times[(int)(share * (Times.Length - 1))]);
}

/// <summary>Clients that each ask again as soon as they are answered.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs for a time.</summary>
    /// <param name="clients">So many at a time.</param>
    /// <param name="length">So long.</param>
    /// <param name="processes">Whose processor time is read.</param>
    /// <param name="call">A call, by its number.</param>
    public static async Task<CallLeg> Run(
        int clients, TimeSpan length, Func<IReadOnlyList<TimeSpan>> processes, Func<int, Task> call)
    {
        var before = processes();
        var begun = Stopwatch.GetTimestamp();
        var until = begun + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var mine = new List<long>(1 << 14);
            for (var (number, now) = (client, Stopwatch.GetTimestamp()); now < until; number += clients)
            {
                await call(number);
                var after = Stopwatch.GetTimestamp();
                mine.Add(after - now);
                now = after;
            }

            return mine;
        })));
        var took = Stopwatch.GetElapsedTime(begun);
        var used = processes().Zip(before, (after, earlier) => after - earlier).ToArray();
        long[] all = [.. times.SelectMany(mine => mine)];
        Array.Sort(all);
        return new(all.Length, took, all, used);
    }
}
