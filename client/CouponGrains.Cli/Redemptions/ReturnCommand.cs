using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons return USER</c>: books pieces of an order that come back, exactly once for a key.</summary>
internal static class ReturnCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Option<string> Order = new("--order")
    {
        Description = "The shop's order number", Required = true,
    };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "The key of this return; the same key books once", Required = true,
    };

    private static readonly Option<string[]> Lines = new("--line")
    {
        Description = "A line of the order's cart and how many of its pieces come back, item:pieces:unit price:back, "
            + "as in tea:2:3.50:1; repeat for all lines",
        Required = true,
    };

    private static readonly Option<string?> Shipping = new("--shipping")
    {
        Description = "The shipping fee of the order",
    };

    private static readonly Option<string> CurrencyCode = new("--currency")
    {
        Description = "Of every amount", DefaultValueFactory = _ => "USD",
    };

    public static Command Build() => Verb.Online(
        "return", "Book pieces of an order that come back", [User, Order, Key, Lines, Shipping, CurrencyCode], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var user = Ids.User(parsed, User);
        var currency = Amounts.Currency(parsed.GetValue(CurrencyCode)!);
        var lines = parsed.GetValue(Lines)!.Select(l => Line(l, currency)).ToList();
        var booked = await client.Return(
            new()
            {
                Key = parsed.GetValue(Key)!,
                User = user,
                Order = parsed.GetValue(Order)!,
                Cart = new()
                {
                    Currency = currency,
                    Lines = lines.ConvertAll(l => l.Bought),
                    Shipping = parsed.GetValue(Shipping) is { } fee ? Amounts.Money(fee, currency) : null,
                },
                Now = lines.ConvertAll(l => l.Back),
            }, cancel);
        screen.Result(booked, console => console.WriteLine(
            $"returned: {booked.Value.Money} to the user, {booked.BudgetBack} to the budget{PointsOf(booked.Value)}"));
    }

    private static string PointsOf(ReturnValue value) =>
        (value.PointsBack > 0 ? $", {value.PointsBack} points back" : "")
        + (value.PointsTaken > 0 ? $", {value.PointsTaken} points taken" : "");

    private static (CartLine Bought, int Back) Line(string text, Currency currency) =>
        text.Split(':') is [var item, var pieces, var price, var back]
            && int.TryParse(pieces, out var quantity) && quantity > 0 && int.TryParse(back, out var now) && now >= 0
                ? (new(Ids.Item(item), quantity, Amounts.Money(price, currency)), now)
                : throw new RefusedException(RefusalCodes.InvalidValue,
                    $"A line is item:pieces:unit price:back, as in tea:2:3.50:1; '{text}' is not.");
}
