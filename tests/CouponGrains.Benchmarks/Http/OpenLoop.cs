using System.Diagnostics;

namespace CouponGrains.Benchmarks.Http;

/// <summary>Requests that are sent when their time has come, whether those before were answered or not. The time of each
/// counts from when it was meant to be sent, so that a server that stalls does not slow its measuring down.</summary>
internal static class OpenLoop
{
    /// <summary>Asks for addresses at an even rate and answers the time of each, ascending.</summary>
    public static async Task<TimeSpan[]> Run(HttpClient http, Func<int, string> address, double perSecond, TimeSpan length)
    {
        var count = (int)(perSecond * length.TotalSeconds);
        var (times, asked) = (new TimeSpan[count], new List<Task>(count));
        var begun = Stopwatch.GetTimestamp();
        for (var number = 0; number < count;)
        {
            var due = (int)Math.Min(count, Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond);
            for (; number < due; number++)
            {
                asked.Add(Ask(number, begun + (long)(number / perSecond * Stopwatch.Frequency)));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        await Task.WhenAll(asked);
        Array.Sort(times);
        return times;

        async Task Ask(int number, long meant)
        {
            using var answer = await http.GetAsync(address(number));
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            times[number] = Stopwatch.GetElapsedTime(meant);
        }
    }
}
