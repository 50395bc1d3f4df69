using System.Text.Json;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Benchmarks.Cluster;

/// <summary>Offers and events over the Orleans client, beside a grain that does nothing, in one topology and in
/// turns.</summary>
internal static class ClusterBenchmark
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(12);

    public static async Task<int> Run(Arguments args)
    {
        var size = new ShopSize(
            args.Number("--offers", 1_000), args.Number("--rank", 64), args.Number("--users", 1_000), args.Number("--past", 40),
            args.Number("--response", 1) > 0, args.Number("--remember", 1) > 0);
        var (clients, rounds, silos) = (args.Number("--clients", 64), args.Number("--rounds", 3), args.Number("--silos", 2));
        var length = TimeSpan.FromSeconds(args.Number("--seconds", 4));
        await using var topology = await Topology.Start(size, silos, args.Number("--seed", 1), args.Text("--folder"));
        using var host = await topology.Connect();
        var ways = Ways(host.Services.GetRequiredService<IGrainFactory>(), topology)
            .Where(way => args.Text("--only") is not { } only || way.Key == only || way.Key == Bare).ToList();
        var title = $"{silos} silos and a client in processes of their own with PostgreSQL on {Environment.ProcessorCount} cores "
            + $"that they share; {size}; {clients} calls in flight, {rounds} rounds of {length.TotalSeconds:F0} s in turns";
        Console.WriteLine(title);
        var legs = ways.ToDictionary(way => way.Key, _ => new List<CallLeg>());
        foreach (var (_, call) in ways)
        {
            await ClosedLoop.Run(clients, Warm, () => [], call);
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var (way, call) in ways)
            {
                legs[way].Add(await ClosedLoop.Run(clients, length, () => Processes(topology), call));
            }
        }

        var table = Tabulate(legs);
        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "cluster.md"),
                $"{title}\n\nMeasured with `CouponGrains.Benchmarks cluster --out docs/measured`.");
        }

        await host.StopAsync();
        return 0;
    }

    private const string Bare = "ping";

    private static Dictionary<string, Func<int, Task>> Ways(IGrainFactory grains, Topology topology)
    {
        var (users, run) = (topology.Size.Users, Guid.NewGuid().ToString("N"));
        var pings = Enumerable.Range(0, users).Select(n => grains.GetGrain<IPingGrain>(Topology.User(n).Value)).ToArray();
        var all = Enumerable.Range(0, users).Select(n => grains.GetGrain<IUserGrain>(Topology.User(n).Value)).ToArray();
        var (explained, plain, at) = (new OffersQuery(), new OffersQuery(Unexplained: true), TimeProvider.System.GetUtcNow());
        var known = new KnownOffers<OffersAnswer>(json => JsonSerializer.Deserialize<OffersAnswer>(json, WireJson.Options)!);
        var sent = 0;
        return new()
        {
            [Bare] = call => pings[call % users].Ping(call),
            ["10 offers with reasons"] = async call => Filled((await known.Ask(all[call % users], explained, default)).Offers),
            ["10 offers"] = async call => Filled((await known.Ask(all[call % users], plain, default)).Offers),
            ["10 offers with reasons, sent whole"] = async call => Filled(await all[call % users].Offers(explained)),
            ["10 offers with reasons, sent whole as JSON"] = async call => Filled(await all[call % users].OffersJson(explained)),
            ["an event, durable"] = async call =>
            {
                var number = Interlocked.Increment(ref sent);
                var user = call % users;
                var answers = await all[user].Record([new()
                {
                    Id = new($"{run}-{number}"), User = Topology.User(user), Kind = EventKind.View, At = at,
                    Item = topology.Shop.Goods[number % topology.Shop.Goods.Count].Id,
                }]);
                if (answers[0].Refusal is { } refusal)
                {
                    throw new RefusedException(refusal);
                }
            },
        };
    }

    private static void Filled(OffersAnswer answer)
    {
        if (answer.Offers.Count != 10 || !answer.Personal)
        {
            throw new InvalidOperationException($"{answer.Offers.Count} offers, personal: {answer.Personal}.");
        }
    }

    private static void Filled(TaggedOffers answer)
    {
        if (answer.Json is not { Length: > 1_000 })
        {
            throw new InvalidOperationException($"Offers without any: {answer.Tag}.");
        }
    }

    private static List<TimeSpan> Processes(Topology topology) =>
    [
        ProcessorTime.Of(Environment.ProcessId), .. topology.Silos.Select(silo => ProcessorTime.Of(silo.Id)),
        ProcessorTime.Now(topology.Server.ProcessId).Server,
    ];

    private static Table Tabulate(Dictionary<string, List<CallLeg>> legs)
    {
        var table = new Table(["what", "#calls/s", "#least", "#most", "#of a ping's", "#p50 ms", "#p99 ms",
            "#CPU µs per call, client", "#each silo", "#PostgreSQL"]);
        var bare = Median(legs[Bare]).PerSecond;
        foreach (var (way, measured) in legs)
        {
            var leg = Median(measured);
            table.Add(way, $"{leg.PerSecond:N0}", $"{measured.Min(l => l.PerSecond):N0}", $"{measured.Max(l => l.PerSecond):N0}",
                $"{leg.PerSecond / bare:F2}", $"{leg.Quantile(0.5).TotalMilliseconds:F2}",
                $"{leg.Quantile(0.99).TotalMilliseconds:F2}", PerCall(leg, leg.Used[0]),
                string.Join(" and ", leg.Used[1..^1].Select(used => PerCall(leg, used))), PerCall(leg, leg.Used[^1]));
        }

        return table;
    }

    private static CallLeg Median(List<CallLeg> legs) => legs.OrderBy(leg => leg.PerSecond).ElementAt(legs.Count / 2);

    private static string PerCall(CallLeg leg, TimeSpan used) => $"{used.TotalMicroseconds / leg.Calls:F0}";
}
