using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Grains.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public async Task Days_follow_what_is_issued_and_refusals_are_kept_by_reason()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var report = shop.Grains.GetGrain<IReportGrain>(0);
        Assert.Empty((await report.Days(30)).Days);

        var issued = await shop.User("ann").Issue(new IssueCommand("k", new("spring")));
        Assert.True(issued.Succeeded);
        var days = await report.Days(30);
        Assert.True(days.Complete);
        var day = Assert.Single(days.Days);
        Assert.Equal((1, 0), (day.Issued, day.Redeemed));

        await report.Refused(new Dictionary<string, long> { ["expired"] = 2 });
        await report.Refused(new Dictionary<string, long> { ["expired"] = 1, ["voided"] = 4 });
        var refused = (await report.Days(1)).Refused;
        Assert.Equal((3, 4), (refused["expired"], refused["voided"]));
    }

    [Fact]
    public async Task A_refusal_of_a_code_that_many_share_is_counted_for_its_campaign()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        Assert.True((await shop.Campaign().ShareCode(new(new("spring"), "WELCOME", new("spring-tea")))).Succeeded);
        var bought = new RedemptionRequest
        {
            Key = "o-1", User = new("bob"), Code = "WELCOME", Order = "o-1",
            Cart = new() { Currency = new("XTS"), Lines = [new(new("tea-1"), 1, new(500, new("XTS")))] },
        };
        var refused = await shop.User("bob").Redeem(bought);
        Assert.NotEqual(RedemptionStatus.Redeemed, refused.Status);
        var told = await TestShop.Soon(
            () => shop.Grains.GetGrain<IRefusalsGrain>("spring").Show(7), m => m.Value!.Refused.Count > 0, "the refusals");
        Assert.Equal(1, Assert.Single(told.Value!.Refused).Value);
    }

    [Fact]
    public async Task A_refusal_at_the_checkout_is_counted_for_the_campaign_of_its_coupon_and_for_all()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var coupon = (await shop.User("ann").Issue(new IssueCommand("k", new("spring")))).Value!;
        var bought = new RedemptionRequest
        {
            Key = "o-1", User = new("bob"), Code = coupon.Code, Order = "o-1",
            Cart = new() { Currency = new("XTS"), Lines = [new(new("tea-1"), 1, new(500, new("XTS")))] },
        };
        var refused = await shop.User("bob").Redeem(bought);
        Assert.NotEqual(RedemptionStatus.Redeemed, refused.Status);
        Assert.Equal(
            RedemptionStatus.UnknownCoupon,
            (await shop.User("bob").Redeem(bought with { Key = "o-2", Code = "7KQ2M-XW9TD-4HVBR" })).Status);

        var reason = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Status.ToString());
        var mine = shop.Grains.GetGrain<IRefusalsGrain>("spring");
        var told = await TestShop.Soon(() => mine.Show(7), m => m.Value!.Refused.Count > 0, "the campaign's refusals");
        Assert.Equal(new Dictionary<string, long> { [reason] = 1 }, told.Value!.Refused);
        var all = await TestShop.Soon(
            () => shop.Grains.GetGrain<IReportGrain>(0).Days(1), d => d.Refused.Count == 2, "all refusals");
        Assert.Equal((1, 1), (all.Refused[reason], all.Refused["unknown_coupon"]));
        Assert.Equal(
            RefusalCodes.UnknownCampaign, (await shop.Grains.GetGrain<IRefusalsGrain>("nobody").Show(7)).Refusal?.Code);

        shop.Time.Advance(TimeSpan.FromDays(2));
        Assert.Empty((await mine.Show(1)).Value!.Refused);
        Assert.Single((await mine.Show(3)).Value!.Refused);
        await Assert.ThrowsAsync<RefusedException>(() => mine.Show(367));
    }

    [Fact]
    public async Task The_course_of_an_unknown_campaign_is_refused()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var report = shop.Grains.GetGrain<IReportGrain>(0);
        Assert.Equal(RefusalCodes.UnknownCampaign, (await report.Course(new("nobody"))).Refusal?.Code);
        var course = (await report.Course(new("spring"))).Value!;
        Assert.Empty(course.Days);
        Assert.Equal(course.Use.Spent.Minor, course.Days.Sum(d => d.SpentMinor));
    }

    [Fact]
    public async Task Days_out_of_range_are_refused()
    {
        await using var shop = await TestShop.Start();
        await Assert.ThrowsAsync<RefusedException>(() => shop.Grains.GetGrain<IReportGrain>(0).Days(0));
    }
}
