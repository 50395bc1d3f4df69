using CouponGrains.Faults;

namespace CouponGrains.EndToEnd.Tests;

public sealed class FaultRunTests
{
    private readonly List<string> _said = [];

    [Fact]
    public async Task A_run_that_fails_tells_its_own_fault_although_the_cluster_cannot_be_taken_down_either()
    {
        var first = await Assert.ThrowsAsync<InvalidOperationException>(() => FaultRun.ThenDown<int>(
            () => throw new InvalidOperationException("first"), () => throw new IOException("second"), _said.Add));
        Assert.Equal("first", first.Message);
        Assert.Contains("second", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_taken_down_after_a_good_run_is_a_fault()
    {
        await Assert.ThrowsAsync<IOException>(() => FaultRun.ThenDown(
            () => Task.FromResult(1), () => throw new IOException("second"), _said.Add));
        Assert.Empty(_said);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_cluster_is_taken_down_once_whatever_becomes_of_the_run(bool fails)
    {
        var downs = 0;
        var run = FaultRun.ThenDown(
            () => fails ? throw new InvalidOperationException("first") : Task.FromResult(7),
            () => Task.FromResult(downs++), _said.Add);
        if (fails)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        }
        else
        {
            Assert.Equal(7, await run);
        }

        Assert.Equal(1, downs);
    }
}
