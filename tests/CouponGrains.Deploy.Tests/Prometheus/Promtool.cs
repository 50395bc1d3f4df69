using System.Diagnostics;

namespace CouponGrains.Deploy.Tests.Prometheus;

/// <summary>Prometheus's own checker, of Debian's package <c>prometheus</c>.</summary>
internal static class Promtool
{
    /// <summary>Runs it in the folder of our files; fails with what it wrote unless it is content.</summary>
    public static async Task Check(params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Repository.Root, "deploy/prometheus"),
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}
