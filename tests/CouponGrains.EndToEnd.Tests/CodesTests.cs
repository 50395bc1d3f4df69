using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CouponGrains.Storage.Tests.Postgres;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>Codes made in advance by a real silo on PostgreSQL, which is killed meanwhile. COUPONGRAINS_CODES says how
/// many; the measured million is this test.</summary>
public sealed class CodesTests(ITestOutputHelper output)
{
    private const string Batch = "leaflet";
    private const int Kills = 2;

    private static readonly int Wanted =
        Environment.GetEnvironmentVariable("COUPONGRAINS_CODES") is { } text ? int.Parse(text) : 90_000;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    [Fact]
    public async Task Killed_in_the_midst_the_job_goes_on_by_itself_and_makes_each_code_once()
    {
        var server = await SharedPostgres.Server;
        var database = await server.TakeDatabase();
        using var store = new StoreReader(server.Connection(database));
        using var place = new HostPlace();
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var run = await Start(place, server.Connection(database));
            if (kill == 1)
            {
                await Shopping.Open(run.Http);
                await Order(run.Http);
            }

            await Made(store, run, kill * Wanted / (Kills + 1));
            await run.Kill();
            var made = store.Number("SELECT made FROM code_batches");
            Say($"killed with {made} of {Wanted} codes made");
            Assert.InRange(made, 1, Wanted - 1);
            Assert.Equal(made, store.Number("SELECT count(*) FROM codes"));
        }

        await using (var run = await Start(place, server.Connection(database)))
        {
            await Made(store, run, Wanted);
            Say("made");
            Assert.Equal([(long)Wanted, (long)Wanted, 1, Wanted], store.Rows("""
                SELECT count(*), count(DISTINCT upper(code)), min(number), max(number) FROM codes
                """).Single());
            var codes = (await run.Http.GetStringAsync($"/v1/campaigns/{Shopping.Campaign}/codes/{Batch}/file"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Say("fetched");
            Assert.Equal((Wanted, Wanted), (codes.Length, codes.Distinct().Count()));
            await Order(run.Http); // The same order again makes none.
            await Use(run.Http, codes[Wanted / 2]);
            Assert.Equal(Wanted, store.Number("SELECT count(*) FROM codes"));
        }

        store.Dispose();
        await server.GiveBack(database);
    }

    private static async Task<HostRun> Start(HostPlace place, string connection)
    {
        var run = HostRun.Start(place, ("--roles", "serve"), ("--connection", connection));
        Assert.True(await run.WaitForAnswer(), run.All);
        return run;
    }

    private static async Task Order(HttpClient http)
    {
        using var ordered = await http.PostAsJsonAsync($"/v1/campaigns/{Shopping.Campaign}/codes",
            new { name = Batch, offer = Shopping.Offer, count = Wanted });
        await Shopping.Is(HttpStatusCode.Accepted, ordered);
    }

    /// <summary>Waits, without a word to the silo, until so many are made.</summary>
    private static async Task Made(StoreReader store, HostRun run, int count)
    {
        var watch = Stopwatch.StartNew();
        while (store.Number("SELECT made FROM code_batches") < count)
        {
            Assert.False(run.HasExited, run.All);
            Assert.True(watch.Elapsed < HostRun.Patience, $"Not {count} codes in {HostRun.Patience}:\n{run.All}");
            await Task.Delay(5);
        }
    }

    private static async Task Use(HttpClient http, string code)
    {
        using var claimed = await http.PostAsJsonAsync($"/v1/coupons/{code}/claim", new { user = "ann" });
        await Shopping.Is(HttpStatusCode.OK, claimed);
        Assert.Equal(HttpStatusCode.Created, await Shopping.Redeem(http, "ann", code, "order-1"));
        using var progress = JsonDocument.Parse(
            await http.GetStringAsync($"/v1/campaigns/{Shopping.Campaign}/codes/{Batch}"));
        Assert.Equal((Wanted, 1), (progress.RootElement.GetProperty("made").GetInt32(),
            progress.RootElement.GetProperty("claimed").GetInt32()));
    }

    private void Say(string text)
    {
        text = $"{_watch.Elapsed.TotalSeconds:F1} s: {text}";
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
