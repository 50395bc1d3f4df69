using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Grains.Tests.Audit;

public sealed class AuditTests
{
    private static readonly Actor Ann = new(ActorKind.Operator, "ann");

    [Fact]
    public async Task Every_change_of_an_operator_is_recorded_in_his_name_with_what_it_moved()
    {
        await using var shop = await TestShop.Start(configure: o => o.PrivateWebhooks = true);
        await shop.Open();
        var campaign = (await shop.Campaign().Show()).Value!.Campaign;
        var first = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        Acting.As(Ann, "request-1");
        var grain = shop.Campaign();
        await grain.Put(campaign with { Name = "Summer", Revision = campaign.Revision + 1 });
        await grain.SetStatus(CampaignStatus.Paused);
        await grain.SetStatus(CampaignStatus.Active);
        var held = Samples.Offer("spring", "bread") with { Id = new("held"), Source = OfferSource.Generated };
        await grain.Put(campaign with { Name = "Summer", Approval = OfferApproval.Review, Revision = campaign.Revision + 4 });
        await grain.AddOffers([held, held with { Id = new("not") }]);
        await grain.Decide(new("held"), true, "fine", default);
        await grain.Decide(new("not"), false, "", default);
        await grain.WithdrawOffer(new("spring-tea"));
        await grain.Push("first");
        await grain.Push("first");
        await grain.OrderCodes(new(new("spring"), "leaflet", new("held"), 10));
        await shop.Registry.Promote(first, "back");
        await shop.Shard(Samples.Items[0].Id).Put([Samples.Items[0]]);
        var webhook = shop.Grains.GetGrain<IWebhookGrain>("erp");
        await webhook.Create("http://127.0.0.1:1/", []);
        await webhook.Rotate();
        await webhook.Test();
        await webhook.Replay(shop.Time.GetUtcNow());
        await webhook.Enable();
        await webhook.Delete();
        shop.Trainer.Hold();
        await shop.TrainerGrain.Start(new());
        await shop.TrainerGrain.Cancel(1);
        await shop.TrainerGrain.Schedule(TimeSpan.FromHours(1));
        await shop.TrainerGrain.Schedule(TimeSpan.FromHours(1));
        await shop.User("bob").Record([new()
        {
            Id = new("e"), User = new("bob"), Kind = EventKind.View, At = shop.Time.GetUtcNow(), Item = Samples.Items[0].Id,
        }]);
        await shop.User("bob").Forget();
        await grain.SetStatus(CampaignStatus.Archived);

        var found = (await Audit(shop).Find(new() { Actor = Ann.ToString() }, long.MaxValue, 100)).Value!.Events;
        Assert.Equal(
        [
            "campaign.change", "campaign.pause", "campaign.activate", "campaign.change", "offers.add", "offer.approve",
            "offer.reject", "offer.withdraw", "campaign.push Begun", "campaign.push", "campaign.codes", "model.promote",
            "items.put",
            "webhook.create", "webhook.rotate", "webhook.test", "webhook.replay", "webhook.enable", "webhook.delete",
            "training.start Begun", "training.start", "training.cancel Begun", "training.cancel",
            "training.schedule Begun", "training.schedule", "user.forget", "campaign.archive",
        ], found.Reverse().Select(e => e.Outcome == AuditOutcome.Done ? e.Action : $"{e.Action} {e.Outcome}"));
        Assert.All(found, e => Assert.Equal("request-1", e.Request));
        var change = found[^1];
        Assert.Equal("campaign/spring", change.Target);
        Assert.Contains(new("/name", $"\"{campaign.Name}\"", "\"Summer\""), change.Changes);
        Assert.DoesNotContain(found, e => e.ToString().Contains("bob", StringComparison.Ordinal));
        Assert.True((await Audit(shop).Verify(null)).Holds);
    }

    [Fact]
    public async Task What_nobody_asked_for_is_recorded_as_the_shops_own()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var found = (await Audit(shop).Find(new() { Action = "campaign.create" }, long.MaxValue, 10)).Value!.Events;
        Assert.Equal((Actor.System, ""), (Assert.Single(found).Actor, found[0].Request));
        Assert.NotNull((await Audit(shop).Find(new() { Action = "" }, long.MaxValue, 10)).Refusal);
        Assert.NotNull((await Audit(shop).Find(new(), long.MaxValue, 0)).Refusal);
    }

    private static IAuditGrain Audit(TestShop shop) => shop.Grains.GetGrain<IAuditGrain>(0);
}
