using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Hosting;

/// <summary>Keeps other sites' pages from acting through the browser of somebody who may. Two ways are barred: a
/// request that changes something and that a page of another origin made, and a name that was made to point at this
/// machine so that its pages are of the same origin.</summary>
/// <remarks>What a request says of where it comes from (<c>Sec-Fetch-Site</c>, else <c>Origin</c>) is written by the
/// browser; programs send neither. A request with a key of its own in it is not the browser's doing.</remarks>
internal sealed class CrossSite(RequestDelegate next, IReadOnlyList<string> hosts)
{
    public async Task Invoke(HttpContext http)
    {
        if (Fault(http.Request) is { } refusal)
        {
            await Problem.Of(refusal).ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    private Refusal? Fault(HttpRequest request)
    {
        if (hosts.Count > 0 && !hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return new(RefusalCodes.UnknownHost, "This process does not answer to that name; --hosts lists its names.");
        }

        return Changes(request.Method) && request.Headers.Authorization.Count == 0 && IsForeign(request)
            ? new(RefusalCodes.CrossSite, "A page of another site may not do this.")
            : null;
    }

    /// <summary>True for what may change something.</summary>
    internal static bool Changes(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    /// <summary>True if a page of another origin made it.</summary>
    internal static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
        {
            return site is not ("same-origin" or "none");
        }

        return request.Headers.Origin is [{ } origin, ..]
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
