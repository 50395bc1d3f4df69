using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Tests.Profiles;

public sealed class UserProfileTests
{
    [Fact]
    public void Events_are_counted_by_kind_and_top_category_with_the_newest_time()
    {
        var profile = Samples.Profile();
        profile.Apply(Samples.Event(1, EventKind.View, 1, days: 2), Samples.Item(1, "FOOD", "BREAD"));
        profile.Apply(Samples.Event(2, EventKind.View, 1, days: -2), Samples.Item(1, "FOOD", "BREAD"));
        profile.Apply(Samples.Event(3, EventKind.Purchase, 2), null);

        Assert.Equal(new(2, Samples.Noon.AddDays(2)), profile.Kinds[EventKind.View]);
        Assert.Equal(new(2, Samples.Noon.AddDays(2)), Assert.Single(profile.Categories, c => c.Key == "FOOD").Value);
        Assert.Equal(3, profile.LastSequence);
        Assert.Equal(2, profile.Items[Samples.Id(1)].Events);
    }

    [Fact]
    public void A_sum_decays_by_half_in_a_half_life_and_a_refund_takes_a_purchase_back()
    {
        var profile = Samples.Profile();
        profile.Apply(Samples.Event(1, EventKind.Purchase, 1, days: -180), null);
        Assert.Equal(0.5, profile.Items[Samples.Id(1)].DecayedSum, 12);

        profile.Apply(Samples.Event(2, EventKind.Refund, 1, days: -180), null);
        Assert.Equal(0, profile.Items[Samples.Id(1)].DecayedSum, 12);
    }

    [Fact]
    public void An_event_that_is_already_in_changes_nothing()
    {
        var profile = Samples.Profile();
        profile.Apply(Samples.Event(5, EventKind.Purchase, 1), null);
        var before = profile.ToData();

        Assert.Equal(default, profile.Apply(Samples.Event(5, EventKind.Purchase, 1), null));
        Assert.Equal(default, profile.Apply(Samples.Event(4, EventKind.Purchase, 2), null));

        AssertSame(before, profile.ToData());
    }

    [Fact]
    public void The_same_events_give_the_same_profile_also_from_a_snapshot_in_between()
    {
        const int seed = 11;
        var (whole, first) = (Samples.Profile(), Samples.Profile());
        var events = History(new Random(seed), 5_000).ToList();
        events.ForEach(e => whole.Apply(e, Samples.Item(1, $"C{e.Sequence % 400}")));
        foreach (var e in events.Take(2_500))
        {
            first.Apply(e, Samples.Item(1, $"C{e.Sequence % 400}"));
        }

        var second = UserProfile.FromData(first.ToData(), first.Record);
        events.ForEach(e => second.Apply(e, Samples.Item(1, $"C{e.Sequence % 400}")));

        AssertSame(whole.ToData(), second.ToData());
    }

    [Fact]
    public void A_snapshot_does_not_follow_later_events()
    {
        var profile = Samples.Profile();
        var empty = profile.ToData();
        profile.Apply(Samples.Event(1, EventKind.Purchase, 1), null);
        Assert.Empty(empty.Items);
        Assert.Empty(empty.Recent);
    }

    [Fact]
    public void Every_collection_stays_bounded()
    {
        var profile = Samples.Profile();
        for (var i = 1; i <= 3_000; i++)
        {
            var recorded = Samples.Event(i, EventKind.Purchase, i, days: i / 1000.0);
            var currency = new Currency($"X{(char)('A' + (i % 26))}{(char)('A' + (i / 26 % 26))}");
            profile.Apply(
                recorded with { Event = recorded.Event with { Amount = new(100, currency), Order = $"o{i}" } },
                Samples.Item(i, $"C{i}"));
        }

        Assert.Equal(UserProfile.ItemsMax, profile.Items.Count);
        Assert.Equal(UserProfile.CategoriesMax, profile.Categories.Count);
        Assert.Equal(UserProfile.CurrenciesMax, profile.SpentMinor.Count);
        Assert.Equal(UserProfile.RecentMax, profile.Recent.Count);
        Assert.Equal(UserProfile.OrdersRemembered, profile.ToData().RecentOrders.Length);
        Assert.Equal(3_000, profile.Orders);
        Assert.Equal(2_999, profile.OrdersBeside("o3000"));
        Assert.Equal(3_000, profile.OrdersBeside("another"));
        Assert.DoesNotContain(Samples.Id(1), profile.Items.Keys); // The oldest purchase weighs least.
        Assert.Contains(Samples.Id(3_000), profile.Items.Keys);
        Assert.Equal("e3000", profile.Recent[^1].Id.Value);
    }

    [Fact]
    public void A_full_profile_tells_which_item_it_dropped()
    {
        var profile = Samples.Profile();
        for (var i = 1; i <= UserProfile.ItemsMax; i++)
        {
            profile.Apply(Samples.Event(i, EventKind.Purchase, i, days: i / 1000.0), null);
        }

        var weight = profile.Items[Samples.Id(1)].DecayedSum;
        var change = profile.Apply(Samples.Event(5_000, EventKind.Purchase, 5_000, days: 10), null);
        Assert.Equal(new ItemChange(Samples.Id(1), weight, 0), change.Dropped);

        var tooLight = profile.Apply(Samples.Event(5_001, EventKind.View, 5_001), null);
        Assert.Equal(default, tooLight);
        Assert.DoesNotContain(Samples.Id(5_001), profile.Items.Keys);
    }

    [Fact]
    public void Lines_of_one_order_count_once_and_purchases_without_order_once_for_each_instant()
    {
        var profile = Samples.Profile();
        var sequence = 0L;
        (string?, double)[] purchases = [("a", 0), ("b", 0), ("a", 1), (null, 2), (null, 2), (null, 3)];
        foreach (var (order, days) in purchases)
        {
            var recorded = Samples.Event(++sequence, EventKind.Purchase, 1, days);
            profile.Apply(recorded with { Event = recorded.Event with { Order = order } }, null);
        }

        Assert.Equal(4, profile.Orders);
    }

    [Fact]
    public void Spend_is_net_of_refunds_and_never_overflows()
    {
        var profile = Samples.Profile();
        Pay(1, EventKind.Purchase, 500);
        Pay(2, EventKind.Refund, 120);
        Assert.Equal(380, profile.SpentMinor[Samples.Usd]);

        Pay(3, EventKind.Purchase, long.MaxValue);
        Pay(4, EventKind.Cart, 77);
        Assert.Equal(long.MaxValue, profile.SpentMinor[Samples.Usd]);

        void Pay(long sequence, EventKind kind, long minor)
        {
            var recorded = Samples.Event(sequence, kind, 1);
            profile.Apply(recorded with { Event = recorded.Event with { Amount = new(minor, Samples.Usd) } }, null);
        }
    }

    [Fact]
    public void Rebasing_gives_the_profile_as_if_made_from_the_other_time()
    {
        var reference = Samples.Noon.AddDays(77);
        var (here, there) = (Samples.Profile(), new UserProfile(new() { Id = Samples.Ann }, new(), reference));
        foreach (var e in History(new Random(5), 500))
        {
            here.Apply(e, null);
            there.Apply(e, null);
        }

        var rebased = here.Rebase(reference);

        Assert.Equal(reference, rebased.Reference);
        Assert.Equal(there.Items.Keys.Order(), rebased.Items.Keys.Order());
        Assert.All(there.Items, i => Assert.Equal(i.Value.DecayedSum, rebased.Items[i.Key].DecayedSum, 1e-9));
        Assert.Equal(there.Orders, rebased.Orders);
    }

    private static IEnumerable<RecordedEvent> History(Random random, int count)
    {
        EventKind[] kinds = [EventKind.View, EventKind.Cart, EventKind.Purchase, EventKind.Refund, EventKind.Claimed];
        for (var i = 1; i <= count; i++)
        {
            var recorded =
                Samples.Event(i, kinds[random.Next(kinds.Length)], random.Next(2_500), random.Next(-300, 300));
            yield return recorded with
            {
                Event = recorded.Event with
                {
                    Order = $"o{random.Next(500)}",
                    Amount = new(random.Next(10_000), Samples.Usd),
                },
            };
        }
    }

    [Fact]
    public void The_newest_events_come_back_with_everything_that_they_had()
    {
        UserEvent[] events =
        [
            new() { Id = new("näckt"), User = Samples.Ann, Kind = EventKind.Search, At = Samples.Noon, Query = "grüner Tee" },
            new()
            {
                Id = new("2"), User = Samples.Ann, Kind = EventKind.Purchase, At = Samples.Noon.AddTicks(1),
                Item = Samples.Id(1), Quantity = 3, Amount = new(-5, Samples.Usd), Order = "o", Dwell = TimeSpan.FromTicks(7),
            },
            new()
            {
                Id = new("3"), User = new("another"), Kind = EventKind.Rated, At = DateTimeOffset.MaxValue,
                Offer = new("offer"), CouponCode = "CODE", Rating = 5, Propensity = 0.25,
                Exposure = new(new(7), 2, Samples.Noon, -1.5, 0.125),
            },
            new()
            {
                Id = new("4"), User = Samples.Ann, Kind = EventKind.Issued, At = DateTimeOffset.MinValue,
                Exposure = new(new(7), 1, Samples.Noon, 2),
            },
        ];
        var profile = Samples.Profile();
        for (var n = 0; n < events.Length; n++)
        {
            profile.Apply(new(n + 1, events[n]), null);
            Assert.Equal(events[..(n + 1)], profile.Recent);
        }

        Assert.Equal(events, UserProfile.FromData(profile.ToData(), profile.Record).Recent);
    }

    private static void AssertSame(ProfileData expected, ProfileData actual)
    {
        Assert.Equal(expected.LastSequence, actual.LastSequence);
        Assert.Equal(expected.Items.OrderBy(i => i.Key), actual.Items.OrderBy(i => i.Key));
        Assert.Equal(expected.Kinds.OrderBy(k => k.Key), actual.Kinds.OrderBy(k => k.Key));
        Assert.Equal(expected.Categories.OrderBy(c => c.Key), actual.Categories.OrderBy(c => c.Key));
        Assert.Equal(expected.SpentMinor, actual.SpentMinor);
        Assert.Equal((expected.Dwell, expected.Orders), (actual.Dwell, actual.Orders));
        Assert.Equal(expected.RecentOrders, actual.RecentOrders);
        Assert.Equal(expected.Recent, actual.Recent);
    }
}
