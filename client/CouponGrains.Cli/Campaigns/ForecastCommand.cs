using CouponGrains.Client;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Campaigns;

/// <summary>What a campaign would do and where its budget is heading: <c>coupons campaign simulate CAMPAIGN</c> and
/// <c>coupons campaign course CAMPAIGN</c>.</summary>
internal static class ForecastCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "The campaign's id" };

    private static readonly Option<int> Users = new("--users")
    {
        Description = "Users of the sample, 1 to 1000", DefaultValueFactory = _ => 500,
    };

    public static Command BuildSimulate() => Verb.Online(
        "simulate", "What it would issue and give to a sample of the users; issues nothing", [Id, Users], Simulate);

    public static Command BuildCourse() => Verb.Online(
        "course", "How its budget was used by day, and where it is heading", [Id], Course);

    private static async Task Simulate(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var users = parsed.GetValue(Users) is >= 1 and <= 1_000 and var n
            ? n
            : throw new RefusedException(RefusalCodes.InvalidValue, "--users is 1 to 1000.");
        var told = await client.Simulate(Ids.Campaign(parsed.GetValue(Id)!), users, null, cancel);
        screen.Result(told, console =>
        {
            console.WriteLine($"of {told.Users:N0} users {told.Addressed:N0} are addressed and {told.Offered:N0} get an "
                + $"offer; {told.Redemptions:F1} redemptions give {told.Spend} of {told.Left} left");
            console.Write(Screen.Grid(
                ["offer", "what", "#users", "#redemptions", "#spend"],
                told.Offers.Select(o => new[]
                {
                    o.Offer.Value, o.Title, $"{o.Users:N0}", $"{o.Redemptions:F1}", o.Spend.ToString(),
                })));
        });
    }

    private static async Task Course(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var course = await client.Course(Ids.Campaign(parsed.GetValue(Id)!), cancel);
        var currency = course.Use.Limit.Currency;
        screen.Result(course, console =>
        {
            console.WriteLine($"spent {course.Use.Spent}, reserved {course.Use.Reserved}, left {course.Use.Left}; "
                + (course.Forecast.ExhaustedOn is { } day ? $"used up on {day:yyyy-MM-dd}" : "not used up by its end"));
            console.Write(Screen.Grid(
                ["day", "#redeemed", "#spent"],
                course.Days.Select(d => new[]
                {
                    $"{d.Day:yyyy-MM-dd}", $"{d.Redeemed:N0}", new Money(d.SpentMinor, currency).ToString(),
                })));
        });
    }
}
