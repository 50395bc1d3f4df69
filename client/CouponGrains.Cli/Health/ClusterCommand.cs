using CouponGrains.Client;
using CouponGrains.Contracts.Health;

namespace CouponGrains.Cli.Health;

/// <summary><c>coupons cluster</c>: the silos and what is active on them.</summary>
internal static class ClusterCommand
{
    private const double Mebi = 1 << 20;

    public static Command Build() => Verb.Online("cluster", "The silos with their roles and load", [], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var view = await client.Cluster(cancel);
        screen.Result(view, console =>
        {
            console.Write(Screen.Grid(
                ["silo", "status", "roles", "address", "since", "version", "#grains", "#clients", "#CPU", "#memory"],
                view.Silos.Select(s => new[]
                {
                    s.Name, s.Status.ToString(), string.Join(' ', s.Roles), s.Address, $"{s.Since:u}", s.Version ?? "–",
                    Figure(s.Load, l => $"{l.Activations:N0}"), Figure(s.Load, l => $"{l.Clients:N0}"),
                    Figure(s.Load, l => $"{l.CpuPercent:F0} %"),
                    Figure(s.Load, l => $"{l.MemoryBytes / Mebi:N0} of {l.MemoryMaxBytes / Mebi:N0} MiB"),
                })));
            console.Write(Screen.Grid(
                ["grain", "#in memory"], view.Grains.Select(g => new[] { g.Type, $"{g.Activations:N0}" })));
        });
    }

    private static string Figure(SiloLoad? load, Func<SiloLoad, string> tell) => load is null ? "–" : tell(load);
}
