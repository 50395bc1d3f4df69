using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>The caller's key of a request that moves money: sending it again does nothing twice. In the body as
/// <c>key</c> or in the header <c>Idempotency-Key</c>; in both only if they are equal.</summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";

    /// <summary>The key. Throws <see cref="ProblemException"/> if there is none, or two.</summary>
    public static string Of(HttpContext http, string? inBody) => Find(http, inBody)
        ?? throw Refuse(RefusalCodes.MissingField,
            $"Name a key, here or in the header {Header}, so that a repeat does nothing twice.");

    /// <summary>The key, or null if there is none. Throws <see cref="ProblemException"/> if there are two.</summary>
    public static string? Find(HttpContext http, string? inBody)
    {
        var inHeader = http.Request.Headers[Header] is [{ } single] ? single : null;
        if (inBody is not null && inHeader is not null && inBody != inHeader)
        {
            throw Refuse(RefusalCodes.InvalidValue, $"The body and the header {Header} name different keys.");
        }

        var key = inBody ?? inHeader;
        return key is null || IdRules.IsValid(key)
            ? key
            : throw Refuse(RefusalCodes.InvalidId,
                $"A key has 1 to {IdRules.LengthMax} characters, none of them a control character.");
    }

    private static ProblemException Refuse(string code, string detail) =>
        new(Problem.Of(new Refusal(code, detail, "/key")));
}
