using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class LimitRulesTests
{
    [Fact]
    public void A_period_is_a_whole_day_week_or_month_of_the_calendar()
    {
        var sunday = new DateOnly(2028, 2, 27).DayNumber; // 2028 is a leap year.
        Assert.Equal(new(sunday, sunday), LimitRules.DaysOf(LimitPeriod.Day, sunday));
        Assert.Equal(new(sunday - 6, sunday), LimitRules.DaysOf(LimitPeriod.Week, sunday));
        Assert.Equal(new(sunday + 1, sunday + 7), LimitRules.DaysOf(LimitPeriod.Week, sunday + 1));
        Assert.Equal(new(sunday - 26, sunday + 2), LimitRules.DaysOf(LimitPeriod.Month, sunday));
        Assert.Equal(new(0, int.MaxValue), LimitRules.DaysOf(LimitPeriod.Campaign, sunday));
    }

    [Theory]
    [InlineData("UTC", 2026, 3, 29)]
    [InlineData("Asia/Shanghai", 2026, 3, 30)]
    [InlineData("America/New_York", 2026, 3, 29)]
    public void A_day_is_that_of_the_campaigns_zone(string zone, int year, int month, int day) => Assert.Equal(
        new DateOnly(year, month, day).DayNumber,
        LimitRules.DayOf(Samples.Campaign() with { TimeZone = zone }, new(2026, 3, 29, 18, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Limits_that_say_nothing_or_cannot_hold_are_refused_with_their_place()
    {
        (Limit Limit, string Code, string Pointer)[] cases =
        [
            (new(), RefusalCodes.InvalidValue, "/limits/1"),
            (new() { Count = -1 }, RefusalCodes.InvalidValue, "/limits/1"),
            (new() { Value = Samples.Dollars(-1) }, RefusalCodes.InvalidValue, "/limits/1"),
            (new() { Count = 1, Per = (LimitPer)9 }, RefusalCodes.InvalidValue, "/limits/1"),
            (new() { Count = 1, Period = (LimitPeriod)9 }, RefusalCodes.InvalidValue, "/limits/1"),
            (new() { Value = new(1, new("EUR")) }, RefusalCodes.CurrencyMismatch, "/limits/1/value"),
        ];
        foreach (var (limit, code, pointer) in cases)
        {
            var refusal = CampaignRules.Check(Samples.Campaign() with { Limits = [new() { Count = 1 }, limit] });
            Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
        }

        var many = Enumerable.Repeat(new Limit { Count = 1 }, LimitRules.LimitsMax + 1).ToList();
        Assert.Equal("/limits", CampaignRules.Check(Samples.Campaign() with { Limits = many })?.Pointer);
        Assert.Null(CampaignRules.Check(Samples.Campaign() with { Limits = many[1..] }));
    }
}
