using System.Collections.Concurrent;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Api.Wire;

/// <summary>The callers' keys that this process is working on. The same request sent a second time meanwhile is told so
/// at once (409 <c>in_flight</c>), as the IETF draft of Idempotency-Key asks; one that comes in at another process
/// waits for the user's grain, and is answered as the first.</summary>
internal sealed class KeysInFlight
{
    private readonly ConcurrentDictionary<(string Route, UserId User, string Key), byte> _keys = new();

    /// <summary>Does <paramref name="work"/> under the key of the request, in the header or in the body. Throws
    /// <see cref="ProblemException"/> if there is none, or two.</summary>
    public static async Task<IResult> Once(
        HttpContext http, UserId user, string? inBody, Func<string, Task<IResult>> work)
    {
        var keys = http.RequestServices.GetRequiredService<KeysInFlight>()._keys;
        var key = IdempotencyKey.Of(http, inBody);
        var entry = ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", user, key);
        if (!keys.TryAdd(entry, 0))
        {
            return Problem.Of(new Refusal(
                RefusalCodes.InFlight, "A request with this key is being worked on; ask again.", "/key"));
        }

        try
        {
            return await work(key);
        }
        finally
        {
            keys.TryRemove(entry, out _);
        }
    }
}
