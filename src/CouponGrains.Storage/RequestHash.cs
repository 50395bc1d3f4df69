using System.Security.Cryptography;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage;

/// <summary>What a redemption asked for, as 32 bytes: equal for a repeated request, different for another one under the same
/// key. The count of prior orders is left out: it is ours, not the caller's, and may grow between two tries.</summary>
internal static class RequestHash
{
    public static byte[] Of(RedemptionRequest request) => SHA256.HashData(StoreJson.WriteBytes(
        new Content(request.User, CouponCode.Normalise(request.Code) ?? request.Code, request.Order, request.Cart)));

    private sealed record Content(UserId User, string Code, string Order, Cart Cart);
}
