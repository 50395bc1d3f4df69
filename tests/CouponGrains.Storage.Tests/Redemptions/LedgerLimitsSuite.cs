using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Limits under many callers at once: exact, not about.</summary>
public abstract class LedgerLimitsSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private const int Callers = 1_200;
    private const int Limit = 137;

    [Fact]
    public async Task Parallel_redemptions_stop_exactly_at_the_campaigns_count()
    {
        await Campaign(Open() with { RedemptionsMax = Limit, Budget = new(10_000_000, Samples.Usd) });
        var statuses = await RedeemAll(await IssueAll());
        Assert.Equal(Limit, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(Callers - Limit, statuses.Count(s => s == RedemptionStatus.CampaignCapReached));
        Assert.Equal((Limit, Limit * 500L), ((await Budget()).Redeemed, (await Budget()).Spent.Minor));
    }

    [Fact]
    public async Task Parallel_redemptions_use_the_budget_to_the_last_whole_discount()
    {
        await Campaign(Open() with { Budget = new((Limit * 500) + 499, Samples.Usd) });
        var statuses = await RedeemAll(await IssueAll());
        Assert.Equal(Limit, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(Callers - Limit, statuses.Count(s => s == RedemptionStatus.BudgetExhausted));
        Assert.Equal(499, (await Budget()).Left.Minor);
    }

    [Fact]
    public async Task One_coupon_presented_many_times_at_once_is_used_once()
    {
        await Campaign(Open());
        var coupon = await Issue("k1");
        var statuses = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
            (await Ledger.Redeem(Samples.Redeem($"r{i}", coupon), Now, default)).Answer.Status)));
        Assert.Single(statuses, s => s == RedemptionStatus.Redeemed);
        Assert.Equal(Callers - 1, statuses.Count(s => s == RedemptionStatus.AlreadyRedeemed));
        Assert.Equal(500, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task One_redemption_sent_many_times_at_once_is_made_once_and_answers_alike()
    {
        await Campaign(Open());
        var coupon = await Issue("k1");
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(
            () => Ledger.Redeem(Samples.Redeem("r1", coupon), Now.AddTicks(i), default))));
        Assert.Single(answers.Select(a => Text(a.Answer)).Distinct());
        Assert.Single(answers, a => a.Event is not null);
        Assert.Equal(new BudgetUse((await Budget()).Limit, new(500, Samples.Usd), 1, 1), await Budget());
    }

    [Fact]
    public async Task Caps_of_a_user_hold_under_parallel_issues_and_redemptions()
    {
        await Campaign(Open() with { Caps = new() { OpenPerUser = 9, IssuedPerUser = 9, RedeemedPerUser = 4 } });
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(
            () => Ledger.Issue(Samples.Issue($"k{i}"), Now, default))));
        var coupons = answers.Select(a => a.Coupon).OfType<Coupon>().ToList();
        Assert.Equal(9, coupons.Count);
        Assert.All(answers.Where(a => a.Coupon is null), a => Assert.Equal(RefusalCodes.CapReached, a.Refusal?.Code));
        var statuses = await RedeemAll(coupons);
        Assert.Equal(4, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(5, statuses.Count(s => s == RedemptionStatus.UserCapReached));
    }

    [Fact]
    public async Task One_issue_sent_many_times_at_once_gives_one_coupon()
    {
        await Campaign(Open());
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(
            () => Ledger.Issue(Samples.Issue("k1"), Now, default))));
        Assert.Single(answers.Select(a => a.Coupon!.Code).Distinct());
        Assert.Single(answers, a => a.Event is not null);
    }

    [Fact]
    public async Task A_roll_back_makes_room_for_exactly_one_more()
    {
        await Campaign(Open() with { Budget = new(1_000, Samples.Usd) });
        var coupons = new List<Coupon> { await Issue("a"), await Issue("b"), await Issue("c"), await Issue("d") };
        Assert.Equal(2, (await RedeemAll(coupons[..2])).Count(s => s == RedemptionStatus.Redeemed));
        Assert.All(await RedeemAll(coupons[2..]), s => Assert.Equal(RedemptionStatus.BudgetExhausted, s));
        await Ledger.RollBack(coupons[0].User, "r-" + coupons[0].Code, Now, default);
        Assert.Single(await RedeemAll(coupons[2..]), s => s == RedemptionStatus.Redeemed);
        Assert.Equal(0, (await Budget()).Left.Minor);
    }

    private static Campaign Open() => Samples.Campaign() with
    {
        Caps = new() { OpenPerUser = 100_000, IssuedPerUser = 100_000, RedeemedPerUser = 100_000 },
    };

    private async Task<List<Coupon>> IssueAll() => [.. await Task.WhenAll(
        Enumerable.Range(0, Callers).Select(i => Task.Run(() => Issue($"k{i}", $"u{i % 100}"))))];

    private Task<RedemptionStatus[]> RedeemAll(IEnumerable<Coupon> coupons) => Task.WhenAll(coupons.Select(coupon => Task.Run(
        async () => (await Ledger.Redeem(Samples.Redeem("r-" + coupon.Code, coupon), Now, default)).Answer.Status)));
}
