using System.Security.Cryptography;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage;

/// <summary>What a redemption, or a return, asked for, as 32 bytes: equal for a repeated request, different for another
/// one under the same key. The count of prior orders is left out: it is ours, not the caller's, and may grow between
/// two tries.</summary>
internal static class RequestHash
{
    public static byte[] Of(RedemptionRequest request) => SHA256.HashData(StoreJson.WriteBytes(
        new Content(request.User, CouponCode.Normalise(request.Code) ?? request.Code, request.Order, request.Cart)));

    public static byte[] Of(ReturnRequest request) => SHA256.HashData(StoreJson.WriteBytes(
        new Returned(request.User, request.Order, request.Cart, request.Now)));

    private sealed record Returned(UserId User, string Order, Cart Cart, IReadOnlyList<int> Now);

    private sealed record Content(UserId User, string Code, string Order, Cart Cart);
}
