using System.Numerics.Tensors;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the encoder is told of one event, all of it about −1 to 2 without being scaled: the direction of the
/// item's factors (zeros without any), the kind, the time since the event before it, what was paid, the hour and the
/// day of the week.</summary>
/// <remarks>An event that happened before the one before it in the log counts as simultaneous, and a gap of more than a
/// year as a year: a clock that is wrong moves no number out of its range.</remarks>
public static class EventFeatures
{
    private const double GapHoursMax = 8_760;
    private const int Kinds = 13;
    private const int Others = 6;

    /// <summary>E, for item factors of <paramref name="rank"/> numbers.</summary>
    public static int Width(int rank) => rank + Kinds + Others;

    /// <summary>Fills in one event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="previous">When the event before it in the log happened; null of the first.</param>
    /// <param name="row">The item's factors, shape (k); empty if there are none.</param>
    /// <param name="x">The features, shape (E).</param>
    public static void Fill(UserEvent e, DateTimeOffset? previous, ReadOnlySpan<float> row, Span<float> x)
    {
        x.Clear();
        if (row.Length > 0 && TensorPrimitives.Norm(row) is var norm and > 0)
        {
            TensorPrimitives.Divide(row, norm, x);
        }

        x[x.Length - Kinds - Others + PlaceOf(e.Kind)] = 1;
        var rest = x[^Others..];
        rest[0] = (float)Math.Log(1 + Math.Clamp(previous is { } at ? (e.At - at).TotalHours : 0, 0, GapHoursMax)) / 5;
        rest[1] = e.Amount is { Minor: > 0 } amount ? (float)Math.Log(1 + (double)amount.Minor) / 10 : 0;
        Circle(e.At.TimeOfDay.TotalHours / 24, rest[2..]);
        Circle((int)e.At.DayOfWeek / 7.0, rest[4..]);
    }

    /// <summary>A point on the circle for a share of a turn: its cosine and sine.</summary>
    internal static void Circle(double turn, Span<float> point)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * turn);
        (point[0], point[1]) = ((float)cosine, (float)sine);
    }

    // 0 for a kind that this program does not know.
    private static int PlaceOf(EventKind kind) => kind switch
    {
        >= EventKind.View and <= EventKind.Refund => (int)kind,
        >= EventKind.Issued and <= EventKind.RolledBack => (int)kind - (int)EventKind.Issued + 6,
        _ => 0,
    };
}
