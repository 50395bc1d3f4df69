using System.Text.Json;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Grains.Tests.Webhooks;

public sealed class WebhookTests
{
    [Fact]
    public async Task What_happens_is_posted_signed_and_again_until_it_arrives()
    {
        await using var shop = await TestShop.Start(configure: o => o.PrivateWebhooks = true);
        await using var receiver = new Receiver { Status = 503 };
        await shop.Open();
        var grain = shop.Grains.GetGrain<IWebhookGrain>("erp");
        var made = (await grain.Create(receiver.Url, [MessageTypes.CouponIssued])).Value!;
        Assert.Null((await grain.Create(receiver.Url, [MessageTypes.CouponIssued])).Value!.Secret);
        Assert.Equal(RefusalCodes.AlreadyExists, (await grain.Create(receiver.Url, [])).Refusal?.Code);
        var coupon = (await shop.User("ann").Issue(new("k", new("spring"), new("spring-tea")))).Value!;

        await TestShop.Soon(() => grain.Deliveries(), d => d.Value!.Deliveries is [{ Attempts: 1 }], "the first try");
        Assert.NotNull((await grain.Show()).Value!.FailingSince);
        receiver.Status = 204;
        shop.Time.Advance(TimeSpan.FromMinutes(1));
        var delivered = await TestShop.Soon(
            () => grain.Deliveries(), d => d.Value!.Deliveries[0].State == DeliveryState.Delivered, "the delivery");
        Assert.Equal((2, "204"), (delivered.Value!.Deliveries[0].Attempts, delivered.Value.Deliveries[0].Last));
        Assert.Null((await grain.Show()).Value!.FailingSince);

        var tries = receiver.All.ToArray();
        Assert.Equal(2, tries.Length);
        Assert.Single(tries.Select(t => t.Id).Distinct());
        Assert.All(tries, t => Assert.Equal(WebhookSignature.Sign(made.Secret!, t.Id, t.At, t.Body), t.Signature));
        var body = JsonDocument.Parse(tries[0].Body).RootElement;
        Assert.Equal("coupon.issued", body.GetProperty("type").GetString());
        Assert.Equal(coupon.Code, body.GetProperty("data").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_secret_is_changed_messages_are_replayed_and_an_endpoint_that_is_gone_is_disabled()
    {
        await using var shop = await TestShop.Start(configure: o => o.PrivateWebhooks = true);
        await using var receiver = new Receiver();
        await shop.Open();
        var grain = shop.Grains.GetGrain<IWebhookGrain>("erp");
        Assert.Equal(RefusalCodes.UnknownWebhook, (await grain.Test()).Refusal?.Code);
        var made = (await grain.Create(receiver.Url, [])).Value!;
        await shop.User("ann").Issue(new("k", new("spring"), new("spring-tea")));
        await Arrived(receiver, 1);
        var rotated = (await grain.Rotate()).Value!;
        Assert.NotEqual(made.Secret, rotated.Secret);
        Assert.Equal(1, (await grain.Test()).Value!.Messages);
        await Arrived(receiver, 2);
        var test = receiver.All.Last();
        Assert.Equal(
            [WebhookSignature.Sign(rotated.Secret!, test.Id, test.At, test.Body),
                WebhookSignature.Sign(made.Secret!, test.Id, test.At, test.Body)], test.Signature.Split(' '));

        Assert.Equal(1, (await grain.Replay(shop.Time.GetUtcNow().AddHours(-1))).Value!.Messages);
        await Arrived(receiver, 3);
        Assert.Equal(receiver.All.First().Id, receiver.All.Last().Id);
        receiver.Status = 410;
        await grain.Test();
        await TestShop.Soon(() => grain.Show(), e => e.Value!.Status == WebhookStatus.Disabled, "it to be disabled");
        receiver.Status = 200;
        Assert.Equal(WebhookStatus.Enabled, (await grain.Enable()).Value!.Status);
        shop.Time.Advance(TimeSpan.FromMinutes(1));
        await Arrived(receiver, 5);
        Assert.Equal("erp", Assert.Single((await shop.Grains.GetGrain<IShopGrain>(0).Webhooks()).Endpoints).Id);
        Assert.True((await grain.Delete()).Succeeded);
        Assert.Equal(RefusalCodes.UnknownWebhook, (await grain.Show()).Refusal?.Code);
    }

    [Fact]
    public async Task Private_addresses_are_refused_when_named_and_when_a_name_turns_out_to_lead_there()
    {
        await using var shop = await TestShop.Start();
        await using var receiver = new Receiver();
        var grain = shop.Grains.GetGrain<IWebhookGrain>("erp");
        Assert.Equal(RefusalCodes.InvalidValue, (await grain.Create(receiver.Url, [])).Refusal?.Code);
        Assert.Equal(RefusalCodes.PrivateAddress, (await grain.Create("https://127.0.0.1/", [])).Refusal?.Code);
        Assert.Equal(RefusalCodes.InvalidValue, (await grain.Create("https://shop.example.com/", ["nothing"])).Refusal?.Code);

        await shop.Store.Webhooks.Put(
            new()
            {
                Id = "late", Url = $"http://localhost:{receiver.Port}/", Secret = WebhookSignature.NewSecret(),
                At = shop.Time.GetUtcNow(),
            }, default);
        var late = shop.Grains.GetGrain<IWebhookGrain>("late");
        await late.Test();
        var tried = await TestShop.Soon(() => late.Deliveries(), d => d.Value!.Deliveries is [{ Attempts: 1 }], "the try");
        Assert.Contains("not on the public network", tried.Value!.Deliveries[0].Last, StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        await using var shop = await TestShop.Start(configure: o => o.PrivateWebhooks = true);
        await using var receiver = new Receiver { Status = 302 };
        var grain = shop.Grains.GetGrain<IWebhookGrain>("erp");
        await grain.Create(receiver.Url, []);
        await grain.Test();
        var tried = await TestShop.Soon(() => grain.Deliveries(), d => d.Value!.Deliveries is [{ Attempts: 1 }], "the try");
        Assert.Equal(("302", 1), (tried.Value!.Deliveries[0].Last, receiver.All.Count));
    }

    [Fact]
    public async Task What_waits_is_posted_after_the_grain_has_gone()
    {
        await using var shop = await TestShop.Start(configure: o => o.PrivateWebhooks = true);
        await using var receiver = new Receiver();
        await shop.Open();
        var grain = shop.Grains.GetGrain<IWebhookGrain>("erp");
        await grain.Create(receiver.Url, []);
        await shop.Cluster.DeactivateAsync(grain.GetGrainId());
        await shop.Store.Webhooks.Send("erp", OutboxMessages.Test("erp", shop.Time.GetUtcNow()), default);
        await Arrived(receiver, 1); // Nobody asked the grain: upkeep wakes it.
    }

    [Fact]
    public async Task A_backlog_is_posted_page_after_page_without_waiting()
    {
        const int Messages = 500;
        await using var shop = await TestShop.Start(configure: o => o.PrivateWebhooks = true);
        await using var receiver = new Receiver { Status = 503 };
        await shop.Open();
        var grain = shop.Grains.GetGrain<IWebhookGrain>("erp");
        Assert.True((await grain.Create(receiver.Url, [MessageTypes.CouponIssued])).Succeeded);
        for (var i = 0; i < Messages; i++)
        {
            await shop.Store.Ledger.Issue(
                new($"k{i}", new($"u{i}"), new OfferId("spring-tea"), ModelVersion.None, 0, 1), shop.Time.GetUtcNow(), default);
        }

        await Arrived(receiver, Messages);
        receiver.Status = 204;
        receiver.All.Clear();
        shop.Time.Advance(TimeSpan.FromMinutes(1));
        await Arrived(receiver, Messages);
        Assert.Equal(Messages, receiver.All.Select(message => message.Id).Distinct().Count());
    }

    private static Task<int> Arrived(Receiver receiver, int count) => TestShop.Soon(
        () => Task.FromResult(receiver.All.Count), n => n >= count, $"message {count}");
}
