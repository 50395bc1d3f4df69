using System.Diagnostics;

namespace CouponGrains.Client.Tests.Cli;

/// <summary>Runs the built <c>coupons</c> program.</summary>
internal static class Coupons
{
    public static async Task<(int Code, string Out, string Error)> Run(params string[] words)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "coupons.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
