using System.Text.Json;
using CouponGrains.Benchmarks.Cluster;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Benchmarks.Http;

/// <summary>Offers, events and redemptions over HTTP, beside an address behind which is one call to a grain that does
/// nothing, in one topology and in turns; then the offers again at half of what was the most, with times that count
/// from when each request was meant to be sent.</summary>
internal static class HttpBenchmark
{
    private const string Bare = "ping";
    private const string Offers = "10 offers with reasons";
    private const string Redemptions = "a redemption, durable";

    private const int RedemptionsOfRun = 4_000;

    private static readonly double[] Shares = [0.5, 0.9, 0.99, 0.999];

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(20);

    // So short that the coupons last.
    private static readonly TimeSpan OfRedemptions = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(Arguments args)
    {
        var size = new ShopSize(
            args.Number("--offers", 1_000), args.Number("--rank", 64), args.Number("--users", 1_000), args.Number("--past", 40),
            args.Number("--response", 1) > 0, args.Number("--remember", 1) > 0);
        var (connections, rounds, silos) = (
            args.Number("--connections", 32), args.Number("--rounds", 3), args.Number("--silos", 2));
        var length = TimeSpan.FromSeconds(args.Number("--seconds", 5));
        await Wrk.Require();
        await using var topology = await Topology.Start(size, silos, args.Number("--seed", 1), args.Text("--folder"));
        await using var front = await Front(topology, bare: false);
        await using var bare = await Front(topology, bare: true);
        var title = $"{silos} silos, a front end and PostgreSQL in processes of their own on {Environment.ProcessorCount} cores that "
            + $"they share with wrk; {size}; {connections} connections, {rounds} rounds of {length.TotalSeconds:F0} s in turns";
        Console.WriteLine(title);
        var scripts = Scripts(topology, await Redeeming(topology, rounds + 1));
        var legs = scripts.Keys.ToDictionary(way => way, _ => new List<HttpLeg>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (way, script) in scripts)
            {
                var to = way == Bare ? bare : front;
                var time = way == Redemptions ? OfRedemptions : round < 0 ? Warm : length;
                var leg = await Wrk.Measure(to.Address, script(), connections, time, () => Processes(topology, to));
                if (way == Redemptions && leg.Requests > RedemptionsOfRun)
                {
                    throw new InvalidOperationException("There were fewer coupons than requests to redeem one.");
                }

                if (round >= 0)
                {
                    legs[way].Add(leg);
                }
            }
        }

        var table = Tabulate(legs);
        table.Print();
        var open = await HalfLoad(front.Address, size.Users, Median(legs[Offers]).PerSecond / 2, length * 3);
        Console.WriteLine(open);
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "http.md"),
                $"{title}\n\nMeasured with `CouponGrains.Benchmarks http --out docs/measured`. {open}");
        }

        return 0;
    }

    private static async Task<FrontEnd> Front(Topology topology, bool bare)
    {
        var port = Topology.FreePort();
        var child = await Child.Start(bare ? "bare front end" : "front end", "front", "--port", $"{port}",
            "--gateways", string.Join(',', topology.Gateways), "--bare", bare ? "1" : "0");
        return new(child, new($"http://127.0.0.1:{port}"));
    }

    /// <summary>What wrk is to send, by way. The bodies of redemptions are used up from run to run.</summary>
    private static Dictionary<string, Func<string>> Scripts(Topology topology, Queue<string[]> redemptions)
    {
        var (users, run) = (topology.Size.Users, 0);
        var item = topology.Shop.Goods[0].Id.Value;
        return new()
        {
            [Bare] = () => Get("/ping/user-%07d", users),
            [Offers] = () => Get("/v1/users/user-%07d/offers", users),
            ["10 offers"] = () => Get("/v1/users/user-%07d/offers?explain=false", users),
            ["an event, durable"] = () => $$"""
                n = 0
                wrk.headers["Content-Type"] = "application/json"
                function request()
                  n = n + 1
                  return wrk.format("POST", "/v1/events", nil, string.format('{"id":"run-{{++run}}-%d","user":"user-%07d","kind":"view",'
                    .. '"item":"{{item}}","at":"{{topology.Shop.Spring.Start:yyyy-MM-ddTHH:mm:ssZ}}"}', n, n % {{users}}))
                end
                """,
            [Redemptions] = () => $$"""
                bodies = { {{string.Join(",\n", redemptions.Dequeue().Select(body => $"[[{body}]]"))}} }
                n = 0
                wrk.headers["Content-Type"] = "application/json"
                function request()
                  n = n + 1
                  return wrk.format("POST", "/v1/redemptions", nil, bodies[math.min(n, #bodies)])
                end
                """,
        };
    }

    private static string Get(string pattern, int users) => $$"""
        n = 0
        function request()
          n = n + 1
          return wrk.format("GET", string.format("{{pattern}}", n % {{users}}))
        end
        """;

    /// <summary>Issues coupons and answers, for each run, as many requests that redeem one each.</summary>
    private static async Task<Queue<string[]>> Redeeming(Topology topology, int runs)
    {
        using var host = await topology.Connect();
        var (grains, next) = (host.Services.GetRequiredService<IGrainFactory>(), -1);
        var offers = topology.Offers.ToDictionary(offer => offer.Id);
        var bodies = new string[runs * RedemptionsOfRun];
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < bodies.Length)
            {
                var user = Topology.User(number % topology.Size.Users);
                var answer = await grains.GetGrain<IUserGrain>(user.Value).Issue(new($"issue-{number}", topology.Shop.Spring.Id));
                var coupon = answer.Value ?? throw new RefusedException(answer.Refusal!);
                var scope = offers[coupon.Offer].Scope;
                var item = topology.Shop.Goods.First(
                    good => scope.Items.Contains(good.Id) || scope.Categories.Contains(good.Categories[0]));
                bodies[number] = JsonSerializer.Serialize(new
                {
                    key = $"redeem-{number}", user, coupon.Code, order = $"order-{number}",
                    cart = new Cart { Currency = item.Price!.Value.Currency, Lines = [new(item.Id, 2, item.Price.Value)] },
                }, WireJson.Options);
            }
        })));
        await host.StopAsync();
        return new(bodies.Chunk(RedemptionsOfRun));
    }

    private static async Task<string> HalfLoad(Uri address, int users, double perSecond, TimeSpan length)
    {
        string Asked(int number) => $"/v1/users/user-{number % users:D7}/offers";
        await OpenLoop.Run(address, Asked, perSecond, length); // The events before have changed everybody's offers.
        var times = await OpenLoop.Run(address, Asked, perSecond, length);
        var told = Shares.Select(
            share => $"p{100 * share:0.#} {times[(int)(share * (times.Length - 1))].TotalMilliseconds:F1} ms");
        return $"At {perSecond:N0} requests for offers each second, half of the most, each sent on time: "
            + $"{string.Join(", ", told)}.";
    }

    private static List<TimeSpan> Processes(Topology topology, FrontEnd front) =>
    [
        ProcessorTime.Of(front.Process.Id), .. topology.Silos.Select(silo => ProcessorTime.Of(silo.Id)),
        ProcessorTime.Now(topology.Server.ProcessId).Server,
    ];

    private static Table Tabulate(Dictionary<string, List<HttpLeg>> legs)
    {
        var table = new Table(["what", "#requests/s", "#least", "#most", "#of a ping's", "#bytes", "#CPU µs per request, front end",
            "#each silo", "#PostgreSQL"]);
        var floor = Median(legs[Bare]).PerSecond;
        foreach (var (way, measured) in legs)
        {
            var leg = Median(measured);
            table.Add(way, $"{leg.PerSecond:N0}", $"{measured.Min(l => l.PerSecond):N0}", $"{measured.Max(l => l.PerSecond):N0}",
                $"{leg.PerSecond / floor:F2}", $"{leg.Bytes:N0}", Each(leg, leg.Used[0]),
                string.Join(" and ", leg.Used[1..^1].Select(used => Each(leg, used))), Each(leg, leg.Used[^1]));
        }

        return table;
    }

    private static HttpLeg Median(List<HttpLeg> legs) => legs.OrderBy(leg => leg.PerSecond).ElementAt(legs.Count / 2);

    private static string Each(HttpLeg leg, TimeSpan used) => $"{used.TotalMicroseconds / leg.Requests:F0}";

    /// <summary>A front end and where it answers.</summary>
    private sealed record FrontEnd(Child Process, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
