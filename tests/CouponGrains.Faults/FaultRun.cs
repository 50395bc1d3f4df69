using System.Diagnostics;
using CouponGrains.Faults.Checking;
using CouponGrains.Faults.Nemesis;
using CouponGrains.Faults.Shopping;
using CouponGrains.Faults.Topology;

namespace CouponGrains.Faults;

/// <summary>What a run is asked for.</summary>
/// <param name="Seed">Of every choice; clocks and the machine make the rest.</param>
/// <param name="Length">How long faults are made; longer until each was made often enough.</param>
/// <param name="Each">How often each fault is made at the least.</param>
/// <param name="Kinds">The faults that are made.</param>
/// <param name="Clients">How many ask at the same time.</param>
/// <param name="Folder">Where the cluster, its database and the clients' log are; created.</param>
internal sealed record FaultOptions(int Seed, TimeSpan Length, int Each, IReadOnlyList<FaultKind> Kinds, int Clients, string Folder)
{
    /// <summary>A run in which each fault that takes seconds is made once, and one of those of the network.</summary>
    public static FaultOptions Short(int seed, string folder) => new(seed, TimeSpan.Zero, 1,
    [
        FaultKind.ServeKilled, FaultKind.ServePaused, FaultKind.DatabaseStoppedFast, FaultKind.ConnectionsCut,
        FaultKind.TrainKilledInRun, FaultKind.FrontKilled, seed % 2 == 0 ? FaultKind.SilosCut : FaultKind.DatabaseCut,
    ], 6, folder);
}

/// <summary>What a run found.</summary>
internal sealed record FaultResult(
    IReadOnlyList<Fault> Faults, IReadOnlyList<Violation> Violations, Books Books, History History,
    IReadOnlyList<(string Code, int Count)> Answers, int Resolved, int Starts, TimeSpan Length);

/// <summary>One run: a cluster, clients, faults; then everything is mended, every unknown answer is asked for again, and the
/// database is held against the clients' log.</summary>
internal sealed class FaultRun(FaultOptions options, TimeProvider time, Action<string> say)
{
    private const int Users = 40;
    private const int Replays = 60;
    private static readonly TimeSpan NewCampaign = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Fault> _faults = [];

    public async Task<FaultResult> Run()
    {
        Directory.CreateDirectory(options.Folder);
        var (cluster, obstacle) = LocalCluster.New(options.Folder);
        if (obstacle is not null)
        {
            Say($"The network is not cut: {obstacle}");
        }

        return await ThenDown(() => Run(cluster), cluster.Down, Say);
    }

    /// <summary>Takes down after the work whatever becomes of it. Where both fail, the fault of the work is thrown, and that of
    /// taking down is said.</summary>
    internal static async Task<T> ThenDown<T>(Func<Task<T>> work, Func<Task> down, Action<string> say)
    {
        T result;
        try
        {
            result = await work();
        }
        catch
        {
            try
            {
                await down();
            }
            catch (Exception e)
            {
                say($"taking the cluster down failed too: {e.Message}");
            }

            throw;
        }

        await down();
        return result;
    }

    private async Task<FaultResult> Run(LocalCluster cluster)
    {
        var path = Path.Combine(options.Folder, "clients.jsonl");
        Say("starting the cluster");
        await cluster.Up();
        var shop = new Shop();
        int resolved, starts;
        TimeSpan length;
        using (var log = new ClientLog(path, time))
        using (var fronts = new FrontEnds(cluster.Fronts, log))
        {
            (starts, length) = await Disturb(cluster, shop, fronts, log);
            Say("mending everything");
            await cluster.Up();
            resolved = await Resolve(shop, fronts);
            await Repeat(shop, fronts);
        }

        var books = await Books.Read(cluster.Connection);
        var history = new History(ClientLog.Read(path));
        Say("checking");
        return new(_faults, Checker.Check(books, history), books, history, shop.Answers, resolved, starts, length);
    }

    private async Task<(int Starts, TimeSpan Length)> Disturb(LocalCluster cluster, Shop shop, FrontEnds fronts, ClientLog log)
    {
        using var stop = new CancellationTokenSource();
        using var stopKeeper = new CancellationTokenSource();
        await Campaigns.Open(Campaigns.Of(options.Seed), shop, fronts, log, stop.Token);
        var watch = new Watch(shop, fronts);
        var keeper = new Keeper(cluster, Say);
        var clients = Task.WhenAll(
        [
            watch.Run(stop.Token), OpenCampaigns(shop, fronts, log, stop.Token),
            .. Enumerable.Range(0, options.Clients).Select(client => Task.Run(
                () => new Shopper(shop, fronts, Users, Dice(client)).Run(stop.Token))),
        ]);
        var keeping = keeper.Run(stopKeeper.Token);
        await watch.Answers(Stopwatch.GetTimestamp());
        _clock.Restart();
        Say("disturbing");
        await Task.WhenAll(DisturbServing(cluster, keeper, watch), DisturbOthers(cluster, keeper, watch, fronts));
        var length = _clock.Elapsed;
        await stopKeeper.CancelAsync();
        await keeping;
        await stop.CancelAsync();
        await clients;
        return (keeper.Starts, length);
    }

    private async Task DisturbServing(LocalCluster cluster, Keeper keeper, Watch watch)
    {
        var dice = Dice(1_000);
        var faults = new ServeFaults(cluster, keeper, watch, dice);
        var kinds = ServeFaults.Kinds.Intersect(options.Kinds)
            .Where(kind => cluster.HasNetworks || kind is not (FaultKind.SilosCut or FaultKind.DatabaseCut)).ToArray();
        for (var round = 0; kinds.Length > 0 && (round < options.Each || _clock.Elapsed < options.Length); round++)
        {
            dice.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                if (round >= options.Each && _clock.Elapsed > options.Length)
                {
                    return;
                }

                await WaitWhole(cluster);
                await Task.Delay(dice.Next(1_500));
                var at = _clock.Elapsed;
                foreach (var (made, what, recovery) in await faults.Make(kind))
                {
                    Note(new(made, at.TotalSeconds, what, recovery));
                }
            }
        }
    }

    private async Task DisturbOthers(LocalCluster cluster, Keeper keeper, Watch watch, FrontEnds fronts)
    {
        var dice = Dice(2_000);
        var faults = new OtherFaults(cluster, keeper, watch, fronts, dice);
        var kinds = OtherFaults.Kinds.Intersect(options.Kinds).ToArray();
        for (var round = 0; kinds.Length > 0 && (round < options.Each || _clock.Elapsed < options.Length); round++)
        {
            dice.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                if (round >= options.Each && _clock.Elapsed > options.Length)
                {
                    return;
                }

                await Task.Delay(dice.Next(3_000));
                for (var at = _clock.Elapsed; ; at = _clock.Elapsed)
                {
                    if (await faults.Make(kind) is var (what, recovery))
                    {
                        Note(new(kind, at.TotalSeconds, what, recovery));
                        break;
                    }

                    Say($"{kind} did not come to pass and is tried again");
                }
            }
        }
    }

    private async Task OpenCampaigns(Shop shop, FrontEnds fronts, ClientLog log, CancellationToken stop)
    {
        try
        {
            for (var number = options.Seed + 1; ; number++)
            {
                await Task.Delay(NewCampaign, stop);
                await Campaigns.Open(Campaigns.Of(number), shop, fronts, log, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Waits until every silo that serves is ready: one fault of what serves at a time.</summary>
    private async Task WaitWhole(LocalCluster cluster)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Patience)
        {
            var ready = await Task.WhenAll(LocalCluster.Serving.Select(name => cluster.Says(name, "ready")));
            if (ready.All(answer => answer is true))
            {
                return;
            }

            await Task.Delay(200);
        }

        Say($"the silos are not all ready after {Patience.TotalSeconds} s: {cluster.Errors("serve-1", 3)} {cluster.Errors("serve-2", 3)}");
    }

    /// <summary>Asks for every open wish until its answer is known; answers how many there were.</summary>
    private async Task<int> Resolve(Shop shop, FrontEnds fronts)
    {
        var count = shop.OpenCount;
        Say($"{count} wishes of which nobody knows the outcome are asked for again");
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(
            client => Resolve(shop, new Shopper(shop, fronts, Users, Dice(3_000 + client)))));
        return count;
    }

    private static async Task Resolve(Shop shop, Shopper shopper)
    {
        var begun = Stopwatch.GetTimestamp();
        while (shop.TakeOpen() is { } wish && Stopwatch.GetElapsedTime(begun) < Patience)
        {
            var answer = await shopper.Ask(wish);
            if (answer.IsDone)
            {
                await shopper.Ask(wish);
            }
            else if (!answer.IsKnown)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Asks again for the last wishes of each kind that were fulfilled.</summary>
    private async Task Repeat(Shop shop, FrontEnds fronts)
    {
        var shopper = new Shopper(shop, fronts, Users, Dice(4_000));
        foreach (var wish in Enum.GetValues<WishKind>().SelectMany(kind => shop.LastFulfilled(kind, Replays)))
        {
            await shopper.Ask(wish);
        }
    }

    private void Note(Fault fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }

        Say($"{fault.Kind}: {fault.What}{(fault.Recovery is { } recovery ? $"; {recovery}" : "")}");
    }

    private Random Dice(int of) => new(unchecked((options.Seed * 31) + of));

    private void Say(string text) => say($"{_clock.Elapsed.TotalSeconds,6:F1} {text}");
}
