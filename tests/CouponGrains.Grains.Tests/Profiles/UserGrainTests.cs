using System.Text;
using System.Text.Json;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Grains.Tests.Profiles;

public sealed class UserGrainTests
{
    [Fact]
    public async Task An_event_changes_the_next_offers()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");

        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        var first = await user.Offers(new());
        Assert.Equal("spring-tea", first.Offers[0].Offer.Id.Value);
        Assert.True(first.Personal);
        Assert.Equal("past_item", first.Offers[0].Reasons[0].Kind);

        await user.Record([.. Enumerable.Range(0, 3).Select(i => Samples.Event($"e2{i}", "ann", "bread-1", shop.Time.GetUtcNow()))]);
        Assert.Equal("spring-bread", (await user.Offers(new())).Offers[0].Offer.Id.Value);
    }

    [Fact]
    public async Task A_caller_that_keeps_offers_is_sent_only_others()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var (user, bob) = (shop.User("ann"), shop.User("bob"));
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        using var kept = new KnownOffers<OffersAnswer>(json => JsonSerializer.Deserialize<OffersAnswer>(json, WireJson.Options)!);

        var (tag, offers) = await kept.Ask(user, new(), default);
        Assert.Equal(
            JsonSerializer.Serialize(await user.Offers(new()), WireJson.Options), JsonSerializer.Serialize(offers, WireJson.Options));
        Assert.Same(offers, (await kept.Ask(user, new(), default)).Offers);
        Assert.Single((await kept.Ask(user, new(Count: 1), default)).Offers.Offers);
        Assert.NotEqual(tag, (await kept.Ask(bob, new(), default)).Tag);

        await user.Record([Samples.Event("e2", "ann", "bread-1", shop.Time.GetUtcNow())]);
        var changed = await kept.Ask(user, new(), default);
        Assert.NotEqual(tag, changed.Tag);
        Assert.Equal(
            JsonSerializer.Serialize(await user.Offers(new()), WireJson.Options),
            JsonSerializer.Serialize(changed.Offers, WireJson.Options));
    }

    [Fact]
    public async Task A_look_into_the_wallet_is_a_change_only_if_it_finds_a_coupon_that_has_run_out()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        var coupon = (await user.Issue(new("i1", new("spring")))).Value!;
        var before = await user.Changed(0, TimeSpan.Zero);
        Assert.Single(await user.Wallet());
        Assert.Equal(before, await user.Changed(0, TimeSpan.Zero));

        shop.Time.Advance(coupon.ExpiresAt - shop.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        Assert.Equal(CouponState.Expired, (await user.Wallet()).Single().Coupon.State);
        Assert.NotEqual(before, await user.Changed(0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Offers_as_json_are_the_offers_that_are_answered_as_objects()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);

        var answer = await user.Offers(new());
        Assert.NotEmpty(answer.Offers);
        Assert.Equal(JsonSerializer.Serialize(answer, WireJson.Options), Encoding.UTF8.GetString((await user.OffersJson(new())).Json!));
    }

    [Fact]
    public async Task An_answer_is_given_again_only_until_something_happens()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        var first = await user.OffersJson(new());
        Assert.Equal(first.Json, (await user.OffersJson(new())).Json);
        Assert.Equal(first.Tag, (await user.OffersJson(new())).Tag);
        Assert.Null((await user.OffersJson(new(), first.Tag)).Json);
        Assert.NotEqual(first.Tag, (await user.OffersJson(new(Count: 1), first.Tag)).Tag);

        await user.Record([Samples.Event("e2", "ann", "bread-1", shop.Time.GetUtcNow())]);
        var second = await user.OffersJson(new(), first.Tag);
        Assert.NotEqual(first.Tag, second.Tag);
        Assert.Equal(JsonSerializer.Serialize(await user.Offers(new()), WireJson.Options), Encoding.UTF8.GetString(second.Json!));

        var issued = await user.Issue(new("i1", new("spring")));
        Assert.DoesNotContain(
            issued.Value!.Offer.Value, Encoding.UTF8.GetString((await user.OffersJson(new())).Json!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_not_kept_beside_the_profile_and_what_follows_it_counts()
    {
        await using var shop = await TestShop.Start(configure: o => o.SnapshotEvents = 1);
        var user = shop.User("ann");
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        await TestShop.Soon(async () => (await user.Show()).Value!.Kinds[EventKind.Purchase].Count, n => n == 1, "an event");
        await user.Record([Samples.Event("e2", "ann", "tea-2", shop.Time.GetUtcNow())]);
        await shop.Cluster.DeactivateAsync(user.GetGrainId());
        Assert.Equal(2, (await user.Show()).Value!.Kinds[EventKind.Purchase].Count);
    }

    [Fact]
    public async Task Without_consent_offers_are_ranked_by_popularity()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        await user.Describe(new() { Id = new("ann"), Consent = false, Attributes = new Dictionary<string, string> { ["age"] = "18-24" } });

        Assert.False((await user.Offers(new())).Personal);
        await shop.Cluster.DeactivateAsync(user.GetGrainId());
        Assert.False((await user.Offers(new())).Personal);
        Assert.Equal("18-24", (await user.Show()).Value!.Record.Attributes["age"]);
    }

    [Fact]
    public async Task An_event_recorded_twice_counts_once_and_one_with_other_content_is_refused()
    {
        await using var shop = await TestShop.Start();
        var e = Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow());
        var user = shop.User("ann");

        var answers = await user.Record([e, e, e with { Quantity = 2 }]);
        Assert.Equal([AppendStatus.Accepted, AppendStatus.Duplicate, AppendStatus.Conflict], answers.Select(a => a.Status!.Value));
        Assert.Equal(RefusalCodes.DuplicateOtherContent, answers[2].Refusal!.Code);
        Assert.Equal(AppendStatus.Duplicate, (await user.Record([e]))[0].Status);
        Assert.Equal(1, (await user.Show()).Value!.Kinds[EventKind.Purchase].Count);
    }

    [Fact]
    public async Task A_bad_event_is_refused_and_the_others_of_the_batch_are_recorded()
    {
        await using var shop = await TestShop.Start();
        var now = shop.Time.GetUtcNow();
        var answers = await shop.User("ann").Record(
        [
            Samples.Event("e1", "ann", "tea-1", now) with { Quantity = 0 },
            Samples.Event("e2", "ann", "tea-1", now),
            Samples.Event("e3", "bob", "tea-1", now),
        ]);
        Assert.Equal([RefusalCodes.InvalidValue, null, RefusalCodes.InvalidId], answers.Select(a => a.Refusal?.Code));
        Assert.Equal([null, AppendStatus.Accepted, null], answers.Select(a => a.Status));
    }

    [Fact]
    public async Task Nobody_is_shown_who_was_never_seen()
    {
        await using var shop = await TestShop.Start();
        Assert.Equal(RefusalCodes.UnknownUser, (await shop.User("nobody").Show()).Refusal!.Code);
    }

    [Theory]
    [InlineData(0)] // No snapshot but the one at deactivation.
    [InlineData(60)] // One snapshot on the way.
    public async Task The_profile_survives_deactivation(int more)
    {
        await using var shop = await TestShop.Start();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        await Fill(shop, 3 + more);
        var before = (await user.Show()).Value!;

        await shop.Cluster.DeactivateAsync(user.GetGrainId());
        await Same(shop, before);
    }

    [Fact]
    public async Task The_profile_survives_a_crash_without_any_snapshot()
    {
        await using var shop = await TestShop.Start(silos: 2, configure: o => o.SnapshotEvents = 100_000);
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        await Fill(shop, 5);
        var before = (await shop.User("ann").Show()).Value!;

        Assert.True(shop.Cluster.TryGetGrainContext(shop.User("ann").GetGrainId(), out var context));
        var silo = shop.Cluster.GetSiloForAddress(context.Address.SiloAddress!)!;
        await shop.Cluster.KillSiloAsync(silo);
        await Same(shop, before);
    }

    [Fact]
    public async Task Events_that_came_into_the_log_by_another_way_are_seen_with_the_next_write()
    {
        await using var shop = await TestShop.Start();
        var user = shop.User("ann");
        await Fill(shop, 1);
        await shop.Store.Events.Append([Samples.Event("beside", "ann", "tea-2", shop.Time.GetUtcNow())], CancellationToken.None);
        await user.Record([Samples.Event("own", "ann", "tea-3", shop.Time.GetUtcNow())]);
        Assert.Equal(["tea-1", "tea-2", "tea-3"], (await user.Show()).Value!.Recent.Select(e => e.Item!.Value.Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)] // The log is still behind the snapshot.
    [InlineData(2)] // Another event stands at the snapshot's place.
    [InlineData(3)]
    public async Task A_snapshot_from_beyond_a_log_that_was_taken_back_is_built_anew(int more)
    {
        await using var shop = await TestShop.Start();
        await Fill(shop, 3);
        await shop.Cluster.DeactivateAsync(shop.User("ann").GetGrainId());
        shop.TakeBack(1);
        await shop.Store.Events.Append(
            [.. Enumerable.Range(0, more).Select(i => Samples.Event($"more-{i}", "ann", "tea-2", shop.Time.GetUtcNow()))], CancellationToken.None);

        var seen = (await shop.User("ann").Show()).Value!;
        Assert.Equal(1 + more, seen.Kinds[EventKind.Purchase].Count);
        Assert.Equal(["tea-1", .. Enumerable.Repeat("tea-2", more)], seen.Recent.Select(e => e.Item!.Value.Value));
    }

    [Fact]
    public async Task A_new_model_is_picked_up_without_a_restart_and_rolled_back()
    {
        await using var shop = await TestShop.Start(silos: 2);
        await shop.Open();
        var now = shop.Time.GetUtcNow();
        var first = await shop.Publish(Samples.TeaAndBread(now.AddDays(-3)));
        await shop.User("ann").Record([Samples.Event("e1", "ann", "tea-1", now)]);
        Assert.Equal(first, (await shop.User("ann").Offers(new())).Model);

        var second = await shop.Publish(Samples.TeaAndBread(now, new() { Purchase = 3, HalfLife = TimeSpan.FromDays(30) }));
        var offers = await shop.User("ann").Offers(new OffersQuery(5));
        Assert.Equal(second, offers.Model);
        Assert.True(offers.Personal);
        // r = ln(1 + 3 · 2^0) under the weights of the second model; the item's row is (1, 0).
        Assert.Equal(Math.Log(4), BitConverter.ToSingle((await shop.User("ann").Show()).Value!.Taste), 4);

        Assert.Null((await shop.Registry.Promote(first, "rolled back by operator")).Refusal);
        Assert.Equal(first, (await shop.User("ann").Offers(new())).Model);
        Assert.Equal(BehaviourWeights.Entry(new BehaviourWeights().Decay(now, now.AddDays(-3))),
            BitConverter.ToSingle((await shop.User("ann").Show()).Value!.Taste), 4);
        Assert.Equal([first, second, first], (await shop.Registry.List()).History.Select(h => h.To));
    }

    private static async Task Fill(TestShop shop, int events)
    {
        for (var i = 0; i < events; i++)
        {
            var item = $"{(i % 2 == 0 ? "tea" : "bread")}-{1 + (i % 3)}";
            await shop.User("ann").Record([Samples.Event($"fill-{i}", "ann", item, shop.Time.GetUtcNow())]);
        }
    }

    private static async Task Same(TestShop shop, Contracts.Profiles.UserView before)
    {
        var after = (await shop.User("ann").Show()).Value!;
        Assert.Equal(before.Kinds, after.Kinds);
        Assert.Equal(before.Orders, after.Orders);
        Assert.Equal(before.Recent, after.Recent);
        Assert.Equal(before.Model, after.Model);
        Assert.Equal(BitConverter.ToSingle(before.Taste), BitConverter.ToSingle(after.Taste), 4);
    }
}
