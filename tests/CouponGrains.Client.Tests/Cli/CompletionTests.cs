using System.Diagnostics;

namespace CouponGrains.Client.Tests.Cli;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("coupons ca", "campaign")]
    [InlineData("coupons campaign sim", "simulate")]
    [InlineData("coupons campaign ref", "refusals")]
    [InlineData("coupons clu", "cluster")]
    [InlineData("coupons cluster --u", "--url")]
    [InlineData("coupons campaign chan", "change")]
    [InlineData("coupons webhooks list --u", "--url")]
    [InlineData("coupons report fun", "funnel")]
    [InlineData("coupons export red", "redemptions")]
    [InlineData("coupons export items --format par", "parquet")]
    [InlineData("coupons campaign create x --template catering-l", "catering-lunch")]
    [InlineData("coupons import events f.csv --map online-retail", "online-retail")]
    [InlineData("./coupons models pro", "promote")]
    public async Task Bash_completes_a_word_by_asking_the_program(string line, string expected)
    {
        var (code, script, _) = await Coupons.Run("completion", "bash");
        Assert.Equal(0, code);
        var program = Path.Combine(AppContext.BaseDirectory, "coupons");
        var words = string.Join(' ', line.Split(' ').Select((word, i) => i == 0 ? $"'{program}'" : $"'{word}'"));
        var typed = program + line[line.IndexOf(' ', StringComparison.Ordinal)..];
        var found = await Bash($"""
            {script}
            COMP_WORDS=({words}); COMP_CWORD=$((${"{#COMP_WORDS[@]}"} - 1)); COMP_LINE='{typed}'; COMP_POINT=${"{#COMP_LINE}"}
            _coupons
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """);
        Assert.Equal(expected, found.Trim());
    }

    [Theory]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c coupons")]
    public async Task Other_shells_have_a_script_of_their_own(string shell, string part)
    {
        var (code, script, _) = await Coupons.Run("completion", shell);
        Assert.Equal(0, code);
        Assert.Contains(part, script, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
    }

    private static async Task<string> Bash(string script)
    {
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
