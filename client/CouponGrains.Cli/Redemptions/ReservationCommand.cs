using CouponGrains.Client;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons confirm USER KEY</c> and <c>release USER KEY</c>: redeems what was reserved, or gives it
/// up.</summary>
internal static class ReservationCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Argument<string> Key = new("KEY") { Description = "The key of the reservation" };

    public static Command Build(string name) => name == "confirm"
        ? Verb.Served(name, "Redeem what was reserved", [User, Key], Confirm)
        : Verb.Served(name, "Give up what was reserved", [User, Key], Release);

    /// <summary>Prints what became of a reservation.</summary>
    internal static void Show(Screen screen, Reservation reservation) => screen.Result(reservation, console =>
        console.WriteLine(
            $"{reservation.State}: {reservation.Discount.Total} for {reservation.Order} until {reservation.Until:u}"));

    private static async Task Confirm(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var redemption = await client.Confirm(Ids.User(parsed.GetValue(User)!), parsed.GetValue(Key)!, cancel);
        screen.Result(new RedemptionAnswer(RedemptionStatus.Redeemed, redemption.Discount, redemption), console =>
            console.WriteLine($"redeemed: {redemption.Discount.Total} off"));
    }

    private static async Task Release(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        Show(screen, await client.Release(Ids.User(parsed.GetValue(User)!), parsed.GetValue(Key)!, cancel));
}
