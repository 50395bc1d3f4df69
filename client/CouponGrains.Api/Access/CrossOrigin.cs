using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Access;

/// <summary>Requests of pages from elsewhere. A browser asks first and without the key whether it may, and is told yes:
/// its cookies are not allowed, so that gives nothing away. With the key at hand its origins decide.</summary>
internal static class CrossOrigin
{
    /// <summary>What a page may read of an answer beside its body.</summary>
    private const string Exposed =
        "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, ETag, Idempotent-Replayed, WWW-Authenticate";

    public static bool IsPreflight(HttpContext http) => http.Request.Method == "OPTIONS"
        && http.Request.Headers.ContainsKey("Access-Control-Request-Method")
        && http.Request.Path.StartsWithSegments("/v1");

    public static void Answer(HttpContext http)
    {
        var headers = http.Response.Headers;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.AccessControlAllowOrigin = http.Request.Headers.Origin;
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID";
        headers.AccessControlMaxAge = "600";
        headers.Vary = "Origin";
    }

    /// <summary>Why a page may not use the caller's key, or null if it may or the request comes from no page. A
    /// server's key is for no page: a page from elsewhere can read none of its answers.</summary>
    public static Refusal? Lacks(HttpContext http, Caller caller)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !caller.IsClient || origin == $"{http.Request.Scheme}://{http.Request.Host}")
        {
            return null;
        }

        if (!caller.Origins.Contains(origin))
        {
            return new(RefusalCodes.Forbidden, "This key is not for pages of that origin.");
        }

        Allow(http, origin);
        return null;
    }

    /// <summary>Lets a page read why it was refused, which tells nothing of a shop: else it would see a broken
    /// connection.</summary>
    public static void AllowRefusal(HttpContext http)
    {
        if (http.Request.Headers.Origin is [{ Length: > 0 } origin] && http.Request.Path.StartsWithSegments("/v1"))
        {
            Allow(http, origin);
        }
    }

    private static void Allow(HttpContext http, string origin)
    {
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlExposeHeaders = Exposed;
        http.Response.Headers.Vary = "Origin";
    }
}
