using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Redemptions;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Redemptions;

/// <summary>Coupons set aside while the user pays: reserved, then confirmed or released.</summary>
internal static class ReservationsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/reservations", Reserve);
        routes.MapPost("/reservations/{key}/confirm", Confirm);
        routes.MapPost("/reservations/{key}/release", Release);
    }

    private static async Task<IResult> Reserve(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<CheckoutToHold>(http);
        if (CartEngine.Check(body.Cart) is { } refusal)
        {
            return Problem.Of(refusal with { Pointer = "/cart" + refusal.Pointer });
        }

        var checkout = new Checkout(body.User, body.Code, body.Order, body.Cart);
        return await KeysInFlight.Once(http, body.User, body.Key, async key =>
        {
            var request = new ReservationRequest(checkout.ToRequest(key), body.Hold ?? ReservationRules.HoldUsually);
            return ReservationRules.Check(request) is { } wrong
                ? Problem.Of(wrong with { Pointer = wrong.Pointer is null ? null : "/holdSeconds" })
                : Of(await grains.User(body.User).Reserve(request, cancel), StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> Confirm(
        string key, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var reservation = Address.Id(key, "key");
        var body = await Body.Read<Rollback>(http);
        return RedemptionsApi.Of(await grains.User(body.User).Confirm(reservation, cancel));
    }

    private static async Task<IResult> Release(
        string key, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var reservation = Address.Id(key, "key");
        var body = await Body.Read<Rollback>(http);
        return Of(await grains.User(body.User).Release(reservation, cancel), StatusCodes.Status200OK);
    }

    private static IResult Of(ReservationAnswer answer, int status) => answer.Reservation is { } reservation
        ? answer.IsRepeat ? new Replayed(Reply.Json(reservation, status)) : Reply.Json(reservation, status)
        : Problem.Of(Reasons.Of(answer.Status));
}

/// <summary>A coupon, the cart that it is set aside for, and for how long.</summary>
internal sealed record CheckoutToHold(
    UserId User, string Code, string Order, Cart Cart, TimeSpan? Hold = null, string? Key = null);
