using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Every command of docs/tutorial.md works in its order, and answers what the page says.</summary>
public sealed partial class TutorialTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_tutorial_leads_to_a_redeemed_coupon()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "tutorial.md"), TestContext.Current.CancellationToken);
        var blocks = Fence().Matches(page);
        var commands = blocks.Where(b => b.Groups[1].Value == "bash").Select(b => b.Groups[2].Value).ToArray();
        var script = "set -euo pipefail; shopt -s expand_aliases\n" + string.Join('\n', commands);
        Assert.Contains("http://127.0.0.1:8080/", script, StringComparison.Ordinal);
        var output = await Bash(script.Replace("http://127.0.0.1:8080/", api.Http.BaseAddress!.ToString(), StringComparison.Ordinal));
        var answers = blocks.Where(b => b.Groups[1].Value == "json")
            .SelectMany(b => b.Groups[2].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.True(answers.Length > 6, $"Only {answers.Length} answers.");
        Assert.All(answers, answer => Assert.Contains(answer, output, StringComparison.Ordinal));
    }

    private static async Task<string> Bash(string script)
    {
        var folder = Directory.CreateTempSubdirectory("coupongrains-tutorial-");
        using var bash = Process.Start(new ProcessStartInfo("bash")
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        Assert.True(bash.ExitCode == 0, $"{await error}\n{await output}");
        return await output;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CouponGrains.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No repository above the tests.");
        }

        return folder;
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
