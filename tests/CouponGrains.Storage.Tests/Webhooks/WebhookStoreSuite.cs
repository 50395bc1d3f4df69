using System.Text.Json;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Storage.Tests.Redemptions;

namespace CouponGrains.Storage.Tests.Webhooks;

/// <summary>What happens is told: in the transaction in which it does, to those who want it.</summary>
public abstract class WebhookStoreSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private IWebhookStore Webhooks => Store.Webhooks;

    [Fact]
    public async Task Every_step_of_a_coupon_is_told_once_and_with_no_more_of_the_user_than_his_id()
    {
        await Campaign();
        await Endpoint("shop");
        var (coupon, other) = (await Issue("k1"), await Issue("k2"));
        await Issue("k1");
        await Ledger.Claim(coupon.User, coupon.Code, Now, default);
        await Ledger.Reserve(new(Samples.Redeem("r1", coupon), TimeSpan.FromHours(1)), Now, default);
        await Ledger.Confirm(coupon.User, "r1", Now, default);
        await Ledger.Confirm(coupon.User, "r1", Now, default);
        await Ledger.RollBack(coupon.User, "r1", Now, default);
        await Ledger.Redeem(Samples.Redeem("r2", coupon), Now, default);
        Store.Time.Advance(other.ExpiresAt - Now);
        await Ledger.ExpireDue(other.User, Now, default);
        Assert.Equal(
            ["coupon.issued", "coupon.issued", "coupon.claimed", "coupon.redeemed", "coupon.rolled_back", "coupon.redeemed",
                "coupon.expired"], (await Told("shop")).Select(m => m.Type));
        var redeemed = (await Told("shop"))[3];
        var data = JsonDocument.Parse(redeemed.Data).RootElement;
        Assert.Equal(
            ["code", "user", "campaign", "offer", "expiresAt", "order", "discount"],
            data.EnumerateObject().Select(p => p.Name));
        Assert.Equal((coupon.Code, 500), (data.GetProperty("code").GetString(), data.GetProperty("discount").GetProperty("minor").GetInt32()));
        await RequireAudit();
    }

    [Fact]
    public async Task Pieces_that_come_back_are_told_with_what_each_coupon_gave_back()
    {
        await Campaign();
        await Endpoint("shop", MessageTypes.OrderReturned);
        var coupon = await Issue("k1");
        var bought = Samples.Redeem("r1", coupon);
        await Ledger.Redeem(bought, Now, default);
        var back = new ReturnRequest
        {
            Key = "b1", User = coupon.User, Order = bought.Order, Cart = bought.Cart, Now = [1],
        };
        await Ledger.Return(back, Now, default);
        await Ledger.Return(back, Now, default);
        await Ledger.Return(back with { Key = "b2" }, Now, default);
        var data = JsonDocument.Parse((await Told("shop")).Single().Data).RootElement;
        Assert.Equal(
            ["return", "order", "user", "money", "discount", "lines", "coupons"],
            data.EnumerateObject().Select(p => p.Name));
        Assert.Equal((bought.Order, 500), (data.GetProperty("order").GetString(), Minor(data)));
        Assert.Equal(1, data.GetProperty("lines")[0].GetProperty("quantity").GetInt32());
        var given = data.GetProperty("coupons")[0];
        Assert.Equal((coupon.Code, 500), (given.GetProperty("code").GetString(), Minor(given)));

        static int Minor(JsonElement of) => of.GetProperty("discount").GetProperty("minor").GetInt32();
    }

    [Fact]
    public async Task What_is_refused_or_undone_is_not_told()
    {
        await Campaign(Samples.Campaign(budget: 500));
        await Endpoint("shop", MessageTypes.CouponRedeemed);
        var (coupon, other) = (await Issue("k1"), await Issue("k2"));
        await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default);
        await Ledger.Redeem(Samples.Redeem("r2", other), Now, default);
        await Assert.ThrowsAsync<RefusedException>(() => Ledger.Redeem(Samples.Redeem("", other), Now, default));
        Assert.Equal([MessageTypes.CouponRedeemed], (await Told("shop")).Select(m => m.Type));
    }

    [Fact]
    public async Task Shares_of_the_budget_are_told_when_first_reached_and_again_for_another_budget()
    {
        var campaign = Samples.Campaign(budget: 1_000);
        await Campaign(campaign);
        await Endpoint("shop", MessageTypes.BudgetThreshold);
        var (first, second) = (await Issue("k1"), await Issue("k2"));
        await Ledger.Redeem(Samples.Redeem("r1", first), Now, default);
        await Ledger.RollBack(first.User, "r1", Now, default);
        await Ledger.Redeem(Samples.Redeem("r2", first), Now, default);
        Assert.Equal([50], await Percents());
        await Ledger.Redeem(Samples.Redeem("r3", second), Now, default);
        Assert.Equal([50, 100], await Percents());
        await Store.Campaigns.Put(campaign with { Revision = 2, Budget = new(2_500, Samples.Usd) }, default);
        await Ledger.Redeem(Samples.Redeem("r4", await Issue("k3")), Now, default);
        Assert.Equal([50, 100, 50], await Percents());

        async Task<IEnumerable<int>> Percents() => (await Told("shop")).Select(
            m => JsonDocument.Parse(m.Data).RootElement.GetProperty("percent").GetInt32());
    }

    [Fact]
    public async Task A_model_put_into_force_is_told()
    {
        await Endpoint("shop", MessageTypes.ModelPromoted);
        var bytes = new byte[] { 1, 2, 3 };
        var manifest = await Store.Models.Write(bytes, version => new()
        {
            Version = version, Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            Length = 3, CreatedAt = Now, Metrics = new(0, 0, 0, 0, 0),
        }, default);
        Assert.True(await Store.Models.Promote(manifest.Version, ModelVersion.None, "good", Now, default));
        Assert.False(await Store.Models.Promote(manifest.Version, ModelVersion.None, "good", Now, default));
        var message = Assert.Single(await Told("shop"));
        Assert.Equal("""{"version":1,"before":0,"reason":"good"}""", message.Data);
    }

    [Fact]
    public async Task Nothing_is_kept_that_nobody_wants_and_a_disabled_endpoint_is_told_by_replay()
    {
        await Campaign();
        await Issue("k1");
        var shop = await Endpoint("shop", MessageTypes.CouponClaimed, MessageTypes.CouponIssued);
        await Webhooks.Settle(shop with { Status = WebhookStatus.Disabled, FailingSince = Now }, [], default);
        await Issue("k2");
        Assert.Empty(await Told("shop"));
        Assert.Equal(Now, (await Webhooks.Get("shop", default))!.FailingSince);
        Assert.Equal(1, await Webhooks.Replay("shop", Samples.Start, Now, default));
        Assert.Single(await Told("shop"));
        Assert.Equal(0, await Webhooks.Replay("none", Samples.Start, Now, default));
        Assert.Equal(0, await Webhooks.Replay("shop", Now.AddTicks(1), Now, default));
    }

    [Fact]
    public async Task A_delivery_is_due_at_its_time_and_what_tries_brought_is_kept()
    {
        await Campaign();
        var shop = await Endpoint("shop");
        await Issue("k1");
        await Issue("k2");
        var due = await Webhooks.Due("shop", Now, 1, default);
        var later = Assert.Single(due) with { Attempts = 1, NextAt = Now.AddHours(1), Last = "500" };
        await Webhooks.Settle(shop, [later], default);
        await Store.Crash();
        var next = Assert.Single(await Webhooks.Due("shop", Now, 10, default));
        Assert.NotEqual(later.Message.Id, next.Message.Id);
        await Webhooks.Settle(shop, [next with { State = DeliveryState.Delivered, Attempts = 1, Last = "200" }], default);
        Assert.Empty(await Webhooks.Due("shop", Now.AddHours(1).AddTicks(-1), 10, default));
        Assert.Equal(later, Assert.Single(await Webhooks.Due("shop", Now.AddHours(1), 10, default)));
        // The clock was set back by a week: it is not waited for.
        Assert.Equal(later, Assert.Single(await Webhooks.Due("shop", Now.AddDays(-7), 10, default)));
        await Webhooks.Send("shop", OutboxMessages.Test("shop", Now), default); // Tells of nothing, so it is not replayed.
        Assert.Equal([null, "200", "500"], (await Webhooks.Deliveries("shop", 10, default)).Select(d => d.Last));
        Assert.Equal(2, await Webhooks.Replay("shop", Samples.Start, Now, default));
        Assert.Equal(3, (await Webhooks.Due("shop", Now, 10, default)).Count);
    }

    [Fact]
    public async Task Old_messages_are_forgotten_once_they_wait_for_nobody()
    {
        await Campaign();
        var shop = await Endpoint("shop");
        await Issue("k1");
        await Issue("k2");
        var due = await Webhooks.Due("shop", Now, 1, default);
        await Webhooks.Settle(shop, [due[0] with { State = DeliveryState.Failed }], default);
        Assert.Equal(0, await Webhooks.Forget(Now, default));
        Assert.Equal(1, await Webhooks.Forget(Now.AddTicks(1), default));
        Assert.Single(await Told("shop"));
    }

    [Fact]
    public async Task Endpoints_come_back_as_they_were_and_go_with_what_is_on_its_way()
    {
        await Campaign();
        var shop = await Endpoint("shop", MessageTypes.CouponIssued);
        var rotated = WebhookRules.Rotate(shop, WebhookSignature.NewSecret(), Now);
        await Webhooks.Put(rotated, default);
        await Endpoint("erp");
        Assert.Equal(JsonSerializer.Serialize(rotated), JsonSerializer.Serialize(await Webhooks.Get("shop", default)));
        Assert.Equal(["erp", "shop"], (await Webhooks.List(default)).Select(e => e.Id));
        await Webhooks.Send("shop", OutboxMessages.Test("shop", Now), default);
        await Issue("k1");
        Assert.Equal((2, 1), ((await Told("shop")).Count, (await Told("erp")).Count));
        Assert.True(await Webhooks.Delete("shop", default));
        Assert.False(await Webhooks.Delete("shop", default));
        Assert.Null(await Webhooks.Get("shop", default));
        Assert.Empty(await Told("shop"));
        Assert.Single(await Told("erp"));
    }

    private async Task<WebhookEndpoint> Endpoint(string id, params string[] types)
    {
        var endpoint = new WebhookEndpoint
        {
            Id = id, Url = "https://shop.example.com/", Types = types, Secret = WebhookSignature.NewSecret(), At = Now,
        };
        await Webhooks.Put(endpoint, default);
        return endpoint;
    }

    /// <summary>The messages on their way to an endpoint, the oldest first.</summary>
    private async Task<List<OutboxMessage>> Told(string id) =>
        [.. (await Webhooks.Deliveries(id, 100, default)).Select(d => d.Message).Reverse()];
}
