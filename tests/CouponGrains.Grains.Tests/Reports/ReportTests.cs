using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;

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
