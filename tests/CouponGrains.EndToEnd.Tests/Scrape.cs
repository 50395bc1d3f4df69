using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>What a process tells Prometheus.</summary>
internal sealed class Scrape
{
    private readonly string _text;
    private readonly List<(string Name, string Labels, double Value)> _samples;

    private Scrape(string text)
    {
        _text = text;
        _samples = [.. Regex.Matches(
                text, @"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)", RegexOptions.Multiline)
            .Select(m => (m.Groups["name"].Value, m.Groups["labels"].Value, double.Parse(m.Groups["value"].Value)))];
    }

    /// <summary>The names of the series.</summary>
    public IReadOnlySet<string> Names => _samples.Select(s => s.Name).ToHashSet();

    /// <summary>All of it.</summary>
    public string Text => _text;

    public static async Task<Scrape> Of(HostRun run) => new(await run.Http.GetStringAsync("/metrics"));

    /// <summary>The sum of the samples of a name whose labels contain a text.</summary>
    public double Sum(string name, string labels = "") => _samples
        .Where(s => s.Name == name && s.Labels.Contains(labels, StringComparison.Ordinal)).Sum(s => s.Value);

    /// <summary>Fails unless Prometheus's own checker can read it.</summary>
    public async Task Check()
    {
        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(_text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        // 3 is its exit status for names that it would choose otherwise; those of the runtimes are not ours.
        Assert.True(promtool.ExitCode is 0 or 3, said);
        Assert.DoesNotContain("\ncoupongrains_", "\n" + said);
    }
}
