using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class BehaviourMatrixTests
{
    private static readonly DateTimeOffset Day0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int _next;

    [Fact]
    public void Entries_are_the_logarithm_of_decayed_sums_seen_from_the_newest_event()
    {
        var matrix = Matrix(
            Event("b", "y", EventKind.Purchase, 180), Event("b", "y", EventKind.View, 0),
            Event("a", "x", EventKind.Cart, 90));
        Assert.Equal([new UserId("a"), new("b")], matrix.Users);
        Assert.Equal([new ItemId("x"), new("y")], matrix.Items);
        Assert.Equal(Day0.AddDays(180), matrix.Reference);
        Assert.Equal([(float)Math.Log(1 + (0.5 * Math.Sqrt(0.5))), (float)Math.Log(1 + 1.0 + (0.2 * 0.5))],
            matrix.Entries.Values);
    }

    [Fact]
    public void A_refund_takes_the_purchase_back_and_what_is_left_without_entries_is_left_out()
    {
        var matrix = Matrix(
            Event("a", "x", EventKind.Purchase, 1), Event("a", "x", EventKind.Refund, 1),
            Event("b", "x", EventKind.Purchase, 1), Event("b", "z", EventKind.Refund, 1),
            Event("c", "y", EventKind.Purchase, 1));
        Assert.Equal([new UserId("b"), new("c")], matrix.Users);
        Assert.Equal([new ItemId("x"), new("y")], matrix.Items);
        Assert.Equal(2, matrix.Entries.NonZeros);
    }

    [Fact]
    public void The_order_of_the_log_does_not_matter()
    {
        var random = new Random(3);
        var events = Enumerable.Range(0, 500).Select(_ => Event($"u{random.Next(20)}", $"i{random.Next(30)}",
            random.Next(3) == 0 ? EventKind.Purchase : EventKind.View, random.Next(100))).ToArray();
        var (there, back) = (Matrix(events), Matrix([.. events.Reverse()]));
        Assert.Equal(there.Users, back.Users);
        Assert.Equal(there.Entries.Indices, back.Entries.Indices);
        Assert.All(there.Entries.Values.Zip(back.Entries.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void The_split_leaves_the_newest_share_behind_it()
    {
        var trace = new BehaviourTrace();
        foreach (var e in Enumerable.Range(0, 100).Select(day => Event("a", "x", EventKind.View, (day * 37) % 100)))
        {
            trace.Add(e);
        }

        Assert.Equal(Day0.AddDays(89), trace.Split(0.1));
    }

    private static BehaviourMatrix Matrix(params UserEvent[] events)
    {
        var trace = new BehaviourTrace();
        foreach (var e in events)
        {
            trace.Add(e);
        }

        return trace.Matrix(new BehaviourWeights(), trace.Newest);
    }

    private UserEvent Event(string user, string item, EventKind kind, int day) => new()
    {
        Id = new($"e{_next++}"), User = new(user), Item = new ItemId(item), Kind = kind, At = Day0.AddDays(day),
    };
}
