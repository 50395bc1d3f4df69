using System.IO.Pipelines;
using System.Text;
using CouponGrains.Client.Http;

namespace CouponGrains.Client.Tests.Typed;

/// <summary>A listener notices that the other end went without a word.</summary>
public sealed class TimedStreamTests
{
    [Fact]
    public async Task A_reading_takes_what_comes_and_ends_after_too_long_a_silence()
    {
        var pipe = new Pipe();
        await using var stream = new TimedStream(pipe.Reader.AsStream(), TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var buffer = new byte[4];
        await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes("beat"));
        await stream.ReadExactlyAsync(buffer);
        Assert.Equal("beat", Encoding.ASCII.GetString(buffer));
        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(buffer));
    }

    [Fact]
    public async Task A_reader_who_leaves_is_not_told_of_a_silence()
    {
        await using var stream = new TimedStream(new Pipe().Reader.AsStream(), TimeSpan.FromMinutes(1), TimeProvider.System);
        using var left = new CancellationTokenSource();
        var reading = stream.ReadExactlyAsync(new byte[1], left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
    }
}
