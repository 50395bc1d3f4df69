using CouponGrains.Domain;
using Days = System.Collections.Generic.IReadOnlyDictionary<
    System.DateTimeOffset, System.Collections.Generic.IReadOnlyDictionary<string, long>>;

namespace CouponGrains.Grains.Reports;

/// <summary>Refused redemptions by midnight UTC and by reason.</summary>
internal static class RefusalDays
{
    /// <summary>The most days kept.</summary>
    public const int Max = 366;

    /// <summary>With more of today, and without what is too old.</summary>
    public static Days With(this Days days, DateTimeOffset today, IReadOnlyDictionary<string, long> counts)
    {
        var sum = new Dictionary<string, long>(days.GetValueOrDefault(today) ?? new Dictionary<string, long>());
        foreach (var (reason, count) in counts)
        {
            sum[reason] = sum.GetValueOrDefault(reason) + count;
        }

        return new Dictionary<DateTimeOffset, IReadOnlyDictionary<string, long>>(
            days.Where(day => day.Key > today.AddDays(-Max))) { [today] = sum };
    }

    /// <summary>The sums from a day on.</summary>
    public static IReadOnlyDictionary<string, long> From(this Days days, DateTimeOffset first) => days
        .Where(day => day.Key >= first)
        .SelectMany(day => day.Value)
        .GroupBy(count => count.Key, count => count.Value)
        .ToDictionary(group => group.Key, group => group.Sum());

    /// <summary>Midnight.</summary>
    public static DateTimeOffset Of(DateTimeOffset at) => new(at.Date, TimeSpan.Zero);

    /// <summary>The first of the last days. Throws <see cref="RefusedException"/> unless they are 1 to
    /// <see cref="Max"/>.</summary>
    public static DateTimeOffset First(int days, DateTimeOffset now) => days is >= 1 and <= Max
        ? Of(now).AddDays(1 - days)
        : throw new RefusedException(RefusalCodes.InvalidValue, $"The days must be 1 to {Max}, but were {days}.");
}
