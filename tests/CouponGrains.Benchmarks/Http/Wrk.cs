using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CouponGrains.Benchmarks.Http;

/// <summary>Debian's <c>wrk</c>: connections that each ask again as soon as they are answered.</summary>
internal static partial class Wrk
{
    /// <summary>Installs it where it is missing.</summary>
    public static async Task Require()
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "wrk"))))
        {
            await Run("apt-get", "install", "-y", "-q", "wrk");
        }
    }

    /// <summary>Runs it, with a script that makes the requests.</summary>
    /// <param name="address">The server.</param>
    /// <param name="script">The requests, in Lua.</param>
    /// <param name="connections">So many.</param>
    /// <param name="length">So long.</param>
    /// <param name="processes">Whose processor time is read.</param>
    public static async Task<HttpLeg> Measure(
        Uri address, string script, int connections, TimeSpan length, Func<IReadOnlyList<TimeSpan>> processes)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script);
            var before = processes();
            var text = await Run("wrk", "-t1", $"-c{connections}", $"-d{length.TotalSeconds:F0}s", "--latency", "-s", file, $"{address}");
            var used = processes().Zip(before, (after, earlier) => after - earlier).ToArray();
            if (Bad().Match(text) is { Success: true } bad)
            {
                throw new InvalidOperationException($"Not every request was answered well: {bad.Value}");
            }

            return new(
                int.Parse(Requests().Match(text).Groups[1].Value, CultureInfo.InvariantCulture),
                double.Parse(PerSecond().Match(text).Groups[1].Value, CultureInfo.InvariantCulture), Bytes(text), used);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {text}");
    }

    /// <summary>Of one answer, its head included.</summary>
    private static double Bytes(string text)
    {
        var read = Read().Match(text);
        var unit = read.Groups[3].Value switch { "KB" => 1 << 10, "MB" => 1 << 20, "GB" => 1 << 30, _ => 1 };
        return double.Parse(read.Groups[2].Value, CultureInfo.InvariantCulture) * unit
            / int.Parse(Requests().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(requests in \S+, )([\d.]+)([KMG]?B) read")]
    private static partial Regex Read();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex("Non-2xx.*|Socket errors.*")]
    private static partial Regex Bad();
}

/// <summary>What one kind of request reached, measured once.</summary>
/// <param name="Requests">Answers.</param>
/// <param name="PerSecond">Of them, each second.</param>
/// <param name="Bytes">Of one of them, with its head.</param>
/// <param name="Used">Processor time of each process meanwhile.</param>
internal sealed record HttpLeg(int Requests, double PerSecond, double Bytes, TimeSpan[] Used);
