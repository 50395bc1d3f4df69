namespace CouponGrains.Benchmarks.Events;

/// <summary>One way to take events in, measured once.</summary>
/// <param name="Events">Durable events.</param>
/// <param name="Took">From the first to the last.</param>
/// <param name="Used">Processor time of sender and server.</param>
internal sealed record IngestLeg(int Events, TimeSpan Took, ProcessorTime Used)
{
    public double PerSecond => Events / Took.TotalSeconds;
}
