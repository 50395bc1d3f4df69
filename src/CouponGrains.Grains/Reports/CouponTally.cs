using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Reports;

namespace CouponGrains.Grains.Reports;

/// <summary>Counts of events gathered into days of campaigns. An event counts on the day on which it happened, whenever
/// it came into the log.</summary>
internal sealed class CouponTally
{
    private readonly SortedDictionary<(DateTimeOffset Day, string Campaign), CouponDay> _days = [];

    /// <summary>Adds a count.</summary>
    public void Add(KindCount count)
    {
        var key = (count.Day, count.Campaign.Value);
        var day = _days.GetValueOrDefault(key) ?? new()
        {
            Day = count.Day,
            Campaign = count.Campaign,
            Given = new(0, count.Amount.Currency),
        };
        _days[key] = count.Kind switch
        {
            EventKind.Exposed => day with { Exposed = day.Exposed + count.Count },
            EventKind.Issued => day with { Issued = day.Issued + count.Count },
            EventKind.CouponViewed => day with { Viewed = day.Viewed + count.Count },
            EventKind.Claimed => day with { Claimed = day.Claimed + count.Count },
            EventKind.Expired => day with { Expired = day.Expired + count.Count },
            EventKind.Redeemed => day with
            {
                Redeemed = day.Redeemed + count.Count, Given = Given(day, count.Amount.Minor),
            },
            EventKind.RolledBack => day with
            {
                RolledBack = day.RolledBack + count.Count, Given = Given(day, -count.Amount.Minor),
            },
            _ => day,
        };
    }

    /// <summary>The days from one on, oldest first.</summary>
    public IReadOnlyList<CouponDay> From(DateTimeOffset day) => [.. _days.Values.Where(d => d.Day >= day)];

    private static Money Given(CouponDay day, long minor) => new(day.Given.Minor + minor, day.Given.Currency);
}
