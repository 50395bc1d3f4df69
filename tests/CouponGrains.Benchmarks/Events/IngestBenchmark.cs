using System.Diagnostics;
using CouponGrains.Domain.Events;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Benchmarks.Events;

/// <summary>Durable events into the event log on PostgreSQL, beside a binary COPY of the same rows into tables of their
/// own: in turns, on one server on a real disk, every leg into an empty database.</summary>
internal static class IngestBenchmark
{
    private static readonly string[] Settings = ["shared_buffers=1GB", "max_wal_size=8GB"];

    public static async Task<int> Run(Arguments args)
    {
        var (count, rounds) = (args.Number("--events", 500_000), args.Number("--rounds", 3));
        var (senders, size) = (args.Number("--senders", 8), args.Number("--batch", EventRules.BatchMax));
        var events = ShopEvents.Make(count, args.Number("--seed", 1));
        await using var server = await PostgresServer.Create(args.Text("--folder") ?? Path.GetTempPath(), Settings);
        await (await Open(server, await Database(server, "template_of_legs", "template0"))).DisposeAsync();
        await RawCopy.Prepare(server, "template_of_legs");
        var title = $"{count:N0} events of {ShopEvents.Users:N0} users and {ShopEvents.Items:N0} items, {senders} senders of "
            + $"{size:N0} at a time, {rounds} rounds in turns on {Environment.ProcessorCount} cores that senders and server "
            + $"share; PostgreSQL {await server.Value<string>("postgres", "SHOW server_version")}, "
            + $"{string.Join(", ", Settings)}, fsync and synchronous_commit on, on a disk";
        Console.WriteLine(title);
        var ways = new Dictionary<string, Func<PostgresServer, string, Task<IngestLeg>>>
        {
            ["ours, new events"] = (_, database) => Ours(server, database, events, senders, size, again: false),
            ["ours, all sent before"] = (_, database) => Ours(server, database, events, senders, size, again: true),
            ["COPY, the same keys and indexes"] = (_, database) => RawCopy.Run(server, database, "events_copied", events),
            ["COPY, no key and no index"] = (_, database) => RawCopy.Run(server, database, "events_bare", events),
        };
        var legs = ways.Keys.ToDictionary(way => way, _ => new List<IngestLeg>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (way, run) in ways)
            {
                var database = await Database(server, "leg", "template_of_legs");
                await server.Execute("postgres", "CHECKPOINT");
                legs[way].Add(await run(server, database));
                await server.Execute("postgres", "DROP DATABASE leg WITH (FORCE)");
            }
        }

        Print(title, legs, args.Text("--out"));
        return 0;
    }

    private static void Print(string title, Dictionary<string, List<IngestLeg>> legs, string? folder)
    {
        var table = new Table(
            ["way", "#events/s", "#least", "#most", "#ours by this", "#CPU ms per 1,000 events, sender", "#server"]);
        var ours = Median(legs.Values.First());
        foreach (var (way, measured) in legs)
        {
            var median = Median(measured);
            table.Add(way, $"{median.PerSecond:N0}", $"{measured.Min(leg => leg.PerSecond):N0}",
                $"{measured.Max(leg => leg.PerSecond):N0}", $"{ours.PerSecond / median.PerSecond:F2}",
                PerThousand(median, median.Used.Client), PerThousand(median, median.Used.Server));
        }

        table.Print();
        if (folder is not null)
        {
            table.Write(Path.Combine(folder, "ingest.md"),
                $"{title}\n\nMeasured with `CouponGrains.Benchmarks ingest --out docs/measured`.");
        }
    }

    /// <summary>Senders that append one batch after the other; every event must be accepted, or known where all were
    /// sent before.</summary>
    private static async Task<IngestLeg> Ours(
        PostgresServer server, string database, UserEvent[] events, int senders, int size, bool again)
    {
        await using var store = await Open(server, database);
        if (again)
        {
            await Send(store, events, senders, size, AppendStatus.Accepted);
        }

        var before = ProcessorTime.Now(server.ProcessId);
        var begun = Stopwatch.GetTimestamp();
        await Send(store, events, senders, size, again ? AppendStatus.Duplicate : AppendStatus.Accepted);
        var leg = new IngestLeg(
            events.Length, Stopwatch.GetElapsedTime(begun), ProcessorTime.Now(server.ProcessId) - before);
        var kept = (await store.Events.Size(default)).Events;
        return kept == events.Length && await server.Value<long>(database, "SELECT count(*) FROM events") == kept
            ? leg
            : throw new InvalidOperationException($"{events.Length} events were accepted, but {kept} are there.");
    }

    private static async Task Send(PostgresStore store, UserEvent[] events, int senders, int size, AppendStatus expected)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var batch && (long)batch * size < events.Length)
            {
                var from = batch * size;
                var results = await store.Events.Append(events[from..Math.Min(events.Length, from + size)], default);
                if (Array.Exists(results, result => result.Status != expected))
                {
                    throw new InvalidOperationException($"An event of the batch {batch} was not {expected}.");
                }
            }
        })));
    }

    private static async Task<string> Database(PostgresServer server, string name, string template)
    {
        await server.Execute("postgres", $"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    private static Task<PostgresStore> Open(PostgresServer server, string database) => PostgresStore.Open(
        server.Connection(database), TimeProvider.System, NullLoggerFactory.Instance);

    private static IngestLeg Median(List<IngestLeg> legs) =>
        legs.OrderBy(leg => leg.PerSecond).ElementAt(legs.Count / 2);

    private static string PerThousand(IngestLeg leg, TimeSpan used) => $"{used.TotalMilliseconds / leg.Events * 1_000:F1}";
}
