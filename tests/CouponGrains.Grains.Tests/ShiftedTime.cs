namespace CouponGrains.Grains.Tests;

/// <summary>The system's clock, set forward at will. Timers run as they would: only what reads the time sees the
/// shift.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
