namespace CouponGrains.Faults.Topology;

/// <summary>What an orchestrator does: starts again what has ended, and what says that it does not live. Leaves alone
/// what a fault has in hand.</summary>
internal sealed class Keeper(LocalCluster cluster, Action<string> say)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _held = [];

    /// <summary>How often it started something.</summary>
    public int Starts { get; private set; }

    /// <summary>A fault takes a process in hand, and starts it itself.</summary>
    public void Hold(string name)
    {
        lock (_gate)
        {
            _held.Add(name);
        }
    }

    public void Release(string name)
    {
        lock (_gate)
        {
            _held.Remove(name);
        }
    }

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var name in LocalCluster.Processes)
            {
                await Look(name);
            }

            await Task.Delay(Every, CancellationToken.None);
        }
    }

    private async Task Look(string name)
    {
        if (IsHeld(name))
        {
            return;
        }

        var runs = cluster.Runs(name);
        if (runs && await cluster.Says(name, "live") is not false)
        {
            return;
        }

        if (IsHeld(name))
        {
            return; // A fault took it meanwhile.
        }

        say($"{name} {(runs ? "says that it does not live" : "has ended")} and is started again");
        await cluster.Stop(name, "KILL");
        for (var left = 100; cluster.Runs(name) && left > 0; left--)
        {
            await Task.Delay(20);
        }

        await cluster.Start(name);
        Starts++;
    }

    private bool IsHeld(string name)
    {
        lock (_gate)
        {
            return _held.Contains(name);
        }
    }
}
