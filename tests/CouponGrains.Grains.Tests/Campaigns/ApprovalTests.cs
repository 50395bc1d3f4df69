using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Grains.Tests.Campaigns;

public sealed class ApprovalTests
{
    private static readonly Actor Ann = new(ActorKind.Operator, "ann");
    private static readonly Actor Bob = new(ActorKind.Operator, "bob");

    [Fact]
    public async Task A_budget_above_the_threshold_comes_into_force_when_another_person_approves_it()
    {
        await using var shop = await TestShop.Start(configure: o => o.ApprovalAbove = [new(50_000, new("USD"))]);
        var grain = shop.Campaign();
        var draft = Samples.Campaign("spring", 60_000, shop.Time.GetUtcNow()) with { Status = CampaignStatus.Draft };
        Acting.As(Ann);
        Assert.True((await grain.Put(draft)).Succeeded);
        Assert.Equal(RefusalCodes.ApprovalRequired, (await grain.SetStatus(CampaignStatus.Active)).Refusal?.Code);
        Assert.Equal(RefusalCodes.ApprovalRequired, (await grain.SetStatus(CampaignStatus.Active)).Refusal?.Code);
        var asked = Assert.Single((await grain.Approvals()).Value!.Approvals);
        Assert.Equal((1, Ann, CampaignStatus.Active, 2), (asked.Number, asked.AskedBy, asked.Wanted.Status, asked.Wanted.Revision));
        Assert.Equal(CampaignStatus.Draft, (await grain.Show()).Value!.Campaign.Status);
        Assert.Equal(RefusalCodes.ApprovalBySame, (await grain.DecideApproval(1, true, "")).Refusal?.Code);

        Acting.As(Bob);
        Assert.Equal(RefusalCodes.UnknownApproval, (await grain.DecideApproval(2, true, "")).Refusal?.Code);
        Assert.Equal(ApprovalStatus.Approved, (await grain.DecideApproval(1, true, "fine")).Value?.Status);
        Assert.Equal(CampaignStatus.Active, (await grain.Show()).Value!.Campaign.Status);
        Assert.Equal(RefusalCodes.ApprovalDecided, (await grain.DecideApproval(1, false, "")).Refusal?.Code);
        var told = (await shop.Grains.GetGrain<IAuditGrain>(0).Find(new(), long.MaxValue, 10)).Value!.Events;
        Assert.Equal(
            [("campaign.create", Ann), ("campaign.ask", Ann), ("campaign.approve", Bob), ("campaign.activate", Bob)],
            told.Reverse().Select(e => (e.Action, e.Actor)));
    }

    [Fact]
    public async Task To_raise_a_budget_or_to_go_on_after_a_pause_needs_it_again_and_to_lower_or_rename_does_not()
    {
        await using var shop = await TestShop.Start(configure: o => o.ApprovalAbove = [new(50_000, new("USD"))]);
        var grain = shop.Campaign();
        Acting.As(Ann);
        await shop.Open(budget: 50_000);
        var campaign = (await grain.Show()).Value!.Campaign;
        var raised = campaign with { Revision = campaign.Revision + 1, Budget = new(60_000, new("USD")) };
        Assert.Equal(RefusalCodes.ApprovalRequired, (await grain.Put(raised)).Refusal?.Code);
        Acting.As(Bob);
        Assert.True((await grain.DecideApproval(1, true, "")).Succeeded);
        Assert.True((await grain.Put(raised with { Revision = raised.Revision + 1, Name = "Other" })).Succeeded);
        Assert.True((await grain.Put(raised with { Revision = raised.Revision + 2, Budget = new(55_000, new("USD")) })).Succeeded);
        Assert.True((await grain.SetStatus(CampaignStatus.Paused)).Succeeded);
        Assert.Equal(RefusalCodes.ApprovalRequired, (await grain.SetStatus(CampaignStatus.Active)).Refusal?.Code);

        // The campaign is changed while it waits: what was asked for is not what would come.
        var paused = (await grain.Show()).Value!.Campaign;
        Assert.True((await grain.Put(paused with { Revision = paused.Revision + 1, Name = "Third" })).Succeeded);
        Acting.As(Ann);
        Assert.Equal(RefusalCodes.ApprovalDecided, (await grain.DecideApproval(2, true, "")).Refusal?.Code);
        Assert.Equal(CampaignStatus.Paused, (await grain.Show()).Value!.Campaign.Status);
    }

    [Fact]
    public async Task Without_a_threshold_nothing_waits()
    {
        await using var shop = await TestShop.Start();
        await shop.Open(budget: 1_000_000_000);
        Assert.Empty((await shop.Campaign().Approvals()).Value!.Approvals);
        Assert.NotNull((await shop.Campaign("none").Approvals()).Refusal);
    }
}
