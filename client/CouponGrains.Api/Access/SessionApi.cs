using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Api.Access;

/// <summary>Who looks at the pages, and how he comes and goes.</summary>
internal static partial class SessionApi
{
    public static void Map(IEndpointRouteBuilder routes, AccessOptions options)
    {
        routes.MapGet("/session", Show);
        if (options.SignIn is not null)
        {
            routes.MapGet("/sign-in", Come);
            routes.MapPost("/sign-out", Leave);
        }
    }

    /// <summary>What the pages may know of whoever looks at them. No other site can read it: it allows none
    /// to.</summary>
    private static async Task<IResult> Show(
        HttpContext http, AccessOptions options, KnownCallers callers, EndpointDataSource routes)
    {
        var shown = new SessionView(options.KeysRequired, options.SignIn is not null)
        {
            Dashboard = routes.Endpoints.OfType<RouteEndpoint>()
                .Any(route => AccessTable.IsBelow(route.RoutePattern.RawText ?? "", "/dashboard")),
        };
        if (!options.KeysRequired)
        {
            return Reply.Json(shown with { Role = Caller.Local.Role, Actor = Caller.Local.Actor });
        }

        if (!http.Request.Headers.ContainsKey("Authorization") && callers.Sessions is { } sessions)
        {
            return await sessions.Find(http) switch
            {
                (_, { } refusal) => Problem.Of(refusal),
                ({ } session, _) => Reply.Json(shown with
                {
                    Name = session.Caller.Name, Role = session.Caller.Role, Token = session.Token, Until = session.Until,
                    Actor = session.Caller.Actor,
                }),
                _ => Reply.Json(shown),
            };
        }

        var (caller, wrong) = await callers.Find(http);
        if (wrong is { Code: not RefusalCodes.Unauthenticated })
        {
            return Problem.Of(wrong);
        }

        return Reply.Json(shown with
        {
            Name = caller?.Name, Role = caller?.Role, Actor = caller?.Actor, Scopes = caller is { Role: null } ? caller.Scopes : null,
        });
    }

    private static async Task<IResult> Come(string? to, HttpContext http, Operators operators, ILoggerFactory logs)
    {
        try
        {
            await operators.Provider.GetConfigurationAsync(http.RequestAborted);
        }
        catch (Exception e) when (IsAway(e))
        {
            LogUnreachable(logs.CreateLogger("CouponGrains.Api.Access"), e, http.TraceIdentifier);
            return Results.Redirect("/?sign-in=unreachable");
        }

        return Results.Challenge(new() { RedirectUri = IsOwn(to) ? to : "/" }, [SignIn.Provider]);
    }

    private static async Task<IResult> Leave(
        HttpContext http, KnownCallers callers, Operators operators, AccessOptions options, ILoggerFactory logs)
    {
        var (session, refusal) = await callers.Sessions!.Find(http);
        if (session is null || refusal is not null)
        {
            return Problem.Of(refusal ?? new Refusal(RefusalCodes.Unauthenticated, "Nobody is signed in."));
        }

        await callers.Sessions.End(http, session);
        try
        {
            return Reply.Json(new SignedOut(await Goodbye(http, operators, options)));
        }
        catch (Exception e) when (IsAway(e))
        {
            // The session here is ended; that of the provider he ends there.
            LogUnreachable(logs.CreateLogger("CouponGrains.Api.Access"), e, http.TraceIdentifier);
            return Reply.Json(new SignedOut("/"));
        }
    }

    private static bool IsAway(Exception e) => e is InvalidOperationException or IOException or HttpRequestException;

    /// <summary>Where the provider ends its own session, if it does; otherwise the first page.</summary>
    private static async Task<string> Goodbye(HttpContext http, Operators operators, AccessOptions options)
    {
        var provider = await operators.Provider.GetConfigurationAsync(http.RequestAborted);
        return provider.EndSessionEndpoint is { Length: > 0 } end
            ? QueryHelpers.AddQueryString(end, new Dictionary<string, string?>
            {
                ["client_id"] = options.SignIn!.ClientId,
                ["post_logout_redirect_uri"] = $"{http.Request.Scheme}://{http.Request.Host}/",
            })
            : "/";
    }

    /// <summary>True for a page of this host: nobody is sent elsewhere by a link to the sign-in.</summary>
    private static bool IsOwn(string? to) => to is ['/', ..] && !to.Any(char.IsControl)
        && to.Length < 2000 && (to.Length == 1 || to[1] is not ('/' or '\\'));

    [LoggerMessage(5054, LogLevel.Warning, "Request {RequestId} could not sign in: the identity provider does not answer.")]
    private static partial void LogUnreachable(ILogger log, Exception exception, string requestId);
}

/// <summary>Who looks at the pages.</summary>
/// <param name="KeysRequired">False if anybody may do anything here.</param>
/// <param name="SignIn">True if <c>/sign-in</c> leads to the identity provider.</param>
/// <param name="Name">What people call him; null for nobody.</param>
/// <param name="Role">His role; null for nobody and for a key.</param>
/// <param name="Scopes">What his key may do; null without a key.</param>
/// <param name="Token">What his pages send as <c>X-CSRF-Token</c> with all that changes something.</param>
/// <param name="Until">When his session ends by itself.</param>
/// <param name="Actor">In whose name he acts; null for nobody.</param>
internal sealed record SessionView(
    bool KeysRequired, bool SignIn, string? Name = null, Role? Role = null, IReadOnlyList<string>? Scopes = null,
    string? Token = null, DateTimeOffset? Until = null, Actor? Actor = null)
{
    /// <summary>True if this process has the Orleans dashboard; front ends have none.</summary>
    public bool Dashboard { get; init; }
}

/// <summary>A session that ended.</summary>
/// <param name="Next">Where the browser goes now.</param>
internal sealed record SignedOut(string Next);
