using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>The round trip that a shopper feels, over HTTP in a running process: an event is sent, and the offers are
/// asked for until they differ from what they were. One request at a time.</summary>
internal static class LoopBenchmark
{
    private const int AttemptsMax = 100;

    public static async Task<int> Run(string[] arguments)
    {
        var address = arguments is [var given, ..] ? given : "http://127.0.0.1:8080";
        var rounds = arguments is [_, var number, ..] ? int.Parse(number) : 300;
        using var http = new HttpClient { BaseAddress = new(address), Timeout = TimeSpan.FromSeconds(10) };
        var users = await Users(http);
        if (users.Count == 0)
        {
            await Console.Error.WriteLineAsync("Nobody there has offers and a past; start the sample shop first.");
            return 1;
        }

        await Measure(http, users, rounds / 4);
        var (whole, events, asked) = await Measure(http, users, rounds);
        Console.WriteLine(
            $"{rounds} round trips over {users.Count} users, one at a time: event sent to changed offers answered");
        Print("event", events);
        Print("whole", whole);
        Console.WriteLine($"  offers asked {asked / (double)rounds:F2} times for each event until they had changed");
        return whole[whole.Count / 2] < 50 ? 0 : 1;
    }

    private static async Task<(List<double> Whole, List<double> Events, int Asked)> Measure(
        HttpClient http, IReadOnlyList<(string User, string Item)> users, int rounds)
    {
        var (whole, events, asked) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            var (user, item) = users[round % users.Count];
            var before = await Offers(http, user);
            var body = new
            {
                id = Guid.NewGuid().ToString("N"), user, kind = "view", item, at = TimeProvider.System.GetUtcNow(),
            };
            var began = Stopwatch.GetTimestamp();
            using var recorded = await http.PostAsJsonAsync("/v1/events", body);
            recorded.EnsureSuccessStatusCode();
            events.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            var attempt = 0;
            do
            {
                asked++;
                if (++attempt > AttemptsMax)
                {
                    throw new InvalidOperationException($"The offers of {user} did not change after an event.");
                }
            }
            while (await Offers(http, user) == before);
            whole.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        whole.Sort();
        events.Sort();
        return (whole, events, asked);
    }

    /// <summary>Users with offers by their own taste, each with an item of his past.</summary>
    private static async Task<IReadOnlyList<(string User, string Item)>> Users(HttpClient http)
    {
        var found = new List<(string, string)>();
        var page = await http.GetFromJsonAsync<JsonElement>("/v1/users?limit=100");
        foreach (var entry in page.GetProperty("data").EnumerateArray())
        {
            var id = entry.GetProperty("id").GetString()!;
            var offers = await http.GetFromJsonAsync<JsonElement>($"/v1/users/{Uri.EscapeDataString(id)}/offers");
            var profile = await http.GetFromJsonAsync<JsonElement>($"/v1/users/{Uri.EscapeDataString(id)}");
            var items = profile.GetProperty("recent").EnumerateArray()
                .Where(e => e.TryGetProperty("item", out _)).Select(e => e.GetProperty("item").GetString()!).ToList();
            if (offers.GetProperty("personal").GetBoolean() && offers.GetProperty("offers").GetArrayLength() > 0
                && items.Count > 0)
            {
                found.Add((id, items[^1]));
            }
        }

        return found;
    }

    private static async Task<string> Offers(HttpClient http, string user) =>
        await http.GetStringAsync($"/v1/users/{Uri.EscapeDataString(user)}/offers?count=10");

    private static void Print(string what, List<double> sorted) => Console.WriteLine(
        $"  {what}  median {sorted[sorted.Count / 2]:F1} ms, p95 {sorted[sorted.Count * 95 / 100]:F1} ms, "
        + $"largest {sorted[^1]:F1} ms");
}
