using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Redemptions;

/// <summary>Several coupons at one checkout, and what comes back after it. Neither uses anything.</summary>
internal static class ChoicesApi
{
    private const long PointsMax = 1_000_000_000_000_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/choices", Choose);
        routes.MapPost("/returns", (Delegate)Return);
    }

    private static async Task<IResult> Choose(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<ChoiceRequest>(http);
        Require(CartEngine.Check(body.Cart), "/cart");
        Require(IdRules.IsValid(body.Order)
            ? null
            : new(RefusalCodes.InvalidId, "An order has 1 to 128 characters, no control characters.", "/order"), "");
        Require(body.Codes.Count <= ChoiceRequest.CodesMax
            ? null
            : new(RefusalCodes.BatchTooLarge, $"At most {ChoiceRequest.CodesMax} coupons are chosen between.",
                "/codes"), "");
        return Reply.Json(await grains.User(body.User).Choose(body, cancel));
    }

    private static async Task<IResult> Return(HttpContext http)
    {
        var body = await Body.Read<Returned>(http);
        Require(CartEngine.Check(body.Cart), "/cart");
        Require(body.Discounts.Count <= ChoiceRequest.CodesMax
            ? null
            : new(RefusalCodes.BatchTooLarge, $"A cart has at most {ChoiceRequest.CodesMax} discounts.", "/discounts"), "");
        for (var i = 0; i < body.Discounts.Count; i++)
        {
            Require(CheckDiscount(body, i), "");
        }

        var before = body.Before ?? new int[body.Cart.Lines.Count];
        var (value, refusal) = CartReturn.Step(body.Cart, body.Discounts, before, body.Now);
        Require(refusal, "");
        return Reply.Json(value);
    }

    /// <summary>A discount that no cart engine gave for this cart would make nonsense of the sums.</summary>
    private static Refusal? CheckDiscount(Returned body, int index)
    {
        var (cart, discount) = (body.Cart, body.Discounts[index]);
        var fits = discount.Lines.Count == cart.Lines.Count
            && discount.Lines.Append(discount.Shipping).Append(discount.Total)
                .All(m => m.Currency == cart.Currency && m.Minor >= 0)
            && discount.Total.Minor == discount.Lines.Append(discount.Shipping).Sum(m => (decimal)m.Minor)
            && (discount.EarnedOn is null || (discount.EarnedOn.Count == cart.Lines.Count
                && discount.EarnedOn.Zip(cart.Lines).All(
                    p => p.First.Currency == cart.Currency && p.First.Minor >= 0 && p.First <= p.Second.Total)))
            && discount.PointsSpent is >= 0 and <= PointsMax && discount.PointsEarned is >= 0 and <= PointsMax
            && Enumerable.Range(0, cart.Lines.Count).All(i =>
                body.Discounts.Sum(d => i < d.Lines.Count ? (decimal)d.Lines[i].Minor : 0) <= cart.Lines[i].Total.Minor)
            && body.Discounts.Sum(d => (decimal)d.Shipping.Minor) <= (cart.Shipping?.Minor ?? 0);
        return fits
            ? null
            : new(RefusalCodes.InvalidValue, "The discounts are those of redemptions of this cart.",
                $"/discounts/{index}");
    }

    private static void Require(Refusal? refusal, string within)
    {
        if (refusal is not null)
        {
            throw new ProblemException(Problem.Of(refusal with { Pointer = within + refusal.Pointer }));
        }
    }
}

/// <summary>Pieces that come back of a cart.</summary>
/// <param name="Cart">The cart as it was bought.</param>
/// <param name="Discounts">The discounts of its redemptions.</param>
/// <param name="Now">Pieces that come back now, of each line.</param>
/// <param name="Before">Pieces that came back before, of each line; none if left out.</param>
internal sealed record Returned(
    Cart Cart, IReadOnlyList<Discount> Discounts, IReadOnlyList<int> Now, IReadOnlyList<int>? Before = null);
