using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the encoder is told of one event.</summary>
public static class EventFeatures
{
    /// <summary>E, for item factors of <paramref name="rank"/> numbers.</summary>
    public static int Width(int rank) => rank + 1;

    /// <summary>Fills in one event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="previous">When the event before it in the log happened; null of the first.</param>
    /// <param name="row">The item's factors, shape (k); empty if there are none.</param>
    /// <param name="x">The features, shape (E).</param>
    public static void Fill(UserEvent e, DateTimeOffset? previous, ReadOnlySpan<float> row, Span<float> x)
    {
        x.Clear();
        row.CopyTo(x);
        x[^1] = MathF.Log(1 + (float)Math.Clamp(previous is { } at ? (e.At - at).TotalHours : 0, 0, 8_760));
    }
}
