using CouponGrains.Api.Access;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Coupons;

/// <summary>Coupons: issued, looked at, claimed, rated, taken back.</summary>
internal static class CouponsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{id}/coupons", Wallet);
        routes.MapPost("/publications", Publish);
        routes.MapPost("/coupons/{code}/view", View);
        routes.MapPost("/coupons/{code}/claim", Claim);
        routes.MapPost("/coupons/{code}/rating", Rate);
        routes.MapPost("/coupons/{code}/void", TakeBack);
    }

    private static async Task<IResult> Wallet(
        string id, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Ordered(await grains.User(id).Wallet(cancel), limit, cursor, entry => entry.Coupon.Code);

    private static async Task<IResult> Publish(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<Publication>(http);
        return await KeysInFlight.Once(http, body.User, body.Key, async key => Reply.Of(
            await grains.User(body.User).Issue(new(key, body.Campaign, body.Offer), cancel),
            StatusCodes.Status201Created));
    }

    private static async Task<IResult> View(
        string code, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<CouponHolder>(http);
        http.Caller().Require(body.User);
        return Reply.Of(await grains.User(body.User).View(Code(code), cancel));
    }

    private static async Task<IResult> Claim(
        string code, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<CouponHolder>(http);
        http.Caller().Require(body.User);
        return Reply.Of(await grains.User(body.User).Claim(Known(SharedCodes.NormaliseAny(code)), cancel));
    }

    private static async Task<IResult> Rate(
        string code, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<CouponRating>(http);
        http.Caller().Require(body.User);
        return body.Rating is < 1 or > 5
            ? Problem.Of(new Refusal(RefusalCodes.InvalidValue, "A rating is 1 to 5.", "/rating"))
            : Reply.Of(await grains.User(body.User).Rate(Code(code), body.Rating, cancel));
    }

    private static async Task<IResult> TakeBack(
        string code, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<CouponHolder>(http);
        http.Caller().Require(body.User);
        return Reply.Of(await grains.User(body.User).Void(Code(code), cancel));
    }

    private static string Code(string text) => Known(CouponCode.Normalise(text));

    private static string Known(string? code) => code
        ?? throw new ProblemException(Problem.Of(
            new Refusal(RefusalCodes.UnknownCoupon, "This is not a coupon's code.", "?code")));
}

/// <summary>A wish to issue a coupon. The key may stand in the header <c>Idempotency-Key</c> instead.</summary>
internal sealed record Publication(UserId User, CampaignId Campaign, OfferId? Offer = null, string? Key = null);

/// <summary>Whose coupon it is.</summary>
internal sealed record CouponHolder(UserId User);

/// <summary>A user's rating of a coupon, 1 to 5.</summary>
internal sealed record CouponRating(UserId User, int Rating);
