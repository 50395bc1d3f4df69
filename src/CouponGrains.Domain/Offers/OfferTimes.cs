namespace CouponGrains.Domain.Offers;

/// <summary>When an offer may be used. Weekdays and hours are read off the clock on the wall of the campaign's time
/// zone: an hour that the clock skips in spring has no moment, one that it shows twice in autumn counts
/// twice.</summary>
public sealed record OfferTimes
{
    /// <summary>The first instant, or null.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The instant from which it is over, or null.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The weekdays; empty means every day.</summary>
    public IReadOnlyList<DayOfWeek> Weekdays { get; init; } = [];

    /// <summary>The first minute of the day, or null together with <see cref="Until"/>: the whole day.</summary>
    public TimeOnly? From { get; init; }

    /// <summary>The minute from which it is over. Before <see cref="From"/> it is one of the next day, and the night
    /// belongs to the weekday on which it began.</summary>
    public TimeOnly? Until { get; init; }

    /// <summary>What does not hold in so long a time never will: a pattern comes back every week, and of three of them
    /// no change of the clocks skips each.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromDays(22);

    /// <summary>Clocks are changed at whole quarters of an hour.</summary>
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>True if weekday and hour allow it at <paramref name="now"/>; start and end are asked apart.</summary>
    public bool Holds(DateTimeOffset now, TimeZoneInfo zone) => Holds(TimeZoneInfo.ConvertTime(now, zone));

    /// <summary>True if there is a moment from <paramref name="from"/> on and before <paramref name="until"/> at which
    /// all of <paramref name="times"/> allow it, their starts and ends included.</summary>
    public static bool Meet(
        IEnumerable<OfferTimes?> times, DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone)
    {
        OfferTimes[] all = [.. times.OfType<OfferTimes>()];
        from = all.Aggregate(from, (latest, t) => t.Start > latest ? t.Start.Value : latest);
        until = all.Aggregate(until, (earliest, t) => t.End < earliest ? t.End.Value : earliest);
        var last = from < until && until - from > LongEnough ? from + LongEnough : until;
        for (var at = from; at < last;)
        {
            var wall = TimeZoneInfo.ConvertTime(at, zone);
            if (all.All(t => t.Holds(wall)))
            {
                return true;
            }

            // It can begin to hold at midnight, when the clocks are changed, and at a first minute.
            var step = Quarter - new TimeSpan(at.UtcTicks % Quarter.Ticks);
            foreach (var first in all.Select(t => t.From).OfType<TimeOnly>())
            {
                var wait = first - TimeOnly.FromTimeSpan(wall.TimeOfDay);
                step = wait > TimeSpan.Zero && wait < step ? wait : step;
            }

            at = last - at > step ? at + step : last;
        }

        return false;
    }

    private bool Holds(DateTimeOffset wall)
    {
        var time = TimeOnly.FromTimeSpan(wall.TimeOfDay);
        if (From is not { } from || Until is not { } until)
        {
            return IsOn(wall.DayOfWeek);
        }

        return from < until
            ? IsOn(wall.DayOfWeek) && time >= from && time < until
            : (time >= from && IsOn(wall.DayOfWeek)) || (time < until && IsOn(DayBefore(wall.DayOfWeek)));
    }

    /// <summary>True if some moment of the week is in both.</summary>
    internal bool Meets(OfferTimes other)
    {
        for (var minute = 0; minute < 7 * 24 * 60; minute++)
        {
            var wall = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
            if (Holds(wall, TimeZoneInfo.Utc) && other.Holds(wall, TimeZoneInfo.Utc))
            {
                return (Start ?? DateTimeOffset.MinValue) < (other.End ?? DateTimeOffset.MaxValue)
                    && (other.Start ?? DateTimeOffset.MinValue) < (End ?? DateTimeOffset.MaxValue);
            }
        }

        return false;
    }

    /// <summary>The first rule that the times break, or null. Pointers are relative to the times.</summary>
    internal Refusal? Check()
    {
        if (End <= Start)
        {
            return new(RefusalCodes.InvalidValue, "The end comes after the start.", "/end");
        }

        if (Weekdays.Count > 7 || Weekdays.Any(d => !Enum.IsDefined(d)) || Weekdays.Distinct().Count() < Weekdays.Count)
        {
            return new(RefusalCodes.InvalidValue, "Each weekday is a known one and stands once.", "/weekdays");
        }

        return From is null != Until is null || (From is not null && From == Until)
            ? new(RefusalCodes.InvalidValue, "Both hours are given, and they differ; or neither is.", "/until")
            : null;
    }

    private bool IsOn(DayOfWeek day) => Weekdays.Count == 0 || Weekdays.Contains(day);

    private static DayOfWeek DayBefore(DayOfWeek day) => (DayOfWeek)(((int)day + 6) % 7);
}
