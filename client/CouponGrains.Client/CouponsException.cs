using CouponGrains.Domain;

namespace CouponGrains.Client;

/// <summary>What was asked is refused, or was not answered.</summary>
public sealed class CouponsException : Exception
{
    internal CouponsException(Refusal refusal, string? requestId = null, Exception? inner = null)
        : base(refusal.ToString(), inner) => (Refusal, RequestId) = (refusal, requestId);

    /// <summary>What and why: a stable code (<see cref="RefusalCodes"/>, or the reason for which a coupon was not
    /// redeemed, in snake_case), words for people, and where in the request the fault is.</summary>
    public Refusal Refusal { get; }

    /// <summary>The code of <see cref="Refusal"/>.</summary>
    public string Code => Refusal.Code;

    /// <summary>The server's name for the request, to be found in its log; null where no server answered or none gives
    /// names.</summary>
    public string? RequestId { get; }

    /// <summary>True if nothing is known: what was asked may or may not be done. Ask again with the same key.</summary>
    public bool IsUnknown => Code is RefusalCodes.Unavailable or RefusalCodes.StoreNotWritable
        or RefusalCodes.InternalError or RefusalCodes.InFlight;
}
