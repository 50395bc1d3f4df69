namespace CouponGrains.Simulation;

/// <summary>The cycles of demand: weekends are busier than working days (factors with mean 1 over a week), and each
/// category has a high season and a low one in the year.</summary>
internal static class Seasons
{
    private const double Weekend = 1.42;
    private const double WorkingDay = (7 - (2 * Weekend)) / 5;

    /// <summary>The week's factor; day 0 is a Monday.</summary>
    public static double Week(int day) => day % 7 >= 5 ? Weekend : WorkingDay;

    /// <summary>The year's factor <c>1 + a sin(2π (day / 365 − φ))</c> with amplitude a and phase φ.</summary>
    public static double Year(int day, double amplitude, double phase) =>
        1 + (amplitude * Math.Sin(2 * Math.PI * ((day / 365.0) - phase)));
}
