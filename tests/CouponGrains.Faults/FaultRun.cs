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
/// <param name="Folder">Where the cluster, its database and the clients' logs are; created.</param>
internal sealed record FaultOptions(
    int Seed, TimeSpan Length, int Each, IReadOnlyList<FaultKind> Kinds, int Clients, string Folder)
{
    /// <summary>A run in which each fault that takes seconds is made once, of those of the network one.</summary>
    public static FaultOptions Short(int seed, string folder) => new(seed, TimeSpan.Zero, 1,
    [
        FaultKind.ServeKilled, FaultKind.ServePaused, FaultKind.DatabaseStoppedFast, FaultKind.ConnectionsCut,
        FaultKind.TrainKilledInRun, FaultKind.FrontKilled, seed % 2 == 0 ? FaultKind.SilosCut : FaultKind.DatabaseCut,
        FaultKind.DiskFull, FaultKind.DiskReadOnly,
    ], 6, folder);
}

/// <summary>A service at the end of a run: its books, held against what its clients were told.</summary>
internal sealed record Service(string Name, Books Books, History History)
{
    public IReadOnlyList<Violation> Violations { get; } = Checker.Check(Books, History);
}

/// <summary>What a run found.</summary>
internal sealed record FaultResult(
    IReadOnlyList<Fault> Faults, IReadOnlyList<Service> Services, IReadOnlyList<(string Code, int Count)> Answers,
    int Resolved, int Starts, TimeSpan Length)
{
    public IReadOnlyList<Violation> Violations => [.. Services.SelectMany(service => service.Violations)];
}

/// <summary>One run: a cluster, and beside it a process with an embedded store; clients of both, and faults. Then
/// everything is mended, every unknown answer is asked for again, and the stores are held against the clients'
/// logs.</summary>
internal sealed class FaultRun(FaultOptions options, TimeProvider time, Action<string> say)
{
    private const int EmbeddedClients = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Fault> _faults = [];

    /// <summary>Faults that cannot be made on this machine, and why.</summary>
    public static async Task<IReadOnlyList<(IReadOnlyList<FaultKind> Kinds, string Why)>> Obstacles() =>
    [
        .. new[]
        {
            (Kinds: ServeFaults.OfTheNetwork, Why: LocalCluster.NetworkObstacle()),
            (Kinds: DiskFaults.Kinds, Why: await Disk.Obstacle()),
        }.Where(obstacle => obstacle.Why is not null).Select(obstacle => (obstacle.Kinds, obstacle.Why!)),
    ];

    public async Task<FaultResult> Run()
    {
        Directory.CreateDirectory(options.Folder);
        var cluster = LocalCluster.New(options.Folder);
        return await ThenDown(() => Run(cluster), cluster.Down, Say);
    }

    /// <summary>Takes down after the work whatever becomes of it. Where both fail, the fault of the work is thrown, and
    /// that of taking down is said.</summary>
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
                say($"taking down failed too: {e.Message}");
            }

            throw;
        }

        await down();
        return result;
    }

    private async Task<FaultResult> Run(LocalCluster cluster)
    {
        Say("starting the cluster");
        await cluster.Up();
        if (!DiskFaults.Kinds.Intersect(options.Kinds).Any())
        {
            return await Run(cluster, null);
        }

        var host = new EmbeddedHost(options.Folder, cluster.FreePorts);
        await host.Disk.Make();
        return await ThenDown(() => Run(cluster, host), host.Down, Say);
    }

    private async Task<FaultResult> Run(LocalCluster cluster, EmbeddedHost? host)
    {
        using var clients = Clients("clients", cluster.Fronts, options.Clients, options.Seed);
        using var embedded = host is null ? null : Clients("embedded", [host.Address], EmbeddedClients, options.Seed + 1_000);
        if (host is not null)
        {
            await host.Start();
        }

        var (starts, length) = await Disturb(cluster, clients, host, embedded);
        Say("mending everything");
        await cluster.Up();
        Say("asking again for every wish of which nobody knows the outcome");
        var resolved = await clients.Resolve() + (embedded is null ? 0 : await embedded.Resolve());
        var services = new List<Service> { new("cluster", await Books.Read(cluster.Connection), clients.End()) };
        var answers = clients.Answers;
        if (host is not null && embedded is not null)
        {
            await host.Stop(kill: false);
            services.Add(new("embedded", await Books.ReadFile(host.Store), embedded.End()));
            answers = [.. answers.Concat(embedded.Answers).GroupBy(a => a.Code, a => a.Count)
                .Select(g => (g.Key, g.Sum())).OrderByDescending(a => a.Item2)];
        }

        return new(_faults, services, answers, resolved, starts, length);
    }

    private async Task<(int Starts, TimeSpan Length)> Disturb(
        LocalCluster cluster, Clients clients, EmbeddedHost? host, Clients? embedded)
    {
        using var stop = new CancellationTokenSource();
        using var stopKeeper = new CancellationTokenSource();
        var keeper = new Keeper(cluster, Say);
        var shopping = Task.WhenAll(clients.Run(stop.Token), embedded?.Run(stop.Token) ?? Task.CompletedTask);
        var keeping = keeper.Run(stopKeeper.Token);
        try
        {
            await clients.Watch.Answers(Stopwatch.GetTimestamp());
            _clock.Restart();
            Say("disturbing");
            await Task.WhenAll(
                DisturbServing(cluster, keeper, clients.Watch), DisturbOthers(cluster, keeper, clients),
                host is null || embedded is null ? Task.CompletedTask : DisturbDisk(host, embedded.Watch));
            return (keeper.Starts, _clock.Elapsed);
        }
        finally
        {
            await stopKeeper.CancelAsync();
            await keeping;
            await stop.CancelAsync();
            await shopping;
        }
    }

    private Task DisturbServing(LocalCluster cluster, Keeper keeper, Watch watch)
    {
        var dice = Dice(1_000);
        var faults = new ServeFaults(cluster, keeper, watch, dice);
        return Disturb(ServeFaults.Kinds, dice, async kind =>
        {
            await WaitWhole(cluster);
            await Task.Delay(dice.Next(1_500));
            var at = _clock.Elapsed;
            foreach (var (made, what, recovery) in await faults.Make(kind))
            {
                Note(new(made, at.TotalSeconds, what, recovery));
            }
        });
    }

    private Task DisturbOthers(LocalCluster cluster, Keeper keeper, Clients clients)
    {
        var dice = Dice(2_000);
        var faults = new OtherFaults(cluster, keeper, clients.Watch, clients.Fronts, dice);
        return Disturb(OtherFaults.Kinds, dice, async kind =>
        {
            await Task.Delay(dice.Next(3_000));
            for (var at = _clock.Elapsed; ; at = _clock.Elapsed)
            {
                if (await faults.Make(kind) is var (what, recovery))
                {
                    Note(new(kind, at.TotalSeconds, what, recovery));
                    return;
                }

                Say($"{kind} did not come to pass and is tried again");
            }
        });
    }

    private async Task DisturbDisk(EmbeddedHost host, Watch watch)
    {
        var dice = Dice(5_000);
        var faults = new DiskFaults(host, watch, dice);
        await watch.Answers(Stopwatch.GetTimestamp());
        await Disturb(DiskFaults.Kinds, dice, async kind =>
        {
            // Each fault has the host started anew, which takes a core for seconds: in a long run the cluster keeps its own.
            await Task.Delay(options.Length > TimeSpan.Zero ? dice.Next(20_000, 40_000) : dice.Next(2_000, 8_000));
            var at = _clock.Elapsed;
            var (what, recovery) = await faults.Make(kind);
            Note(new(kind, at.TotalSeconds, what, recovery));
        });
    }

    /// <summary>Makes faults of those kinds that are asked for, each once in a round, until time is over and each was
    /// made often enough.</summary>
    private async Task Disturb(IEnumerable<FaultKind> of, Random dice, Func<FaultKind, Task> make)
    {
        var kinds = of.Intersect(options.Kinds).ToArray();
        for (var round = 0; kinds.Length > 0 && (round < options.Each || _clock.Elapsed < options.Length); round++)
        {
            dice.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                if (round >= options.Each && _clock.Elapsed > options.Length)
                {
                    return;
                }

                await make(kind);
            }
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

    private Clients Clients(string name, IReadOnlyList<Uri> addresses, int count, int seed) =>
        new(Path.Combine(options.Folder, name + ".jsonl"), addresses, count, seed, time);

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
