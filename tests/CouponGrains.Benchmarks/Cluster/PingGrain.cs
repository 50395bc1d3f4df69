namespace CouponGrains.Benchmarks.Cluster;

/// <summary>The floor: a call that does nothing.</summary>
[Alias("bench.ping")]
public interface IPingGrain : IGrainWithStringKey
{
    /// <summary>Answers what it is given.</summary>
    [Alias("ping")]
    Task<long> Ping(long number);
}

internal sealed class PingGrain : Grain, IPingGrain
{
    public Task<long> Ping(long number) => Task.FromResult(number);
}
