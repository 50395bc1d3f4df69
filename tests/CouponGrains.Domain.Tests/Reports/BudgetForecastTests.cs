using CouponGrains.Domain.Reports;

namespace CouponGrains.Domain.Tests.Reports;

public sealed class BudgetForecastTests
{
    private static readonly DateTimeOffset First = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_even_spend_is_carried_on_without_spread_until_the_budget_is_used_up()
    {
        var forecast = BudgetForecast.Of(Even(10, 100), 1_500, First, First.AddDays(10), First.AddDays(29));
        Assert.Equal(10, forecast.Days);
        Assert.Equal(100, forecast.DayMinor);
        Assert.Equal(new ExpectedSpend(First.AddDays(10), 1_100, 1_100, 1_100), forecast.Expected[0]);
        Assert.Equal(First.AddDays(14), forecast.ExhaustedOn);
        Assert.Equal(1_500, forecast.Expected[^1].Minor);
        Assert.Equal(20, forecast.Expected.Count);
    }

    [Fact]
    public void An_uneven_spend_spreads_with_the_root_of_the_days()
    {
        BudgetDay[] days = [.. Enumerable.Range(0, 10).Select(i => Day(i, i % 2 == 0 ? 50 : 150))];
        var forecast = BudgetForecast.Of(days, 100_000, First, First.AddDays(10), First.AddDays(40));
        var (one, four) = (forecast.Expected[0], forecast.Expected[3]);
        Assert.True(forecast.DeviationMinor > 50);
        Assert.Equal(1_100, one.Minor);
        Assert.Equal(2.0, (four.HighMinor - four.Minor) / (double)(one.HighMinor - one.Minor), 0.05);
        Assert.Null(forecast.ExhaustedOn);
    }

    [Fact]
    public void The_day_under_way_is_no_full_day_and_days_of_no_use_count()
    {
        var forecast = BudgetForecast.Of([Day(0, 300), Day(3, 900)], 10_000, First, First.AddDays(3), First.AddDays(9));
        Assert.Equal(3, forecast.Days);
        Assert.Equal(100, forecast.DayMinor);
    }

    [Fact]
    public void Of_a_campaign_that_begins_today_nothing_is_expected()
    {
        var forecast = BudgetForecast.Of([], 10_000, First, First, First.AddDays(4));
        Assert.Equal(0, forecast.Days);
        Assert.All(forecast.Expected, e => Assert.Equal(0, e.Minor));
        Assert.Null(forecast.ExhaustedOn);
    }

    [Fact]
    public void Of_a_campaign_that_is_over_nothing_is_looked_ahead() =>
        Assert.Empty(BudgetForecast.Of(Even(5, 100), 1_000, First, First.AddDays(30), First.AddDays(9)).Expected);

    private static BudgetDay[] Even(int days, long minor) =>
        [.. Enumerable.Range(0, days).Select(i => Day(i, minor))];

    private static BudgetDay Day(int after, long minor) => new(First.AddDays(after), 1, minor, 0);
}
