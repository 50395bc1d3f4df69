using System.Diagnostics;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>The API under requests that follow from its own document, valid and broken; longer runs:
/// <c>CouponGrains.Fuzz --requests 1000000</c>.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Twenty_thousand_requests_of_any_kind_find_no_fault_and_no_hang()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "CouponGrains.Fuzz", here.Name, "CouponGrains.Fuzz");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--requests", "20000", "--seed", "20261201", "--parallel", "16" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        output.WriteLine(await said + await wrong);
        Assert.True(process.ExitCode == 0, await said + await wrong);
        Assert.Contains("20000 requests in ", await said, StringComparison.Ordinal);
    }
}
