using System.Diagnostics;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Postgres;

namespace CouponGrains.Benchmarks.Ledger;

/// <summary>Durable redemptions in one hot campaign on PostgreSQL through the real ledger, beside <c>pgbench</c> with
/// one comparable transaction for each and the same number of clients: in turns, on one server on a real disk, every
/// leg in a copy of one database.</summary>
internal static class LedgerBenchmark
{
    private const int Warm = 20_000;

    private static readonly string[] Settings = ["shared_buffers=1GB", "max_wal_size=8GB", "max_connections=400"];

    // For whoever looks where the server's time goes; costs some of it.
    private const string Watched = "shared_preload_libraries=pg_stat_statements";

    public static async Task<int> Run(Arguments args)
    {
        var (seconds, rounds, silos) = (args.Number("--seconds", 6), args.Number("--rounds", 3), args.Number("--silos", 1));
        int[] clients = args.Number("--clients", 0) is var one and > 0 ? [one] : [64, 256];
        var coupons = args.Number("--coupons", 250_000);
        await using var server = await PostgresServer.Create(args.Text("--folder") ?? Path.GetTempPath(),
            args.Number("--statements", 0) > 0 ? [.. Settings, Watched] : Settings);
        var codes = await HotCampaign.Prepare(server, coupons);
        var title = $"Durable redemptions in one campaign, {coupons:N0} coupons of as many users, {silos} silo(s), {rounds} rounds "
            + $"of {seconds} s in turns on {Environment.ProcessorCount} cores that clients and server share; PostgreSQL "
            + $"{await server.Value<string>("postgres", "SHOW server_version")}, {string.Join(", ", Settings)}, fsync and "
            + "synchronous_commit on, on a disk";
        Console.WriteLine(title);
        var table = new Table(
        [
            "way", "#clients", "#redemptions/s", "#least", "#most", "#ours by this", "#CPU ms per 1,000, clients",
            "#server", "#p50 ms", "#p99 ms",
        ]);
        foreach (var number in clients)
        {
            await Measure(server, codes, number, silos, seconds, rounds, args.Text("--only"), table);
        }

        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "ledger.md"),
                $"{title}\n\nMeasured with `CouponGrains.Benchmarks ledger --out docs/measured`.");
        }

        return 0;
    }

    private static async Task Measure(
        PostgresServer server, string[] codes, int clients, int silos, int seconds, int rounds, string? only, Table table)
    {
        var texts = new Dictionary<string, string>();
        var ways = new Dictionary<string, Func<string, Task<Leg>>>
        {
            ["ours"] = database => Ours(server, database, codes, clients, silos, seconds, texts),
            ["pgbench, one budget"] = database => PgBench.Run(server, database, clients, false, seconds, texts),
            ["pgbench, a budget for each client"] = database => PgBench.Run(server, database, clients, true, seconds, texts),
        };
        var legs = ways.Keys.Where(way => only is null || way == only).ToDictionary(way => way, _ => new List<Leg>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (way, measured) in legs)
            {
                var database = await HotCampaign.TakeCopy(server, "leg");
                measured.Add(await ways[way](database));
                await HotCampaign.Drop(server, database);
            }
        }

        var ours = Median(legs.Values.First());
        foreach (var (way, measured) in legs)
        {
            var median = Median(measured);
            table.Add(way, $"{clients}", $"{median.PerSecond:N0}", $"{measured.Min(leg => leg.PerSecond):N0}",
                $"{measured.Max(leg => leg.PerSecond):N0}", $"{ours.PerSecond / median.PerSecond:F2}",
                PerThousand(median, median.Used.Client), PerThousand(median, median.Used.Server),
                $"{median.Median.TotalMilliseconds:F1}", $"{median.Percentile99.TotalMilliseconds:F1}");
        }
    }

    /// <summary>Clients that redeem one coupon after the other; every answer must be that it is redeemed. Notes the
    /// long texts that were written, for the floor to write the same.</summary>
    private static async Task<Leg> Ours(
        PostgresServer server, string database, string[] codes, int clients, int silos, int seconds,
        Dictionary<string, string> texts)
    {
        var stores = new List<PostgresStore>();
        try
        {
            for (var silo = 0; silo < silos; silo++)
            {
                stores.Add(await HotCampaign.Open(server, database));
            }

            var next = -1;
            await Redeem(stores, codes, clients, () => ++next < Warm ? next : -1);
            var before = ProcessorTime.Now(server.ProcessId);
            var begun = Stopwatch.GetTimestamp();
            var until = begun + (seconds * Stopwatch.Frequency);
            var times = await Redeem(stores, codes, clients,
                () => Stopwatch.GetTimestamp() < until ? Interlocked.Increment(ref next) : -1);
            var (took, used) = (Stopwatch.GetElapsedTime(begun), ProcessorTime.Now(server.ProcessId) - before);
            await Check(server, database, times.Count + Warm, texts);
            await Statements.Print(server, database);
            return Leg.Of(times.Count, took, used, times);
        }
        finally
        {
            foreach (var store in stores)
            {
                await store.DisposeAsync();
            }
        }
    }

    private static async Task<List<TimeSpan>> Redeem(
        List<PostgresStore> stores, string[] codes, int clients, Func<int> next)
    {
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var (mine, ledger) = (new List<TimeSpan>(), stores[client % stores.Count].Ledger);
            while (Take() is var coupon and >= 0)
            {
                var request = HotCampaign.Redeem(codes, coupon);
                var begun = Stopwatch.GetTimestamp();
                var answer = await ledger.Redeem(request, HotCampaign.Start, default);
                mine.Add(Stopwatch.GetElapsedTime(begun));
                if (answer.Answer.Status != RedemptionStatus.Redeemed)
                {
                    throw new InvalidOperationException($"The coupon {coupon} is {answer.Answer.Status}.");
                }
            }

            return mine;
        })));
        return [.. times.SelectMany(mine => mine)];

        int Take()
        {
            lock (codes)
            {
                return next();
            }
        }
    }

    private static async Task Check(
        PostgresServer server, string database, int redemptions, Dictionary<string, string> texts)
    {
        var counted = await server.Value<long>(database, "SELECT count(*) FROM redemptions");
        if (counted != redemptions)
        {
            throw new InvalidOperationException($"{redemptions} redemptions were answered, but {counted} are written.");
        }

        texts["discount"] = await server.Value<string>(database, "SELECT discount FROM redemptions LIMIT 1");
        texts["cart"] = await server.Value<string>(database, "SELECT cart FROM redemptions LIMIT 1");
        texts["exposure"] = await server.Value<string>(
            database, "SELECT coalesce(exposure, '') FROM events WHERE kind = 13 LIMIT 1");
    }

    private static Leg Median(List<Leg> legs) => legs.OrderBy(leg => leg.PerSecond).ElementAt(legs.Count / 2);

    private static string PerThousand(Leg leg, TimeSpan used) => $"{used.TotalMilliseconds / leg.Redemptions * 1_000:F0}";
}
