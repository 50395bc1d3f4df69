using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons redeem USER CODE</c> and <c>reserve USER CODE</c>: uses a coupon on a cart, or sets it aside for
/// one, exactly once for a key; <c>validate USER CODE</c> tells what that would give.</summary>
internal static class RedeemCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Argument<string> Code = new("CODE") { Description = "The coupon's code" };
    private static readonly Option<string> Order = new("--order") { Description = "The shop's order number", Required = true };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The key of this wish; the same key redeems once (the order number)",
    };

    private static readonly Option<string[]> Lines = new("--line")
    {
        Description = "A cart line, item:pieces:unit price, as in tea:2:3.50; repeat for more", Required = true,
    };

    private static readonly Option<string?> Shipping = new("--shipping") { Description = "The shipping fee, if any" };
    private static readonly Option<string> CurrencyCode = new("--currency") { Description = "Of every amount", DefaultValueFactory = _ => "USD" };
    private static readonly Option<long?> Points = new("--points") { Description = "The points that the user has" };

    private static readonly Option<string?> Now = new("--now")
    {
        Description = "As of when, as in 2026-12-24T18:00:00Z; only the clock is another, nothing of the store",
    };

    private static readonly Option<int> Minutes = new("--minutes")
    {
        Description = "For how long", DefaultValueFactory = _ => (int)ReservationRules.HoldUsually.TotalMinutes,
    };

    public static Command Build() => Verb.Online(
        "redeem", "Use a coupon on a cart", [User, Code, Order, Key, Lines, Shipping, CurrencyCode, Points], Run);

    public static Command BuildValidate() => Verb.Online(
        "validate", "What using a coupon on a cart would give, now or at another time; uses nothing",
        [User, Code, Order, Key, Lines, Shipping, CurrencyCode, Points, Now], Validate);

    public static Command BuildReserve() => Verb.Online(
        "reserve", "Set a coupon aside for a cart while the user pays",
        [User, Code, Order, Key, Lines, Shipping, CurrencyCode, Points, Minutes], Reserve);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var redemption = await client.Redeem(Request(parsed), cancel);
        var discount = redemption.Discount;
        screen.Result(new RedemptionAnswer(RedemptionStatus.Redeemed, discount, redemption), console =>
            console.WriteLine($"redeemed: {discount.Total} off{PointsOf(discount)}"));
    }

    private static async Task Validate(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var request = Request(parsed);
        var discount = Instants.Parse(parsed.GetValue(Now), "--now") is { } now
            ? await client.ValidateAt(request, now, cancel)
            : await client.Validate(request, cancel);
        screen.Result(new { valid = true, discount }, console =>
            console.WriteLine($"would be redeemed: {discount.Total} off{PointsOf(discount)}"));
    }

    private static async Task Reserve(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var hold = TimeSpan.FromMinutes(parsed.GetValue(Minutes));
        ReservationCommand.Show(screen, await client.Reserve(new(Request(parsed), hold), cancel));
    }

    private static RedemptionRequest Request(ParseResult parsed)
    {
        var order = parsed.GetValue(Order)!;
        var currency = Amounts.Currency(parsed.GetValue(CurrencyCode)!);
        return new()
        {
            Key = parsed.GetValue(Key) ?? order,
            User = Ids.User(parsed, User),
            Code = parsed.GetValue(Code)!,
            Order = order,
            Cart = new()
            {
                Currency = currency,
                Lines = [.. parsed.GetValue(Lines)!.Select(l => Line(l, currency))],
                Shipping = parsed.GetValue(Shipping) is { } fee ? Amounts.Money(fee, currency) : null,
                Points = parsed.GetValue(Points),
            },
        };
    }

    private static string PointsOf(Discount discount) => discount switch
    {
        { PointsSpent: > 0 } => $" for {discount.PointsSpent} points",
        { PointsEarned: > 0 } => $", {discount.PointsEarned} points more",
        _ => "",
    };

    private static CartLine Line(string text, Currency currency) => text.Split(':') is [var item, var pieces, var price]
        && int.TryParse(pieces, out var quantity) && quantity > 0
            ? new(Ids.Item(item), quantity, Amounts.Money(price, currency))
            : throw new RefusedException(RefusalCodes.InvalidValue, $"A cart line is item:pieces:unit price, as in tea:2:3.50; '{text}' is not.");
}
