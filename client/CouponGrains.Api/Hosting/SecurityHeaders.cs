using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Hosting;

/// <summary>What browsers are told of every answer: nothing is guessed, framed or fetched from elsewhere. The pages and
/// the dashboard state what more they need themselves.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>For answers that are no page.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    // The dashboard of Orleans brings styles in its elements.
    private const string Dashboard = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; script-src 'self' 'unsafe-inline'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task Invoke(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/dashboard") ? Dashboard : Nothing;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(http);
    }
}
