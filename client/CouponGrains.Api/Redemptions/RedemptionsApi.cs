using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Redemptions;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Redemptions;

/// <summary>Coupons at the checkout.</summary>
internal static class RedemptionsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/validations", Validate);
        routes.MapPost("/redemptions", Redeem);
        routes.MapPost("/redemptions/{key}/rollbacks", RollBack);
        routes.MapPost("/orders/{order}/returns", Return);
    }

    /// <summary>A coupon that cannot be used is an answer here, not a problem.</summary>
    private static async Task<IResult> Validate(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<CheckoutToTry>(http);
        CheckCart(body.Cart);
        var key = IdempotencyKey.Find(http, body.Key) ?? Guid.NewGuid().ToString("N"); // No redemption has it.
        var (user, request) = (grains.User(body.User), body.ToCheckout().ToRequest(key));
        var answer = body.Now is { } now
            ? await user.ValidateAt(request, Within(now), cancel)
            : await user.Validate(request, cancel);
        var valid = answer.Status == RedemptionStatus.Redeemed;
        return Reply.Json(new Validation(valid, valid ? null : Snake.Case(answer.Status), answer.Discount));
    }

    private static async Task<IResult> Redeem(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<Checkout>(http);
        CheckCart(body.Cart);
        return await KeysInFlight.Once(http, body.User, body.Key, async key =>
            Of(await grains.User(body.User).Redeem(body.ToRequest(key), cancel)));
    }

    /// <summary>The redemption, or why there is none.</summary>
    internal static IResult Of(RedemptionAnswer answer) =>
        answer is { Status: RedemptionStatus.Redeemed, Redemption: { } redemption }
            ? answer.IsRepeat
                ? new Replayed(Reply.Json(redemption, StatusCodes.Status201Created))
                : Reply.Json(redemption, StatusCodes.Status201Created)
            : Problem.Of(Reasons.Of(answer.Status));

    private static async Task<IResult> RollBack(
        string key, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var redemptionKey = Address.Id(key, "key");
        var body = await Body.Read<Rollback>(http);
        var answer = await grains.User(body.User).RollBack(redemptionKey, cancel);
        return answer switch
        {
            { Status: RedemptionStatus.Redeemed, Redemption: { } redemption } => Reply.Json(redemption),
            { Status: RedemptionStatus.OrderReturned } => Problem.Of(Reasons.Of(answer.Status)),
            _ => Problem.Of(
                new Refusal(RefusalCodes.UnknownRedemption, "This user has no redemption of this key.", "?key")),
        };
    }

    private static async Task<IResult> Return(
        string order, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<PiecesBack>(http);
        var named = Address.Id(order, "order");
        return await KeysInFlight.Once(http, body.User, body.Key, async key => Reply.Of(
            await grains.User(body.User).Return(
                new() { Key = key, User = body.User, Order = named, Cart = body.Cart, Now = body.Now }, cancel),
            StatusCodes.Status201Created));
    }

    /// <summary>A time at which calendars can be reckoned with.</summary>
    private static DateTimeOffset Within(DateTimeOffset now) => now.Year is >= 2000 and < 2200
        ? now
        : throw new ProblemException(Problem.Of(
            new Refusal(RefusalCodes.DateOutOfRange, "A time to try at lies in the years 2000 to 2199.", "/now")));

    private static void CheckCart(Cart cart)
    {
        if (CartEngine.Check(cart) is { } refusal)
        {
            throw new ProblemException(Problem.Of(refusal with { Pointer = "/cart" + refusal.Pointer }));
        }
    }
}

/// <summary>A coupon and the cart that it shall be used on.</summary>
internal sealed record Checkout(UserId User, string Code, string Order, Cart Cart, string? Key = null)
{
    public RedemptionRequest ToRequest(string key) => new()
    {
        Key = key,
        User = User,
        Code = Code,
        Order = IdRules.IsValid(Order)
            ? Order
            : throw new ProblemException(Problem.Of(
                new Refusal(
                RefusalCodes.InvalidId, "An order has 1 to 128 characters, no control characters.", "/order"))),
        Cart = Cart,
    };
}

/// <summary>A coupon and the cart that it would be used on, now or at another time.</summary>
internal sealed record CheckoutToTry(
    UserId User, string Code, string Order, Cart Cart, string? Key = null, DateTimeOffset? Now = null)
{
    public Checkout ToCheckout() => new(User, Code, Order, Cart, Key);
}

/// <summary>Pieces of an order that come back, of each line of its cart.</summary>
internal sealed record PiecesBack(UserId User, Cart Cart, IReadOnlyList<int> Now, string? Key = null);

/// <summary>Whose redemption is rolled back, or whose reservation is confirmed or released.</summary>
internal sealed record Rollback(UserId User);

/// <summary>What a redemption would answer.</summary>
/// <param name="Valid">True if the coupon could be used now.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Discount">What it would take off.</param>
internal sealed record Validation(bool Valid, string? Reason, Discount? Discount);
