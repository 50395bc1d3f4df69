using System.Globalization;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class OfferTimesTests
{
    private static readonly Gen<OfferTimes?> Times = Gen.Select(
        Gen.Enum<DayOfWeek>().Array[0, 2], Gen.Int[0, 1_439], Gen.Int[1, 300], Gen.Bool, Gen.Int[-3_000, 3_000],
        Gen.Int[0, 9],
        (days, from, length, hours, start, which) => which == 0 ? null : new OfferTimes
        {
            Weekdays = [.. days.Distinct()],
            From = hours ? TimeOnly.MinValue.AddMinutes(from) : null,
            Until = hours ? TimeOnly.MinValue.AddMinutes(from + length) : null,
            Start = which == 1 ? At("2026-03-29T00:00:00Z").AddMinutes(start) : null,
            End = which == 2 ? At("2026-03-29T00:00:00Z").AddMinutes(start) : null,
        });

    private static readonly OfferTimes SmallHours = new()
    {
        Weekdays = [DayOfWeek.Sunday], From = new(2, 0), Until = new(3, 0),
    };

    [Theory]
    [InlineData("2026-03-02T17:59:59Z", false)] // A Monday.
    [InlineData("2026-03-02T18:00:00Z", true)]
    [InlineData("2026-03-02T21:59:59Z", true)]
    [InlineData("2026-03-02T22:00:00Z", false)]
    [InlineData("2026-03-03T19:00:00Z", false)]
    public void Hours_hold_from_the_first_minute_up_to_the_last_on_its_weekdays(string at, bool holds)
    {
        var times = new OfferTimes { Weekdays = [DayOfWeek.Monday], From = new(18, 0), Until = new(22, 0) };
        Assert.Equal(holds, times.Holds(At(at), TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("2026-03-06T22:00:00Z", true)] // Friday night…
    [InlineData("2026-03-07T01:59:00Z", true)] // …lasts into Saturday,
    [InlineData("2026-03-07T02:00:00Z", false)]
    [InlineData("2026-03-07T22:30:00Z", false)] // but Saturday night is another,
    [InlineData("2026-03-06T01:00:00Z", false)] // and so is Thursday's.
    public void A_night_belongs_to_the_weekday_on_which_it_began(string at, bool holds)
    {
        var times = new OfferTimes { Weekdays = [DayOfWeek.Friday], From = new(22, 0), Until = new(2, 0) };
        Assert.Equal(holds, times.Holds(At(at), TimeZoneInfo.Utc));
    }

    [Fact]
    public void Without_hours_the_whole_day_of_the_zone_counts()
    {
        var times = new OfferTimes { Weekdays = [DayOfWeek.Sunday] };
        var shanghai = Zone("Asia/Shanghai");
        Assert.False(times.Holds(At("2026-02-28T15:59:59Z"), shanghai));
        Assert.True(times.Holds(At("2026-02-28T16:00:00Z"), shanghai));
        Assert.True(times.Holds(At("2026-03-01T15:59:59Z"), shanghai));
        Assert.False(times.Holds(At("2026-03-01T16:00:00Z"), shanghai));
    }

    /// <summary>Minutes of the Sunday in the zone on which 2 to 3 o'clock holds: the hour is skipped in spring, and
    /// shown twice in autumn where the clock goes back from 3 to 2.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", 0)] // North, spring: 02:00 becomes 03:00.
    [InlineData("Europe/Berlin", "2026-10-25", 120)] // North, autumn: 03:00 becomes 02:00.
    [InlineData("Europe/Berlin", "2026-06-07", 60)]
    [InlineData("Australia/Sydney", "2026-10-04", 0)] // South, spring.
    [InlineData("Australia/Sydney", "2026-04-05", 120)] // South, autumn.
    [InlineData("Australia/Sydney", "2026-06-07", 60)]
    [InlineData("America/New_York", "2026-03-08", 0)]
    [InlineData("America/New_York", "2026-11-01", 60)] // Here 02:00 becomes 01:00: 2 to 3 is shown once.
    public void The_clock_on_the_wall_decides_also_when_it_is_changed(string zone, string day, int minutes)
    {
        var start = At(day + "T00:00:00Z").AddDays(-1);
        var held = Enumerable.Range(0, 3 * 24 * 60).Count(m => SmallHours.Holds(start.AddMinutes(m), Zone(zone)));
        Assert.Equal(minutes, held);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T22:00:00Z", 9)] // The night loses an hour…
    [InlineData("Europe/Berlin", "2026-10-24T21:00:00Z", 9)] // …or gains one.
    [InlineData("Australia/Sydney", "2026-10-03T13:00:00Z", 9)]
    public void Hours_after_the_issue_are_hours_that_pass_whatever_the_clock_shows(string zone, string issued,
        int hours)
    {
        var offer = Samples.Percent(1_000) with { ValidFor = TimeSpan.FromHours(hours) };
        var campaign = Samples.Campaign() with { TimeZone = zone, Start = At(issued), End = At(issued).AddDays(30) };
        Assert.Equal(At(issued).AddHours(hours), ExpiryOf(offer, campaign, At(issued)));
    }

    [Fact]
    public void A_coupon_ends_with_its_offer()
    {
        var offer = Samples.Percent(1_000) with { Times = new() { End = Samples.Noon.AddDays(1) } };
        Assert.Equal(Samples.Noon.AddDays(1), ExpiryOf(offer, Samples.Campaign(), Samples.Noon));
    }

    /// <summary>Held against a look at each minute, around the days on which clocks are changed.</summary>
    [Fact]
    public void Times_meet_where_some_minute_allows_all_of_them() => Gen.Select(
        Gen.OneOf(
            "UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu", "Africa/Casablanca"),
        Gen.OneOf("2026-03-08", "2026-03-29", "2026-10-04", "2026-10-25", "2026-11-01", "2026-02-15"),
        Gen.Int[-3_000, 3_000], Gen.Int[1, 4_000], Times, Times).Sample((zone, day, from, minutes, one, other) =>
    {
        var start = At(day + "T00:00:00Z").AddMinutes(from);
        var expected = Enumerable.Range(0, minutes).Select(m => start.AddMinutes(m)).Any(
            at => new[] { one, other }.All(t => t is null
                || (t.Holds(at, Zone(zone)) && at >= (t.Start ?? at) && at < (t.End ?? at.AddTicks(1)))));
        Assert.Equal(expected, OfferTimes.Meet([one, other], start, start.AddMinutes(minutes), Zone(zone)));
    }, iter: 5_000);

    [Fact]
    public void Times_meet_also_within_a_minute_at_the_ends_of_time_and_not_in_an_hour_that_is_skipped()
    {
        var late = new OfferTimes { From = new(12, 0, 30), Until = new(12, 0, 50) };
        Assert.True(OfferTimes.Meet([late], Samples.Noon, Samples.Noon.AddSeconds(31), TimeZoneInfo.Utc));
        Assert.False(OfferTimes.Meet([late], Samples.Noon, Samples.Noon.AddSeconds(30), TimeZoneInfo.Utc));
        Assert.False(OfferTimes.Meet([], Samples.Noon, Samples.Noon, TimeZoneInfo.Utc));
        var berlin = Zone("Europe/Berlin");
        Assert.True(OfferTimes.Meet([SmallHours], DateTimeOffset.MinValue, DateTimeOffset.MaxValue, berlin));
        Assert.False(OfferTimes.Meet([SmallHours], At("2026-03-28T00:00Z"), At("2026-03-30T00:00Z"), berlin));
        Assert.True(OfferTimes.Meet([SmallHours], At("2026-03-28T00:00Z"), At("2026-04-30T00:00Z"), berlin));
    }

    [Fact]
    public void A_coupon_that_would_run_out_before_it_may_be_used_is_not_issued()
    {
        var campaign = Samples.Campaign(); // It is Sunday noon.
        var offer = Samples.Percent(1_000) with { ValidFor = TimeSpan.FromHours(3) };
        Assert.Null(IssueRules.CheckTimes(offer, campaign, Samples.Noon));
        Assert.Null(Told(new() { Weekdays = [DayOfWeek.Sunday] }));
        Assert.Null(Told(new() { From = new(14, 59), Until = new(15, 30) }));
        Assert.Equal(RefusalCodes.NoUsableTime, Told(new() { From = new(15, 0), Until = new(15, 30) }));
        Assert.Equal(RefusalCodes.NoUsableTime, Told(new() { Weekdays = [DayOfWeek.Monday] }));
        Assert.Equal(RefusalCodes.NoUsableTime, Told(new() { Start = Samples.Noon.AddHours(3) }));
        Assert.Null(Told(new() { Start = Samples.Noon.AddHours(3).AddTicks(-1) }));
        var nights = campaign with
        {
            Guardrails = campaign.Guardrails with { Times = new() { From = new(22, 0), Until = new(6, 0) } },
        };
        Assert.Equal(RefusalCodes.NoUsableTime, IssueRules.CheckTimes(offer, nights, Samples.Noon)?.Code);

        string? Told(OfferTimes times) =>
            IssueRules.CheckTimes(offer with { Times = times }, campaign, Samples.Noon)?.Code;
    }

    [Fact]
    public void Times_that_are_none_are_refused_by_name()
    {
        Refused("/times/end", new() { Start = Samples.Noon, End = Samples.Noon });
        Refused("/times/until", new() { From = new(9, 0) });
        Refused("/times/until", new() { From = new(9, 0), Until = new(9, 0) });
        Refused("/times/weekdays", new() { Weekdays = [DayOfWeek.Monday, DayOfWeek.Monday] });
        Refused("/times/weekdays", new() { Weekdays = [(DayOfWeek)7] });

        static void Refused(string pointer, OfferTimes times) =>
            Assert.Equal(pointer, OfferRules.Check(Samples.Percent(1_000) with { Times = times })?.Pointer);
    }

    private static DateTimeOffset ExpiryOf(Offer offer, Campaign campaign, DateTimeOffset issued) =>
        IssueRules.ExpiryOf(offer, campaign, issued);

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);
}
