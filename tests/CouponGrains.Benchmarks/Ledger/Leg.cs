namespace CouponGrains.Benchmarks.Ledger;

/// <summary>One way to redeem, measured once.</summary>
/// <param name="Redemptions">Durable redemptions.</param>
/// <param name="Took">From the first to the last.</param>
/// <param name="Used">Processor time of clients and server.</param>
/// <param name="Median">Time of one redemption, half of them took less.</param>
/// <param name="Percentile99">Time that one in a hundred exceeded.</param>
internal sealed record Leg(int Redemptions, TimeSpan Took, ProcessorTime Used, TimeSpan Median, TimeSpan Percentile99)
{
    public double PerSecond => Redemptions / Took.TotalSeconds;

    /// <summary>A leg of these times of single redemptions.</summary>
    public static Leg Of(int redemptions, TimeSpan took, ProcessorTime used, List<TimeSpan> times)
    {
        times.Sort();
        return new(redemptions, took, used, times[times.Count / 2], times[(int)(0.99 * (times.Count - 1))]);
    }
}
