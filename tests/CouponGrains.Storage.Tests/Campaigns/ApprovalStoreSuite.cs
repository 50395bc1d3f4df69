using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Storage.Tests.Campaigns;

/// <summary>What takes two persons: asked for, decided, lapsed.</summary>
public abstract class ApprovalStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly Actor Ann = new(ActorKind.Key, "ann");
    private static readonly Actor Bob = new(ActorKind.Key, "bob");

    private IApprovalStore Approvals => Store.Approvals;

    [Fact]
    public async Task What_is_approved_comes_into_force_with_the_decision_and_what_is_recorded_of_it()
    {
        var campaign = await Campaign();
        var wanted = campaign with { Revision = 2, Budget = new(9_000, Samples.Usd) };
        var asked = await Approvals.Ask(wanted, Ann, Store.Now, default, Entry("campaign.ask"));
        Assert.Equal((1, ApprovalStatus.Waiting, 1), (asked.Number, asked.Status, (await Stored()).Revision));
        Assert.Equal(1, (await Approvals.Ask(wanted, Ann, Store.Now.AddDays(1), default, Entry("campaign.ask"))).Number);
        var decided = Decided(asked, ApprovalStatus.Approved);
        Assert.True(await Approvals.Decide(decided, [Entry("campaign.approve"), Entry("campaign.change")], default));
        Assert.False(await Approvals.Decide(decided, [Entry("campaign.approve")], default));
        Assert.Equal((2, 9_000), ((await Stored()).Revision, (await Stored()).Budget.Minor));
        Assert.Equal(9_000, (await Store.Ledger.Budget(campaign.Id, default))!.Limit.Minor);
        await Store.Reopen();
        var kept = Assert.Single(await Approvals.List(campaign.Id, default));
        Assert.Equal(
            (ApprovalStatus.Approved, Ann, Bob, "as \0 agreed", Store.Now),
            (kept.Status, kept.AskedBy, kept.DecidedBy, kept.Note, kept.DecidedAt));
        Assert.Equal(
            ["campaign.ask", "campaign.approve", "campaign.change"], (await Store.Audit.Read(0, 10, default)).Select(e => e.Action));
    }

    [Fact]
    public async Task Only_what_waits_is_told_of_all_campaigns_the_oldest_request_first()
    {
        var spring = await Campaign();
        var autumn = spring with { Id = new("autumn") };
        Assert.True(await Store.Campaigns.Put(autumn, default));
        await Approvals.Ask(spring with { Revision = 2 }, Bob, Store.Now.AddMinutes(1), default);
        var older = await Approvals.Ask(autumn with { Revision = 2 }, Ann, Store.Now, default);
        Assert.Equal(
            [("autumn", Ann), ("spring", Bob)],
            (await Approvals.Waiting(default)).Select(asked => (asked.Wanted.Id.Value, asked.AskedBy)));
        await Approvals.Decide(Decided(older, ApprovalStatus.Rejected), [], default);
        Assert.Equal("spring", Assert.Single(await Approvals.Waiting(default)).Wanted.Id.Value);
    }

    [Fact]
    public async Task What_is_rejected_leaves_the_campaign_as_it_is()
    {
        var campaign = await Campaign();
        var asked = await Approvals.Ask(campaign with { Revision = 2 }, Ann, Store.Now, default);
        Assert.True(await Approvals.Decide(Decided(asked, ApprovalStatus.Rejected), [], default));
        Assert.Equal((1, ApprovalStatus.Rejected), ((await Stored()).Revision, (await Approvals.List(campaign.Id, default))[0].Status));
    }

    [Fact]
    public async Task A_request_lapses_when_its_campaign_changes_or_something_else_is_asked_for()
    {
        var campaign = await Campaign();
        var first = await Approvals.Ask(campaign with { Revision = 2 }, Ann, Store.Now, default);
        var second = await Approvals.Ask(campaign with { Revision = 2, Name = "Other" }, Ann, Store.Now, default);
        var third = await Approvals.Ask(campaign with { Revision = 2, Name = "Other" }, Bob, Store.Now, default);
        Assert.Equal([1, 2, 3], [first.Number, second.Number, third.Number]);
        await Store.Campaigns.Put(campaign with { Revision = 2, Name = "Changed" }, default);
        Assert.Equal(
            [(3, ApprovalStatus.Lapsed), (2, ApprovalStatus.Lapsed), (1, ApprovalStatus.Lapsed)],
            (await Approvals.List(campaign.Id, default)).Select(a => (a.Number, a.Status)));
        Assert.False(await Approvals.Decide(Decided(third, ApprovalStatus.Approved), [], default));
        Assert.Equal("Changed", (await Stored()).Name);
    }

    [Fact]
    public async Task A_decision_that_the_budget_refuses_leaves_the_request_waiting_and_no_record()
    {
        var campaign = await Campaign();
        await Store.Campaigns.AddOffers([Samples.Offer("o1")], default);
        var asked = await Approvals.Ask(
            campaign with { Revision = 2, Budget = new(5, new("EUR")) }, Ann, Store.Now, default);
        await Assert.ThrowsAsync<RefusedException>(
            () => Approvals.Decide(Decided(asked, ApprovalStatus.Approved), [Entry("campaign.approve")], default));
        Assert.Equal(ApprovalStatus.Waiting, (await Approvals.List(campaign.Id, default))[0].Status);
        Assert.Empty(await Store.Audit.Read(0, 10, default));
    }

    [Fact]
    public async Task Of_many_who_ask_or_decide_at_once_each_has_a_number_of_his_own_and_one_decides()
    {
        var campaign = await Campaign();
        var asked = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Approvals.Ask(
            campaign with { Revision = 2, Name = $"Name {i}" }, Ann, Store.Now, default)));
        Assert.Equal(Enumerable.Range(1, 10), asked.Select(a => a.Number).Order());
        var waiting = (await Approvals.List(campaign.Id, default))[0];
        var decided = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Approvals.Decide(
            Decided(waiting, i % 2 == 0 ? ApprovalStatus.Approved : ApprovalStatus.Rejected), [Entry("test")], default)));
        Assert.Single(decided, d => d);
        Assert.Single(await Store.Audit.Read(0, 10, default));
    }

    private static CampaignApproval Decided(CampaignApproval asked, ApprovalStatus status) => asked with
    {
        Status = status, DecidedBy = Bob, DecidedAt = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), Note = "as \0 agreed",
    };

    private async Task<Campaign> Campaign()
    {
        var campaign = Samples.Campaign(budget: 1_000);
        Assert.True(await Store.Campaigns.Put(campaign, default));
        return campaign;
    }

    private async Task<Campaign> Stored() => (await Store.Campaigns.Get(Samples.Campaign().Id, default))!;

    private AuditEntry Entry(string action) =>
        new() { At = Store.Now, Actor = Ann, Action = action, Target = "campaign/spring" };
}
