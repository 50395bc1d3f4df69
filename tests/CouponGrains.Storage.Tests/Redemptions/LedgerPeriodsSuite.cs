using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Limits by period, of count and of value, in the campaign's zone. The store's clock shows Sunday,
/// 2026-03-01, 9:00 UTC; the campaign is in Berlin.</summary>
public abstract class LedgerPeriodsSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private int _number;

    [Fact]
    public async Task A_day_begins_at_midnight_of_the_campaigns_zone()
    {
        await Limited(new Limit { Period = LimitPeriod.Day, Count = 1 });
        Assert.Equal(RedemptionStatus.Redeemed, await Use());
        Assert.Equal(RedemptionStatus.CampaignLimitReached, await Use("u2"));
        Store.Time.Advance(TimeSpan.FromHours(14) - TimeSpan.FromTicks(1)); // A tick before 23:00 UTC.
        Assert.Equal(RedemptionStatus.CampaignLimitReached, await Use("u2"));
        Store.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u2"));
        await RequireAudit();
    }

    [Fact]
    public async Task Weeks_begin_on_monday_and_months_on_the_first()
    {
        await Limited(
            new Limit { Period = LimitPeriod.Week, Count = 1 }, new Limit { Period = LimitPeriod.Month, Count = 2 });
        Assert.Equal(RedemptionStatus.Redeemed, await Use());
        Assert.Equal(RedemptionStatus.CampaignLimitReached, await Use());
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RedemptionStatus.Redeemed, await Use()); // Monday.
        Store.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(RedemptionStatus.CampaignLimitReached, await Use()); // The month's two are used.
        Store.Time.Advance(TimeSpan.FromDays(23));
        Assert.Equal(RedemptionStatus.Redeemed, await Use()); // The first of April.
        await RequireAudit();
    }

    [Fact]
    public async Task Values_and_counts_of_a_user_are_his_own()
    {
        await Limited(
            new Limit { Per = LimitPer.User, Period = LimitPeriod.Day, Value = new(999, Samples.Usd) },
            new Limit { Per = LimitPer.User, Period = LimitPeriod.Week, Count = 2 });
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RedemptionStatus.Redeemed, await Use());
        Assert.Equal(RedemptionStatus.UserValueReached, await Use());
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u2"));
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RedemptionStatus.Redeemed, await Use());
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RedemptionStatus.UserLimitReached, await Use());
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u2"));
        await RequireAudit();
    }

    [Fact]
    public async Task What_is_rolled_back_released_or_returned_makes_room_on_its_own_day()
    {
        await Limited(new Limit { Period = LimitPeriod.Day, Value = new(500, Samples.Usd) });
        var first = await Issue("k1");
        await Ledger.Redeem(Samples.Redeem("r1", first), Now, default);
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u2"));
        await Ledger.RollBack(first.User, "r1", Now, default); // Yesterday's.
        Assert.Equal(RedemptionStatus.CampaignValueReached, await Use("u3"));
        Store.Time.Advance(TimeSpan.FromDays(1));
        var held = await Issue("k3", "u3");
        await Ledger.Reserve(new(Samples.Redeem("r3", held), TimeSpan.FromDays(2)), Now, default);
        Assert.Equal(RedemptionStatus.CampaignValueReached, await Use("u4"));
        await Ledger.Release(held.User, "r3", Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u4"));
        var (user, order) = (new UserId("u4"), $"order-r-{_number}");
        await Ledger.Return(new() { Key = "b", User = user, Order = order, Cart = Samples.Cart(), Now = [1] }, Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u5"));
        await RequireAudit();
    }

    [Fact]
    public async Task A_reservation_counts_on_the_day_on_which_it_was_made()
    {
        await Limited(new Limit { Period = LimitPeriod.Day, Count = 1 });
        Store.Time.Advance(TimeSpan.FromHours(13.9));
        var coupon = await Issue("k1");
        await Ledger.Reserve(new(Samples.Redeem("r1", coupon), TimeSpan.FromHours(1)), Now, default);
        Store.Time.Advance(TimeSpan.FromHours(0.2));
        await Ledger.Confirm(coupon.User, "r1", Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, await Use("u2"));
        Assert.Equal(RedemptionStatus.CampaignLimitReached, await Use("u3"));
        await RequireAudit();
    }

    [Fact]
    public async Task A_limit_set_later_counts_what_was_used_before()
    {
        var campaign = await Limited();
        Assert.Equal(RedemptionStatus.Redeemed, await Use());
        var later = campaign with { Revision = 2, Limits = [new() { Period = LimitPeriod.Month, Count = 1 }] };
        Assert.True(await Store.Campaigns.Put(later, default));
        Assert.Equal(later.Limits, (await Store.Campaigns.Get(campaign.Id, default))!.Limits);
        Assert.Equal(RedemptionStatus.CampaignLimitReached, await Use("u2"));
    }

    [Fact]
    public async Task Parallel_redemptions_stop_exactly_at_a_days_value()
    {
        await Limited(new Limit { Period = LimitPeriod.Day, Value = new((37 * 500) + 499, Samples.Usd) });
        var coupons = new List<Coupon>();
        for (var i = 0; i < 150; i++)
        {
            coupons.Add(await Issue($"k{i}", $"u{i % 30}"));
        }

        var answers = await Task.WhenAll(coupons.Select(c => Task.Run(
            () => Ledger.Redeem(Samples.Redeem("r-" + c.Code, c), Now, default))));
        Assert.Equal(37, answers.Count(a => a.Answer.Status == RedemptionStatus.Redeemed));
        Assert.Equal(113, answers.Count(a => a.Answer.Status == RedemptionStatus.CampaignValueReached));
        await RequireAudit();
    }

    private async Task<Campaign> Limited(params Limit[] limits)
    {
        var campaign = Samples.Campaign() with
        {
            Limits = limits,
            Caps = new() { OpenPerUser = 1_000, IssuedPerUser = 1_000, RedeemedPerUser = 1_000 },
        };
        await Campaign(campaign);
        return campaign;
    }

    /// <summary>Issues a coupon and redeems it.</summary>
    private async Task<RedemptionStatus> Use(string user = "u1")
    {
        var coupon = await Issue($"k-{++_number}", user);
        return (await Ledger.Redeem(Samples.Redeem($"r-{_number}", coupon), Now, default)).Answer.Status;
    }
}
