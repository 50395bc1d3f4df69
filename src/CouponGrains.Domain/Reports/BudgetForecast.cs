namespace CouponGrains.Domain.Reports;

/// <summary>Where a budget is heading, if the days to come are like those of late.</summary>
/// <remarks>The mean m and the standard deviation s of the discounts of the last <see cref="Window"/> full days (fewer
/// where the campaign is younger) are carried on: after d more days the spend is expected at <c>spent + m d</c>, with
/// 90 % between <c>± 1.645 s √d</c>, as for independent days. Seasons and ends of waves are not foreseen. What is
/// expected never falls below what is spent, and never rises above the budget.</remarks>
/// <param name="Days">Full days that it rests on; 0 if there is none, and then nothing is expected to be spent.</param>
/// <param name="DayMinor">m, minor units.</param>
/// <param name="DeviationMinor">s, minor units.</param>
/// <param name="Expected">What is expected to be spent, at the end of each day from today to the last.</param>
/// <param name="ExhaustedOn">Midnight of the day on which the budget is expected to be used up, or null.</param>
public sealed record BudgetForecast(
    int Days, double DayMinor, double DeviationMinor, IReadOnlyList<ExpectedSpend> Expected,
    DateTimeOffset? ExhaustedOn)
{
    /// <summary>Full days looked back on.</summary>
    public const int Window = 14;

    /// <summary>The most days looked ahead.</summary>
    public const int AheadMax = 366;

    private const double NinetyPercent = 1.645;

    /// <summary>The forecast.</summary>
    /// <param name="used">The days on which the budget was used; those in between used nothing.</param>
    /// <param name="budgetMinor">The budget.</param>
    /// <param name="first">Midnight of the campaign's first day.</param>
    /// <param name="today">Midnight of the day under way.</param>
    /// <param name="last">Midnight of the campaign's last day.</param>
    public static BudgetForecast Of(
        IReadOnlyList<BudgetDay> used, long budgetMinor, DateTimeOffset first, DateTimeOffset today,
        DateTimeOffset last)
    {
        var spent = used.Sum(day => day.SpentMinor);
        var days = Math.Clamp((today - first).Days, 0, Window);
        var byDay = used.ToDictionary(day => day.Day, day => day.SpentMinor);
        double[] window = [.. Enumerable.Range(1, days)
            .Select(back => (double)byDay.GetValueOrDefault(today.AddDays(-back)))];
        var mean = days == 0 ? 0 : window.Average();
        var deviation = days < 2 ? 0 : Math.Sqrt(window.Sum(x => (x - mean) * (x - mean)) / (days - 1));
        var ahead = Math.Clamp((last - today).Days + 1, 0, AheadMax);
        ExpectedSpend[] expected = [.. Enumerable.Range(1, ahead).Select(d => new ExpectedSpend(
            today.AddDays(d - 1),
            Within(spent + (mean * d)),
            Within(spent + (mean * d) - (NinetyPercent * deviation * Math.Sqrt(d))),
            Within(spent + (mean * d) + (NinetyPercent * deviation * Math.Sqrt(d)))))];
        return new(
            days, mean, deviation, expected, expected.FirstOrDefault(e => e.Minor >= budgetMinor)?.Day);

        long Within(double minor) => (long)Math.Round(Math.Clamp(minor, spent, Math.Max(spent, budgetMinor)));
    }
}

/// <summary>What is expected to be spent.</summary>
/// <param name="Day">Midnight of the day at whose end.</param>
/// <param name="Minor">The mean, minor units.</param>
/// <param name="LowMinor">Five of a hundred cases are lower.</param>
/// <param name="HighMinor">Five of a hundred cases are higher.</param>
public sealed record ExpectedSpend(DateTimeOffset Day, long Minor, long LowMinor, long HighMinor);
