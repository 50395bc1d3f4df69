using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons confirm USER KEY</c> and <c>release USER KEY</c>: redeems what was reserved, or gives it
/// up.</summary>
internal static class ReservationCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Argument<string> Key = new("KEY") { Description = "The key of the reservation" };

    public static Command Build(string name) => name == "confirm"
        ? Verb.Online(name, "Redeem what was reserved", [User, Key], Confirm)
        : Verb.Online(name, "Give up what was reserved", [User, Key], Release);

    /// <summary>Prints what became of a reservation.</summary>
    internal static void Show(Screen screen, ReservationAnswer answer) => screen.Result(answer, console =>
        console.WriteLine(answer.Reservation is { } reservation
            ? $"{reservation.State}: {reservation.Discount.Total} for {reservation.Order} until {reservation.Until:u}"
            : $"refused: {answer.Status}"));

    private static async Task Confirm(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var answer = await Grain(parsed, client).Confirm(parsed.GetValue(Key)!, cancel);
        screen.Result(answer, console => console.WriteLine(answer.Discount is { } discount
            ? $"redeemed: {discount.Total} off" : $"not redeemed: {answer.Status}"));
        RedeemCommand.Require(answer.Status, RedemptionStatus.Redeemed);
    }

    private static async Task Release(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var answer = await Grain(parsed, client).Release(parsed.GetValue(Key)!, cancel);
        Show(screen, answer);
        RedeemCommand.Require(answer.Status, RedemptionStatus.Released);
    }

    private static IUserGrain Grain(ParseResult parsed, IClusterClient client) =>
        client.GetGrain<IUserGrain>(Ids.User(parsed.GetValue(User)!).Value);
}
