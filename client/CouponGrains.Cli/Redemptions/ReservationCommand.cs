using CouponGrains.Client;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons confirm USER KEY</c>, <c>release USER KEY</c> and <c>rollback USER KEY</c>: redeems what was
/// reserved,
/// gives it up, takes a redemption back.</summary>
internal static class ReservationCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Argument<string> Key = new("KEY") { Description = "The reservation's or redemption's key" };

    public static Command Build(string name) => name == "confirm"
        ? Verb.Online(name, "Redeem what was reserved", [User, Key], Confirm)
        : Verb.Online(name, "Give up what was reserved", [User, Key], Release);

    public static Command BuildRollBack() => Verb.Online(
        "rollback", "Take a redemption back, as an order that is cancelled whole", [User, Key], RollBack);

    private static async Task RollBack(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var redemption = await client.RollBack(Ids.User(parsed, User), parsed.GetValue(Key)!, cancel);
        screen.Result(redemption, console => console.WriteLine(
            $"rolled back: {redemption.Discount.Total} of order {redemption.Order}"));
    }

    /// <summary>Prints what became of a reservation.</summary>
    internal static void Show(Screen screen, Reservation reservation) => screen.Result(reservation, console =>
        console.WriteLine(
            $"{reservation.State}: {reservation.Discount.Total} for {reservation.Order} until {reservation.Until:u}"));

    private static async Task Confirm(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var redemption = await client.Confirm(Ids.User(parsed, User), parsed.GetValue(Key)!, cancel);
        screen.Result(new RedemptionAnswer(RedemptionStatus.Redeemed, redemption.Discount, redemption), console =>
            console.WriteLine($"redeemed: {redemption.Discount.Total} off"));
    }

    private static async Task Release(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        Show(screen, await client.Release(Ids.User(parsed, User), parsed.GetValue(Key)!, cancel));
}
