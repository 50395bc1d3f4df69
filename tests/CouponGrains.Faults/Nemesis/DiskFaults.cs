using System.Diagnostics;
using CouponGrains.Faults.Topology;

namespace CouponGrains.Faults.Nemesis;

/// <summary>Faults of the disk that an embedded store is on, made while its host is asked.</summary>
internal sealed class DiskFaults(EmbeddedHost host, Watch watch, Random random)
{
    /// <summary>The kinds that are made here.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } = [FaultKind.DiskFull, FaultKind.DiskReadOnly];

    /// <summary>Makes a fault and mends it; answers what was done and when the service answered again.</summary>
    public Task<(string What, Recovery Recovery)> Make(FaultKind kind) => kind == FaultKind.DiskFull ? Fill() : Fail();

    private async Task<(string, Recovery)> Fill()
    {
        host.Disk.Fill();
        var length = await Wait();
        var killed = random.Next(3) == 0;
        if (killed)
        {
            await host.Stop(kill: true);
        }

        host.Disk.Empty();
        var mended = Stopwatch.GetTimestamp();
        await host.Start();
        return ($"for {length.TotalSeconds:F1} s{(killed ? ", killed meanwhile" : "")}", await watch.Answers(mended));
    }

    /// <summary>The process that runs is told nothing; one that starts says so and ends.</summary>
    private async Task<(string, Recovery)> Fail()
    {
        await host.Disk.Fail();
        var length = await Wait();
        var kill = random.Next(2) == 0;
        await host.Stop(kill);
        var (status, errors) = await host.StartInVain();
        if (status != 1 || !errors.StartsWith("store_not_writable: ", StringComparison.Ordinal) || errors.Contains('\n'))
        {
            throw new InvalidOperationException(
                $"A start on a disk that may only be read ended with {status} and not with one line that says so: {errors}");
        }

        await host.Disk.Mend();
        var mended = Stopwatch.GetTimestamp();
        await host.Start();
        return ($"for {length.TotalSeconds:F1} s, then {(kill ? "killed" : "stopped")} and started in vain", await watch.Answers(mended));
    }

    private async Task<TimeSpan> Wait()
    {
        var length = TimeSpan.FromMilliseconds(random.Next(1_000, 4_000));
        await Task.Delay(length);
        return length;
    }
}
