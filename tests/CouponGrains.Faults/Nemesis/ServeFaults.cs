using System.Diagnostics;
using CouponGrains.Faults.Topology;

namespace CouponGrains.Faults.Nemesis;

/// <summary>Faults of what serves: silos, their network, the database.</summary>
internal sealed class ServeFaults(LocalCluster cluster, Keeper keeper, Watch watch, Random random)
{
    private static readonly TimeSpan DeclaredDead = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(12);

    /// <summary>The kinds that are made here.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } =
    [
        FaultKind.ServeKilled, FaultKind.DatabaseStoppedFast, FaultKind.DatabaseStoppedImmediate,
        FaultKind.ConnectionsCut, FaultKind.SilosCut, FaultKind.DatabaseCut, FaultKind.ServePaused, FaultKind.TrainKilled,
    ];

    /// <summary>Those that cut a network, which silos have of their own where root runs this.</summary>
    public static IReadOnlyList<FaultKind> OfTheNetwork { get; } = [FaultKind.SilosCut, FaultKind.DatabaseCut];

    /// <summary>Makes a fault and mends it; answers what was done and when the service answered again: a pause is one
    /// fault, its end another.</summary>
    public async Task<IReadOnlyList<(FaultKind Kind, string What, Recovery Recovery)>> Make(FaultKind kind)
    {
        if (kind == FaultKind.ServePaused)
        {
            return await PauseServe();
        }

        var (what, recovery) = await (kind switch
        {
            FaultKind.ServeKilled => KillServe(),
            FaultKind.DatabaseStoppedFast => StopDatabase("fast"),
            FaultKind.DatabaseStoppedImmediate => StopDatabase("immediate"),
            FaultKind.ConnectionsCut => CutConnections(),
            FaultKind.SilosCut => CutSilos(),
            FaultKind.DatabaseCut => CutDatabase(),
            FaultKind.TrainKilled => KillTrain(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a fault of what serves."),
        });
        return [(kind, what, recovery)];
    }

    private async Task<(string, Recovery)> KillServe()
    {
        var name = OneOfServing();
        var atOnce = random.Next(2) == 0;
        keeper.Hold(name);
        var death = Stopwatch.GetTimestamp();
        await cluster.Stop(name, "KILL");
        if (atOnce)
        {
            await cluster.Start(name);
        }

        var recovery = await watch.Answers(death);
        await cluster.Start(name);
        keeper.Release(name);
        return ($"{name}, started again {(atOnce ? "at once" : "when the other served all")}", recovery);
    }

    private async Task<(string, Recovery)> StopDatabase(string how)
    {
        var away = TimeSpan.FromMilliseconds(random.Next(500, 6_000));
        await cluster.Stop(LocalCluster.Database, how);
        await Task.Delay(away);
        await cluster.Start(LocalCluster.Database);
        return ($"{how}, away for {away.TotalSeconds:F1} s", await watch.Answers(Stopwatch.GetTimestamp()));
    }

    private async Task<(string, Recovery)> CutConnections()
    {
        var begun = Stopwatch.GetTimestamp();
        var cut = await cluster.CutConnections();
        return ($"{cut} connections", await watch.Answers(begun));
    }

    private async Task<(string, Recovery)> CutSilos()
    {
        var name = OneOfServing();
        var other = LocalCluster.Serving.Single(serving => serving != name);
        string[] others = random.Next(2) == 0 ? [other] : [other, LocalCluster.Train];
        foreach (var cut in others)
        {
            await cluster.Cut(name, cut);
        }

        var length = await Wait();
        foreach (var cut in others)
        {
            await cluster.Heal(name, cut);
        }

        return ($"{name} from {string.Join(" and ", others)} for {length.TotalSeconds:F1} s",
            await watch.Answers(Stopwatch.GetTimestamp()));
    }

    private async Task<(string, Recovery)> CutDatabase()
    {
        var name = OneOfServing();
        await cluster.Cut(name, LocalCluster.Database);
        var length = await Wait();
        await cluster.Heal(name, LocalCluster.Database);
        return ($"{name} for {length.TotalSeconds:F1} s", await watch.Answers(Stopwatch.GetTimestamp()));
    }

    private async Task<(string, Recovery)> KillTrain()
    {
        keeper.Hold(LocalCluster.Train);
        var death = Stopwatch.GetTimestamp();
        await cluster.Stop(LocalCluster.Train, "KILL");
        await Task.Delay(DeclaredDead);
        var recovery = await watch.Answers(death);
        await cluster.Start(LocalCluster.Train);
        keeper.Release(LocalCluster.Train);
        return ("idle", recovery);
    }

    private async Task<IReadOnlyList<(FaultKind, string, Recovery)>> PauseServe()
    {
        var name = OneOfServing();
        keeper.Hold(name);
        var begun = Stopwatch.GetTimestamp();
        await cluster.Stop(name, "STOP");
        var without = await watch.Answers(begun);
        if (Stopwatch.GetElapsedTime(begun) is var passed && passed < PauseMin)
        {
            await Task.Delay(PauseMin - passed);
        }

        var length = Stopwatch.GetElapsedTime(begun);
        var back = Stopwatch.GetTimestamp();
        await cluster.Stop(name, "CONT");
        keeper.Release(name);
        var with = await watch.Answers(back);
        var what = $"{name} after {length.TotalSeconds:F1} s";
        return [(FaultKind.ServePaused, name, without), (FaultKind.ServeGoesOn, what, with)];
    }

    private string OneOfServing() => LocalCluster.Serving[random.Next(LocalCluster.Serving.Count)];

    /// <summary>A silo of which nothing is heard is declared dead after about 10 s.</summary>
    private async Task<TimeSpan> Wait()
    {
        var length = TimeSpan.FromMilliseconds(random.Next(12_000, 16_000));
        await Task.Delay(length);
        return length;
    }
}
