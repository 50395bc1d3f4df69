using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Storage.Tests.Events;

/// <summary>What every event log must do.</summary>
public abstract class EventLogSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private IEventLog Log => Store.Events;

    [Fact]
    public async Task An_event_comes_back_with_every_field()
    {
        var full = Samples.Full("e1", "u1");
        var bare = new UserEvent { Id = new("e2"), User = new("u1"), Kind = EventKind.Search, At = Samples.Start, Query = "" };
        await Log.Append([full, bare], default);
        Assert.Equal([full, bare], (await Log.ReadUser(new("u1"), 0, 10, default)).Select(r => r.Event));
    }

    [Fact]
    public async Task Places_in_the_log_grow_in_the_order_given()
    {
        var results = await Log.Append([Samples.View("a", "u1", "i1"), Samples.View("b", "u2", "i1")], default);
        var later = await Log.Append([Samples.View("c", "u1", "i1", Samples.Start.AddDays(-30))], default);
        Assert.All(results, r => Assert.Equal(AppendStatus.Accepted, r.Status));
        Assert.True(results[0].Sequence < results[1].Sequence && results[1].Sequence < later[0].Sequence);
        Assert.Equal(new EventLogSize(3, later[0].Sequence), await Log.Size(default));
    }

    [Fact]
    public async Task The_same_event_again_is_a_duplicate_and_records_nothing()
    {
        var first = await Log.Append([Samples.Full("e1", "u1")], default);
        var again = await Log.Append([Samples.Full("e1", "u1")], default);
        Assert.Equal(new AppendResult(AppendStatus.Duplicate, first[0].Sequence), again[0]);
        Assert.Equal(1, (await Log.Size(default)).Events);
    }

    [Fact]
    public async Task A_text_with_a_NUL_inside_comes_back_whole()
    {
        var e = Samples.Full("e1", "u1") with { Query = "before\0after" };
        await Log.Append([e], default);
        Assert.Equal(AppendStatus.Duplicate, (await Log.Append([e], default))[0].Status);
        Assert.Equal([e], (await Log.ReadUser(e.User, 0, 10, default)).Select(r => r.Event));
    }

    [Fact]
    public async Task The_same_time_in_another_zone_is_still_the_same_event()
    {
        var e = Samples.View("e1", "u1", "i1");
        await Log.Append([e], default);
        var again = await Log.Append([e with { At = e.At.ToOffset(TimeSpan.FromHours(8)) }], default);
        Assert.Equal(AppendStatus.Duplicate, again[0].Status);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("kind")]
    [InlineData("at")]
    [InlineData("item")]
    [InlineData("quantity")]
    [InlineData("amount")]
    [InlineData("currency")]
    [InlineData("order")]
    [InlineData("dwell")]
    [InlineData("query")]
    [InlineData("offer")]
    [InlineData("code")]
    [InlineData("rating")]
    [InlineData("propensity")]
    public async Task The_same_id_with_other_content_is_a_conflict(string field)
    {
        var e = Samples.Full("e1", "u1");
        await Log.Append([e], default);
        var result = await Log.Append([Changed(e, field)], default);
        Assert.Equal(new AppendResult(AppendStatus.Conflict, 0), result[0]);
        Assert.Equal([e], (await Log.ReadUser(e.User, 0, 10, default)).Select(r => r.Event));
    }

    [Fact]
    public async Task A_duplicate_and_a_conflict_inside_one_batch_are_told_apart()
    {
        var e = Samples.View("e1", "u1", "i1");
        var results = await Log.Append([e, e, e with { Quantity = 2 }, Samples.View("e2", "u1", "i1")], default);
        Assert.Equal([AppendStatus.Accepted, AppendStatus.Duplicate, AppendStatus.Conflict, AppendStatus.Accepted],
            results.Select(r => r.Status));
    }

    [Fact]
    public async Task A_large_append_keeps_every_field_and_tells_new_repeated_and_conflicting_events_apart()
    {
        var known = Enumerable.Range(0, 300).Select(i => Samples.Full($"e{i}", $"u{i % 7}")).ToArray();
        var first = await Log.Append(known, default);
        UserEvent[] mixed =
        [
            .. known[..100], known[7] with { Quantity = 2 },
            .. Enumerable.Range(300, 400).Select(i => Samples.View($"e{i}", $"u{i % 11}", $"i{i % 5}")),
            Samples.View("e399", "u3", "i4"), Samples.View("e399", "u3", "i0"),
        ];
        var results = await Log.Append(mixed, default);
        Assert.All(first, r => Assert.Equal(AppendStatus.Accepted, r.Status));
        Assert.Equal(
            first[..100].Select(r => new AppendResult(AppendStatus.Duplicate, r.Sequence)), results[..100]);
        Assert.Equal(
            (AppendStatus.Conflict, AppendStatus.Duplicate, AppendStatus.Conflict),
            (results[100].Status, results[^2].Status, results[^1].Status));
        Assert.Equal(results[101 + 99].Sequence, results[^2].Sequence);
        Assert.All(results[101..^2], r => Assert.Equal(AppendStatus.Accepted, r.Status));
        Assert.Equal(new EventLogSize(700, results[^3].Sequence), await Log.Size(default));
        var all = await Log.ReadAll(0, default).ToListAsync();
        Assert.Equal([.. known, .. mixed[101..^2]], all.Select(r => r.Event));
        Assert.Equal([.. first.Concat(results[101..^2]).Select(r => r.Sequence)], all.Select(r => r.Sequence));
        Assert.NotNull(await Store.Users.Get(new("u10"), default));
    }

    [Fact]
    public async Task Ids_with_halves_of_characters_are_told_apart_in_a_large_append_too()
    {
        var events = Enumerable.Range(0, 300).Select(i => Samples.View($"e{i}", "u1", "i1")).ToArray();
        events[5] = events[5] with { Id = new("smile-\ud83d\ude00") };
        Assert.All(await Log.Append(events, default), r => Assert.Equal(AppendStatus.Accepted, r.Status));
        Assert.All(await Log.Append(events, default), r => Assert.Equal(AppendStatus.Duplicate, r.Status));
        Assert.Equal(300, (await Log.Size(default)).Events);
    }

    [Fact]
    public async Task Large_appends_at_once_that_share_events_record_each_once()
    {
        var events = Enumerable.Range(0, 2_000).Select(i => Samples.View($"e{i}", $"u{i % 97}", $"i{i % 31}")).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            Log.Append(events[(i * 125)..((i * 125) + 500)], default))));
        Assert.Equal(1_875, answers.Sum(a => a.Count(r => r.Status == AppendStatus.Accepted)));
        Assert.All(answers.SelectMany(a => a), r => Assert.NotEqual(AppendStatus.Conflict, r.Status));
        Assert.Equal(1_875, (await Log.Size(default)).Events);
        Assert.Equal(1_875, (await Log.ReadAll(0, default).ToListAsync()).Select(r => r.Event.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_first_event_creates_its_user_and_item()
    {
        await Log.Append([Samples.View("e1", "new-user", "new-item")], default);
        Assert.Equal(new("new-user"), (await Store.Users.Get(new("new-user"), default))?.Id);
        var item = Assert.Single(await Store.Catalog.Get([new("new-item")], default));
        Assert.Equal(Item.FirstSeen(new("new-item")).Title, item.Title);
        Assert.False(item.Described);
    }

    [Fact]
    public async Task An_event_leaves_a_known_user_and_item_as_they_are()
    {
        await Store.Catalog.Put([new() { Id = new("i1"), Title = "Cola" }], default);
        await Store.Users.Put([new() { Id = new("u1"), Consent = false }], default);
        await Log.Append([Samples.View("e1", "u1", "i1")], default);
        Assert.Equal("Cola", Assert.Single(await Store.Catalog.Get([new("i1")], default)).Title);
        Assert.False((await Store.Users.Get(new("u1"), default))?.Consent);
    }

    [Fact]
    public async Task A_user_is_read_on_from_a_place_in_the_log()
    {
        await Log.Append([.. Enumerable.Range(0, 20).Select(i => Samples.View($"e{i}", $"u{i % 2}", "i1"))], default);
        var first = await Log.ReadUser(new("u1"), 0, 3, default);
        var rest = await Log.ReadUser(new("u1"), first[^1].Sequence, 100, default);
        Assert.Equal(["e1", "e3", "e5"], first.Select(r => r.Event.Id.Value));
        Assert.Equal(["e7", "e9", "e11", "e13", "e15", "e17", "e19"], rest.Select(r => r.Event.Id.Value));
        Assert.Empty(await Log.ReadUser(new("nobody"), 0, 10, default));
    }

    [Fact]
    public async Task The_whole_log_is_streamed_in_order_over_many_pages()
    {
        const int count = 12_345;
        await Log.Append([.. Enumerable.Range(0, count).Select(i => Samples.View($"e{i}", $"u{i % 97}", $"i{i % 31}"))], default);
        var ids = new List<string>();
        var last = 0L;
        await foreach (var recorded in Log.ReadAll(0, default))
        {
            Assert.True(recorded.Sequence > last);
            last = recorded.Sequence;
            ids.Add(recorded.Event.Id.Value);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"e{i}"), ids);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1_000)]
    public async Task A_sample_that_may_hold_the_whole_log_is_the_whole_log_in_order(int count)
    {
        await Append(count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"e{i}"), await Sample(1_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(6_000)]
    [InlineData(11_999)]
    public async Task A_smaller_sample_lies_evenly_over_the_log_in_order_without_repeats(int most)
    {
        const int count = 12_000;
        await Append(count);
        var places = (await Sample(most)).ConvertAll(id => int.Parse(id[1..]));
        Assert.Equal(most, places.Count);
        Assert.Equal(places.Distinct().Order(), places);
        for (var i = 0; i < most; i++)
        {
            Assert.InRange(places[i] - ((double)i * count / most), -1, 1);
        }
    }

    [Fact]
    public async Task Appending_goes_on_while_somebody_reads_the_whole_log()
    {
        await Log.Append([.. Enumerable.Range(0, 20_000).Select(i => Samples.View($"e{i}", "u1", "i1"))], default);
        var read = 0;
        await foreach (var recorded in Log.ReadAll(0, default))
        {
            if (read++ % 5_000 == 0)
            {
                await Log.Append([Samples.View($"late-{read}", "u2", "i1")], default);
            }
        }

        Assert.InRange(read, 20_004, 20_010);
    }

    [Fact]
    public async Task Many_callers_at_once_each_get_their_own_answers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() =>
            Log.Append([Samples.View($"e{i % 250}", "u1", "i1"), Samples.View($"x{i}", "u2", "i2")], default))));
        Assert.Equal(250, answers.Count(a => a[0].Status == AppendStatus.Accepted));
        Assert.Equal(250, answers.Count(a => a[0].Status == AppendStatus.Duplicate));
        Assert.All(answers, a => Assert.Equal(AppendStatus.Accepted, a[1].Status));
        Assert.Equal(750, (await Log.Size(default)).Events);
    }

    [Fact]
    public async Task Acknowledged_events_are_there_after_a_close_and_after_a_crash()
    {
        await Log.Append([Samples.Full("e1", "u1")], default);
        await Store.Reopen();
        await Log.Append([Samples.Full("e2", "u1")], default);
        await Store.Crash();
        Assert.Equal(["e1", "e2"], (await Log.ReadUser(new("u1"), 0, 10, default)).Select(r => r.Event.Id.Value));
        Assert.Equal(AppendStatus.Duplicate, (await Log.Append([Samples.Full("e2", "u1")], default))[0].Status);
    }

    [Fact]
    public async Task A_cancelled_append_records_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Log.Append([Samples.View("e1", "u1", "i1")], new CancellationToken(canceled: true)));
        Assert.Equal(0, (await Log.Size(default)).Events);
    }

    [Fact]
    public async Task An_empty_append_answers_nothing() => Assert.Empty(await Log.Append([], default));

    private async Task Append(int count)
    {
        if (count > 0)
        {
            await Log.Append([.. Enumerable.Range(0, count).Select(i => Samples.View($"e{i}", $"u{i % 7}", "i1"))], default);
        }
    }

    private async Task<List<string>> Sample(int most)
    {
        var ids = new List<string>();
        await foreach (var recorded in Log.ReadSample(most, default))
        {
            ids.Add(recorded.Event.Id.Value);
        }

        return ids;
    }

    private static UserEvent Changed(UserEvent e, string field) => field switch
    {
        "user" => e with { User = new("u2") },
        "kind" => e with { Kind = EventKind.View },
        "at" => e with { At = e.At.AddTicks(1) },
        "item" => e with { Item = null },
        "quantity" => e with { Quantity = 4 },
        "amount" => e with { Amount = null },
        "currency" => e with { Amount = new(1_999, Samples.Usd) },
        "order" => e with { Order = "" },
        "dwell" => e with { Dwell = null },
        "query" => e with { Query = "Two words" },
        "offer" => e with { Offer = null },
        "code" => e with { CouponCode = null },
        "rating" => e with { Rating = 5 },
        "propensity" => e with { Propensity = 0.3 },
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };
}
