using CouponGrains.Domain.Audit;

namespace CouponGrains.Storage.Tests.Audit;

/// <summary>The chain of operators' changes: written with them, read back, never torn.</summary>
public abstract class AuditLogSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private IAuditLog Log => Store.Audit;

    [Fact]
    public async Task What_is_appended_is_read_back_as_one_chain_also_after_a_crash()
    {
        Assert.Equal(AuditHead.None, await Log.Head(default));
        var first = await Log.Append(Entry("campaign.create"), default);
        await Store.Crash();
        var second = await Log.Append(
            Entry("model.promote") with { Outcome = AuditOutcome.Begun, Request = "r\u00e9q", Changes = [] }, default);
        Assert.Equal((1, 2, first.Hash), (first.Number, second.Number, second.Previous));
        var read = await Log.Read(0, 10, default);
        Assert.Equal([first.Hash, second.Hash], read.Select(AuditChain.HashOf));
        Assert.Equal(first.Changes, read[0].Changes);
        Assert.Equal(new AuditHead(2, second.Hash), await Log.Head(default));
        Assert.Equal(new AuditHead(2, second.Hash), (await Log.Verify(AuditCheck.Begin, null, default)).Head);
        Assert.Single(await Log.Read(1, 10, default));
    }

    [Fact]
    public async Task Many_who_append_at_once_make_one_chain_without_gap_or_fork()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 25; i++)
            {
                await Log.Append(Entry("test", $"writer/{writer}"), default);
            }
        }));
        var check = await Log.Verify(AuditCheck.Begin, null, default);
        Assert.Equal((200, null), (check.Head.Number, check.Fault));
        Assert.Equal(8, (await Log.Read(0, 1_000, default)).GroupBy(e => e.Target).Count(g => g.Count() == 25));
    }

    [Fact]
    public async Task Each_store_records_a_change_with_it_and_nothing_where_nothing_changed()
    {
        var campaign = Samples.Campaign();
        Assert.True(await Store.Campaigns.Put(campaign, default, Entry("campaign.create")));
        Assert.False(await Store.Campaigns.Put(campaign, default, Entry("campaign.create")));
        await Store.Campaigns.AddOffers([Samples.Offer("o1")], default, Entry("offers.add"));
        await Store.Campaigns.AddOffers([Samples.Offer("o1")], default, Entry("offers.add"));
        await Store.Campaigns.HoldOffers([Samples.Offer("o2")], default, Entry("offers.add"));
        await Store.Campaigns.Decide(new("o2"), true, "", Store.Now, default, Entry("offer.approve"));
        await Store.Campaigns.Decide(new("o2"), true, "", Store.Now, default, Entry("offer.approve"));
        await Store.Codes.Order(new(campaign.Id, "leaflet", new("o1"), 3), Store.Now, default, Entry("campaign.codes"));
        await Store.Codes.Order(new(campaign.Id, "leaflet", new("o1"), 3), Store.Now, default, Entry("campaign.codes"));
        await Store.Campaigns.WithdrawOffer(new("o1"), default, Entry("offer.withdraw"));
        await Store.Campaigns.WithdrawOffer(new("o1"), default, Entry("offer.withdraw"));
        await Store.Catalog.Put([new() { Id = new("tea"), Title = "Tea", Price = new(499, Samples.Usd) }], default, Entry("items.put"));
        await Store.Users.Forget(new("ann"), default, Entry("user.forget"));
        var endpoint = new Domain.Webhooks.WebhookEndpoint
        {
            Id = "shop", Url = "https://shop.example", Types = [], Secret = "s", At = Store.Now,
        };
        await Store.Webhooks.Put(endpoint, default, Entry("webhook.create"));
        await Store.Webhooks.Replay("shop", Store.Now, Store.Now, default, Entry("webhook.replay"));
        await Store.Webhooks.Send(
            "shop", Domain.Webhooks.OutboxMessages.Test("shop", Store.Now), default, Entry("webhook.test"));
        Assert.True(await Store.Webhooks.Delete("shop", default, Entry("webhook.delete")));
        Assert.False(await Store.Webhooks.Delete("shop", default, Entry("webhook.delete")));
        Assert.Equal(
            ["campaign.create", "offers.add", "offers.add", "offer.approve", "campaign.codes", "offer.withdraw", "items.put",
                "user.forget", "webhook.create", "webhook.replay", "webhook.test", "webhook.delete"],
            (await Log.Read(0, 100, default)).Select(e => e.Action));
        Assert.True((await Log.Verify(AuditCheck.Begin, null, default)).Holds);
    }

    [Fact]
    public async Task A_change_that_is_refused_leaves_no_record()
    {
        var campaign = Samples.Campaign();
        await Store.Campaigns.Put(campaign, default, Entry("campaign.create"));
        await Store.Campaigns.AddOffers([Samples.Offer("o1")], default);
        var other = campaign with { Revision = 2, Budget = new(5, new("EUR")) };
        await Assert.ThrowsAsync<RefusedException>(() => Store.Campaigns.Put(other, default, Entry("campaign.change")));
        Assert.Equal("campaign.create", Assert.Single(await Log.Read(0, 100, default)).Action);
        Assert.Equal(1, (await Log.Head(default)).Number);
    }

    [Fact]
    public async Task Records_are_found_by_who_did_what_to_what_and_when_the_newest_first()
    {
        await Log.Append(Entry("campaign.create", "campaign/a"), default);
        Store.Time.Advance(TimeSpan.FromHours(1));
        await Log.Append(Entry("campaigns", "campaign/a") with { Actor = new(ActorKind.Key, "k1") }, default);
        Store.Time.Advance(TimeSpan.FromHours(1));
        await Log.Append(Entry("campaign.change", "campaign/b") with { Actor = new(ActorKind.Key, "k10") }, default);
        Assert.Equal([3, 2, 1], await Found(new()));
        Assert.Equal([3, 2], await Found(new() { Actor = "key" }));
        Assert.Equal([2], await Found(new() { Actor = "key:k1" }));
        Assert.Equal([3, 1], await Found(new() { Action = "campaign" }));
        Assert.Equal([1], await Found(new() { Action = "campaign.create" }));
        Assert.Equal([2, 1], await Found(new() { Target = "campaign/a" }));
        Assert.Equal([3, 2], await Found(new() { Since = Store.Now.AddHours(-1) }));
        Assert.Equal([2, 1], await Found(new() { Until = Store.Now }));
        Assert.Equal([1], (await Log.Find(new(), 2, 10, default)).Select(e => e.Number));
        Assert.Equal([3], (await Log.Find(new(), long.MaxValue, 1, default)).Select(e => e.Number));
        Assert.Empty(await Found(new() { Action = "%", Actor = "_" }));
    }

    private async Task<IEnumerable<long>> Found(AuditFilter filter) =>
        (await Log.Find(filter, long.MaxValue, 10, default)).Select(e => e.Number);

    private AuditEntry Entry(string action, string target = "campaign/spring") => new()
    {
        At = Store.Now,
        Actor = new(ActorKind.Local, "ann"),
        Action = action,
        Target = target,
        Request = "r-1",
        Changes = [new("/name", "\"\\u0000 a\\\\b\"", null), new("", null, "[1, \"\u00fc\"]")],
    };
}
