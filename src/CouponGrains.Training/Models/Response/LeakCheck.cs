using CouponGrains.Domain.Events;

namespace CouponGrains.Training.Models.Response;

/// <summary>Looks for what a feature knows of the future: examples are made twice, once of all events and once of those
/// before the moment alone. What was known at the moment cannot differ.</summary>
public static class LeakCheck
{
    /// <summary>The features that differ, as <c>user 3</c>, <c>coupon 0</c>, <c>pair 7</c> or <c>events</c>; none if
    /// nothing leaks.</summary>
    /// <param name="events">All events.</param>
    /// <param name="moment">Examples of exactly this moment are compared.</param>
    /// <param name="build">Makes the examples of some events, always in the same order.</param>
    public static IReadOnlyList<string> Find(
        IReadOnlyList<UserEvent> events, DateTimeOffset moment,
        Func<IReadOnlyList<UserEvent>, IReadOnlyList<ResponseContext>> build)
    {
        var all = build(events).Where(c => c.At == moment).ToList();
        var before = build([.. events.Where(e => e.At < moment)]).Where(c => c.At == moment).ToList();
        if (all.Count != before.Count)
        {
            return ["examples"];
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (a, b) in all.Zip(before))
        {
            Compare(found, "user", a.User, b.User);
            if (!a.Events.AsSpan().SequenceEqual(b.Events))
            {
                found.Add("events");
            }

            foreach (var (x, y) in a.Candidates.Zip(b.Candidates))
            {
                Compare(found, "coupon", x.Coupon, y.Coupon);
                Compare(found, "pair", x.Pair, y.Pair);
            }
        }

        return [.. found];
    }

    private static void Compare(SortedSet<string> found, string name, float[] a, float[] b)
    {
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            if (i >= a.Length || i >= b.Length || a[i] != b[i])
            {
                found.Add($"{name} {i}");
            }
        }
    }
}
