using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models;
using static CouponGrains.Training.Tests.Models.BehaviourStreams;

namespace CouponGrains.Training.Tests.Models;

public sealed class BehaviourAccumulatorTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public void Both_parts_of_a_split_together_are_the_whole(int day)
    {
        var events = Random(seed: day, events: 3_000, users: 25, items: 30, days: 100);
        var weights = new BehaviourWeights { HalfLife = TimeSpan.FromDays(20) };
        var parted = Accumulate(events, weights, Day0.AddDays(day));
        var earlier = events.Where(e => e.At <= Day0.AddDays(day)).ToArray();
        AssertAlike(Entries(earlier, weights), Entries(parted.EarlierMatrix(default)));
        AssertAlike(Entries(events, weights), Entries(parted.TakeMatrix(default)));
        Assert.Equal(events.Length, parted.Events);
    }

    [Fact]
    public void A_split_long_before_the_newest_event_leaves_the_earlier_part_as_it_is()
    {
        var weights = new BehaviourWeights { HalfLife = TimeSpan.FromHours(1) };
        UserEvent[] earlier = [Event("a", "x", EventKind.Purchase, 0), Event("b", "y", EventKind.Purchase, 0.01)];
        var parted = Accumulate([.. earlier, Event("a", "z", EventKind.Purchase, 1_000)], weights, Day0.AddDays(1));
        AssertAlike(Entries(earlier, weights), Entries(parted.EarlierMatrix(default)));
        Assert.Equal([new ItemId("z")], parted.TakeMatrix(default).Items);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_history_of_thousands_of_half_lives_keeps_its_new_end_exact(bool newestFirst)
    {
        var weights = new BehaviourWeights { HalfLife = TimeSpan.FromHours(6) };
        var events = Random(seed: 8, events: 4_000, users: 10, items: 12, days: 1_000).OrderBy(e => e.At).ToList();
        if (newestFirst)
        {
            events.Reverse();
        }

        AssertAlike(Entries(events, weights), Entries(Accumulate(events, weights).TakeMatrix(default)));
    }

    [Fact]
    public void Later_purchases_are_the_different_items_bought_after_the_split()
    {
        var behaviour = Accumulate(
        [
            Event("a", "x", EventKind.Purchase, 5), Event("a", "y", EventKind.Purchase, 6),
            Event("a", "y", EventKind.Purchase, 7), Event("a", "z", EventKind.View, 7),
            Event("b", "x", EventKind.Cart, 9), Event("a", "new", EventKind.Purchase, 9),
        ], new() { Purchase = 0 }, Day0.AddDays(5));
        Assert.Equal([new ItemId("new"), new("y")], behaviour.LaterPurchases(new("a")).Order());
        Assert.Equal(2, behaviour.CountLaterPurchases(new("a")));
        Assert.Empty(behaviour.LaterPurchases(new("b")));
        Assert.Empty(behaviour.LaterPurchases(new("nobody")));
    }

    [Fact]
    public void The_split_leaves_the_newest_share_behind_it()
    {
        var events = Enumerable.Range(0, 100).Select(day => Event("a", "x", EventKind.View, (day * 37) % 100))
            .Append(Event("a", "x", EventKind.Search, 500)).ToArray();
        Assert.Equal(Day0.AddDays(89), BehaviourAccumulator.FindSplit(events, new(), 0.1));
        Assert.Equal(Day0.AddDays(99), BehaviourAccumulator.FindSplit(events, new(), 0));
        Assert.Equal(Day0.AddDays(3), BehaviourAccumulator.FindSplit([Event("a", "x", EventKind.Cart, 3)], new(), 0.5));
        Assert.Equal(DateTimeOffset.MaxValue, BehaviourAccumulator.FindSplit([], new(), 0.1));
    }

    [Fact]
    public void Memory_follows_the_pairs_and_not_the_events()
    {
        var pairs = Random(seed: 9, events: 500, users: 20, items: 40, days: 10);
        var behaviour = Accumulate(Again(pairs, 2_000), split: Day0.AddDays(5));
        var bytes = behaviour.Bytes;
        foreach (var e in Again(pairs, 8_000))
        {
            behaviour.Add(e);
        }

        Assert.Equal(500L * 10_000, behaviour.Events);
        Assert.InRange(behaviour.Bytes, bytes, 80_000_000); // Three full buffers of 25 MB, however long it goes on.
        Assert.Equal(Matrix(pairs).Entries.NonZeros, behaviour.TakeMatrix(default).Entries.NonZeros);
    }

    private static IEnumerable<UserEvent> Again(UserEvent[] events, int times) =>
        Enumerable.Range(0, times).SelectMany(_ => events);
}
