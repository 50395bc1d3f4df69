using System.Diagnostics;
using System.Security.Cryptography;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>kill -9, again and again. The seed is printed; COUPONGRAINS_SEED repeats a run as far as clocks
/// allow.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int KillsAtStart = 8;
    private const int KillsInTraffic = 14;

    /// <summary>What the first start writes on its way, with the longest time to wait after it, in
    /// milliseconds.</summary>
    private static readonly (string Text, int Wait)[] Moments =
    [
        ("CouponGrains ·", 700), ("items ·", 200), ("campaigns ·", 200), ("purchases ·", 800), ("read:", 300),
        ("factorise:", 500), ("design:", 1_500), ("in force", 400),
    ];

    [Fact]
    public async Task Killed_at_random_moments_it_keeps_what_it_acknowledged_and_passes_no_limit()
    {
        var seed = Environment.GetEnvironmentVariable("COUPONGRAINS_SEED") is { } text
            ? int.Parse(text)
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        Say($"COUPONGRAINS_SEED={seed}");
        var random = new Random(seed);
        using var place = HostPlace.WithShop(seed);
        for (var kill = 0; kill < KillsAtStart; kill++)
        {
            await KillDuringStart(place, Moments[kill % Moments.Length], random);
        }

        var traffic = new Traffic(seed);
        for (var kill = 0; kill < KillsInTraffic; kill++)
        {
            await KillDuringTraffic(place, traffic, kill, random);
        }

        await using var run = HostRun.Start(place);
        await run.WaitFor("Ctrl-C ends it");
        using (var stop = new CancellationTokenSource())
        {
            var sending = traffic.Run(run.Http, KillsInTraffic, stop.Token);
            await Until(run, () => traffic.Count("budget_exhausted") > 0);
            await stop.CancelAsync();
            await sending;
        }

        await traffic.Replay(run.Http, 20);
        run.Interrupt();
        Assert.Equal(0, await run.WaitForEnd());

        using var store = new StoreReader(place);
        Audit.Check(store, traffic);
        Assert.Equal(SmallShop.Purchases, store.Number("SELECT count(*) FROM events WHERE kind = 4"));
        Assert.Equal(
            SmallShop.Redemptions, store.Number("SELECT count(*) FROM events WHERE kind = 13 AND coupon_code IS NULL"));
        Say($"{KillsAtStart + KillsInTraffic} kills; {traffic.Events.Count} events, {traffic.Issues.Count} coupons and "
            + $"{traffic.Redemptions.Count} redemptions acknowledged; answers: {traffic.Answers}");
        Assert.True(traffic.Redemptions.Count > 50, "Too few redemptions to tell anything.");
    }

    private async Task KillDuringStart(HostPlace place, (string Text, int Wait) moment, Random random)
    {
        await using var run = HostRun.Start(place);
        // A step that was done before says nothing any more; then the kill comes when the start is over.
        while (!run.Output.Contains(moment.Text, StringComparison.Ordinal)
            && !run.Output.Contains("Ctrl-C ends it", StringComparison.Ordinal))
        {
            Assert.False(run.HasExited, run.All);
            await Task.Delay(2);
        }

        var wait = random.Next(moment.Wait);
        await Task.Delay(wait);
        await run.Kill();
        Say($"killed {wait} ms after '{moment.Text}'");
        if (File.Exists(Path.Combine(place.Data, "coupongrains.db")))
        {
            using var store = new StoreReader(place);
            Audit.CheckStore(store);
        }
    }

    private async Task KillDuringTraffic(HostPlace place, Traffic traffic, int round, Random random)
    {
        await using var run = HostRun.Start(place);
        await run.WaitFor("Ctrl-C ends it");
        if (round == 0)
        {
            await Traffic.Prepare(run.Http);
        }

        using var stop = new CancellationTokenSource();
        var before = traffic.Answered;
        var sending = traffic.Run(run.Http, round, stop.Token);
        // By answers, not by the clock: a slow machine does as much between two kills as a fast one.
        var answers = random.Next(1, 200);
        await Until(run, () => traffic.Answered - before >= answers);
        await Task.Delay(random.Next(20));
        var killed = run.Kill();
        await stop.CancelAsync();
        await Task.WhenAll(killed, sending);
        Say($"killed after {answers} answers: {traffic.Redemptions.Count} redemptions acknowledged so far");
        using var store = new StoreReader(place);
        Audit.Check(store, traffic);
    }

    private static async Task Until(HostRun run, Func<bool> reached)
    {
        var watch = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.False(run.HasExited, run.All);
            Assert.True(watch.Elapsed < HostRun.Patience, $"Too few answers in {HostRun.Patience}:\n{run.All}");
            await Task.Delay(2);
        }
    }

    private void Say(string text)
    {
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
