namespace CouponGrains.Domain.Campaigns;

/// <summary>Whose uses a limit counts. The numbers are stored: never reuse one.</summary>
public enum LimitPer
{
    /// <summary>Those of everybody together.</summary>
    Campaign = 1,

    /// <summary>Those of each user.</summary>
    User = 2,
}

/// <summary>How long a limit counts before it begins anew. The numbers are stored: never reuse one.</summary>
public enum LimitPeriod
{
    /// <summary>The whole campaign.</summary>
    Campaign = 1,

    /// <summary>A calendar day of the campaign's zone.</summary>
    Day = 2,

    /// <summary>Monday to Sunday.</summary>
    Week = 3,

    /// <summary>A calendar month.</summary>
    Month = 4,
}

/// <summary>A limit on the uses of a campaign's coupons: on their number, on what they take off, or on both. Coupons
/// that are reserved count as used. What is rolled back, released or returned makes room again on the day on which it
/// was used.</summary>
public sealed record Limit
{
    /// <summary>Whose uses.</summary>
    public LimitPer Per { get; init; } = LimitPer.Campaign;

    /// <summary>How long.</summary>
    public LimitPeriod Period { get; init; } = LimitPeriod.Day;

    /// <summary>The most uses, or null.</summary>
    public int? Count { get; init; }

    /// <summary>The most that is taken off, in the campaign's currency, or null.</summary>
    public Money? Value { get; init; }
}

/// <summary>What has been used of a limit.</summary>
/// <param name="Count">Uses.</param>
/// <param name="Minor">Minor units taken off.</param>
public readonly record struct LimitUse(long Count, long Minor);

/// <summary>The days that a limit counts together, both included; see <see cref="LimitRules.DayOf"/>.</summary>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day.</param>
public readonly record struct LimitDays(int First, int Last);

/// <summary>Which limits are accepted, and which days each counts.</summary>
public static class LimitRules
{
    /// <summary>The most limits of a campaign.</summary>
    public const int LimitsMax = 16;

    /// <summary>The first rule that the limits of <paramref name="campaign"/> break, or null.</summary>
    public static Refusal? Check(Campaign campaign)
    {
        if (campaign.Limits.Count > LimitsMax)
        {
            return Invalid($"A campaign has at most {LimitsMax} limits.", "/limits");
        }

        for (var i = 0; i < campaign.Limits.Count; i++)
        {
            var limit = campaign.Limits[i];
            if (!Enum.IsDefined(limit.Per) || !Enum.IsDefined(limit.Period))
            {
                return Invalid("A limit is per campaign or user, for a day, week, month or the campaign.",
                    $"/limits/{i}");
            }

            if (limit is { Count: null, Value: null } || limit.Count < 0 || limit.Value?.Minor < 0)
            {
                return Invalid("A limit has a count, a value or both, none of them negative.", $"/limits/{i}");
            }

            if (limit.Value is { } value && value.Currency != campaign.Budget.Currency)
            {
                return new(RefusalCodes.CurrencyMismatch,
                    $"The budget is in {campaign.Budget.Currency}, the limit in {value.Currency}.",
                    $"/limits/{i}/value");
            }
        }

        return null;
    }

    /// <summary>The calendar day of the campaign's zone on which an instant falls, as days since 0001-01-01.</summary>
    public static int DayOf(Campaign campaign, DateTimeOffset at) => DateOnly
        .FromDateTime(TimeZoneInfo.ConvertTime(at, CampaignRules.Zone(campaign)).DateTime).DayNumber;

    /// <summary>The days that are counted together with <paramref name="day"/>.</summary>
    public static LimitDays DaysOf(LimitPeriod period, int day)
    {
        var date = DateOnly.FromDayNumber(day);
        var sinceMonday = ((int)date.DayOfWeek + 6) % 7;
        return period switch
        {
            LimitPeriod.Day => new(day, day),
            LimitPeriod.Week => new(day - sinceMonday, day - sinceMonday + 6),
            LimitPeriod.Month => new(day - date.Day + 1, day - date.Day + DateTime.DaysInMonth(date.Year, date.Month)),
            _ => new(0, int.MaxValue),
        };
    }

    private static Refusal Invalid(string detail, string pointer) => new(RefusalCodes.InvalidValue, detail, pointer);
}
