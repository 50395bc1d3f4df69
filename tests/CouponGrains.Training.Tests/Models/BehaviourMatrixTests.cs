using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using static CouponGrains.Training.Tests.Models.BehaviourStreams;

namespace CouponGrains.Training.Tests.Models;

public sealed class BehaviourMatrixTests
{
    [Fact]
    public void Entries_are_the_logarithm_of_decayed_sums_seen_from_the_newest_event()
    {
        var matrix = Matrix(
            Event("b", "y", EventKind.Purchase, 180), Event("b", "y", EventKind.View, 0),
            Event("a", "x", EventKind.Cart, 90));
        Assert.Equal([new UserId("a"), new("b")], matrix.Users);
        Assert.Equal([new ItemId("x"), new("y")], matrix.Items);
        Assert.Equal(Day0.AddDays(180), matrix.Reference);
        Assert.Equal((float)Math.Log(1 + (0.5 * Math.Sqrt(0.5))), matrix.Entries.Values[0], 1e-6f);
        Assert.Equal((float)Math.Log(1 + 1.0 + (0.2 * 0.5)), matrix.Entries.Values[1], 1e-6f);
    }

    [Fact]
    public void Repeated_events_add_up_in_one_entry()
    {
        var matrix = Matrix([.. Enumerable.Range(0, 1_000).Select(_ => Event("a", "x", EventKind.View, 7))]);
        Assert.Equal((float)Math.Log(1 + 200), Assert.Single(matrix.Entries.Values), 1e-5f);
    }

    [Fact]
    public void A_user_with_one_event_has_a_row_with_one_entry()
    {
        var matrix = Matrix(Event("once", "x", EventKind.View, 1), Event("b", "y", EventKind.Purchase, 1));
        Assert.Equal([new UserId("b"), new("once")], matrix.Users);
        Assert.Equal([1], matrix.Entries.RowIndices(0).ToArray());
        Assert.Equal([0], matrix.Entries.RowIndices(1).ToArray());
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
    public void More_refunds_than_purchases_weigh_against_later_purchases_too()
    {
        var matrix = Matrix(
            Event("a", "x", EventKind.Refund, 1), Event("a", "x", EventKind.Refund, 1),
            Event("a", "x", EventKind.Purchase, 1), Event("b", "y", EventKind.View, 1));
        Assert.Equal([new UserId("b")], matrix.Users);
        Assert.Equal([new ItemId("y")], matrix.Items);
    }

    [Fact]
    public void A_refund_takes_away_what_its_own_weight_says()
    {
        UserEvent[] events = [Event("a", "x", EventKind.Purchase, 1), Event("a", "x", EventKind.Refund, 1)];
        var matrix = Accumulate(events, new() { Refund = 0.25 }).TakeMatrix(default);
        Assert.Equal((float)Math.Log(1 + 0.75), Assert.Single(matrix.Entries.Values), 1e-6f);
    }

    [Fact]
    public void Events_that_weigh_nothing_or_name_no_item_leave_no_trace()
    {
        var behaviour = Accumulate(
        [
            Event("a", "x", EventKind.View, 5), Event("a", "x", EventKind.Purchase, 1),
            Event("b", "y", EventKind.Search, 9), Event("b", "y", EventKind.Issued, 9),
            Event("c", "y", EventKind.Purchase, 9) with { Item = null },
        ], new() { View = 0 });
        var matrix = behaviour.TakeMatrix(default);
        Assert.Equal((1L, Day0.AddDays(1), Day0.AddDays(1)), (behaviour.Events, behaviour.Oldest, behaviour.Newest));
        Assert.Equal([new UserId("a")], matrix.Users);
        Assert.Equal(Day0.AddDays(1), matrix.Reference);
    }

    [Fact]
    public void An_empty_stream_gives_an_empty_matrix()
    {
        var matrix = Matrix();
        Assert.Equal((0, 0, 0L), (matrix.Users.Count, matrix.Items.Count, matrix.Entries.NonZeros));
    }

    [Fact]
    public void Random_streams_give_what_a_dictionary_of_sums_gives()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var events = Random(seed, events: 3_000, users: 1 + (seed * 7), items: 1 + (seed * 5), days: 40 * seed);
            var weights = new BehaviourWeights { Refund = 0.9, HalfLife = TimeSpan.FromDays(3 * seed) };
            AssertAlike(Entries(events, weights), Entries(Accumulate(events, weights).TakeMatrix(default)));
        }
    }

    [Fact]
    public void The_order_of_the_log_does_not_matter()
    {
        var events = Random(seed: 3, events: 2_000, users: 20, items: 30, days: 100);
        var (there, back) = (Matrix(events), Matrix([.. events.Reverse()]));
        AssertAlike(Entries(there), Entries(back));
        Assert.Equal(there.Reference, back.Reference);
    }

    [Fact]
    public void The_same_stream_gives_the_same_bits()
    {
        var events = Random(seed: 4, events: 5_000, users: 50, items: 60, days: 300);
        var (first, second) = (Matrix(events), Matrix(events));
        Assert.Equal(first.Users, second.Users);
        Assert.Equal(first.Entries.Indices, second.Entries.Indices);
        Assert.Equal(first.Entries.Values, second.Entries.Values);
    }

    [Fact]
    public void Rows_and_columns_stand_in_ordinal_order_whatever_the_order_of_the_log()
    {
        var matrix = Matrix(Random(seed: 5, events: 3_000, users: 120, items: 130, days: 10));
        Assert.Equal(matrix.Users.Order(), matrix.Users);
        Assert.Equal(matrix.Items.Order(), matrix.Items);
        Assert.Equal(matrix.Entries.ToDense(), matrix.Entries.Transpose().Transpose().ToDense());
    }

    [Fact]
    public void A_row_equals_what_the_users_own_profile_folds_in()
    {
        var events = Random(seed: 6, events: 2_000, users: 9, items: 40, days: 700);
        var weights = new BehaviourWeights { View = 0.3, Refund = 0.8, HalfLife = TimeSpan.FromDays(60) };
        var matrix = Accumulate(events, weights).TakeMatrix(default);
        var folded = new Dictionary<(UserId, ItemId), float>();
        foreach (var user in events.Select(e => e.User).Distinct())
        {
            // The profile sees its sums from another time than the matrix, as it does until it is rebuilt.
            var profile = new UserProfile(new() { Id = user }, weights, Day0.AddDays(500));
            foreach (var (place, e) in events.Where(e => e.User == user).Index())
            {
                profile.Apply(new(place + 1, e), null);
            }

            foreach (var (item, history) in profile.Rebase(matrix.Reference).Items)
            {
                folded.Add((user, item), BehaviourWeights.Entry(history.DecayedSum));
            }
        }

        AssertAlike(folded, Entries(matrix));
    }
}
