using System.Diagnostics;

namespace CouponGrains.Client.Tests.Cli;

/// <summary>Runs the built <c>coupons</c> program.</summary>
internal static class Coupons
{
    public static Task<(int Code, string Out, string Error)> Run(params string[] words) => RunOn("", words);

    /// <summary>Runs it where the environment names a database.</summary>
    public static Task<(int Code, string Out, string Error)> RunOn(string connection, params string[] words) =>
        RunWith(new() { ["CouponGrains__Connection"] = connection }, words);

    /// <summary>Runs it where the environment says more.</summary>
    public static async Task<(int Code, string Out, string Error)> RunWith(
        Dictionary<string, string> environment, params string[] words)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "coupons.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
