using System.Security.Claims;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Api.Access;

/// <summary>Lets in who may, by <see cref="AccessTable"/>, and tells the handlers who it is.</summary>
internal sealed partial class Guard(RequestDelegate next, AccessOptions options, KnownCallers callers, ILogger log)
{
    private const string Realm = "Bearer realm=\"coupongrains\"";

    public Task Invoke(HttpContext http)
    {
        if (options.KeysRequired)
        {
            return Check(http);
        }

        LetIn(http, Caller.Local);
        return next(http);
    }

    private async Task Check(HttpContext http)
    {
        if (CrossOrigin.IsPreflight(http))
        {
            CrossOrigin.Answer(http);
            return;
        }

        // Where there is no route there is nothing to guard: the answer is 404 or 405.
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && !IsOpen(http, pattern))
        {
            var need = AccessTable.Of(http.Request.Method, pattern);
            var (caller, refusal) = await callers.Find(http);
            refusal ??= Lacks(http, caller!, need, pattern);
            if (refusal is not null)
            {
                await Refuse(http, refusal, caller, need);
                return;
            }

            LetIn(http, caller!);
        }

        await next(http);
    }

    private bool IsOpen(HttpContext http, string pattern) => AccessTable.IsOpen(http.Request.Method, pattern)
        || (options.MetricsOpen && AccessTable.IsBelow(pattern, AccessTable.Metrics));

    /// <summary>Notes who calls: for the handlers, for the grains, and as the user of the request.</summary>
    private static void LetIn(HttpContext http, Caller caller)
    {
        http.Features.Set(caller);
        Acting.As(caller.Actor, http.TraceIdentifier);
        if (caller.Kind != CallerKind.Local)
        {
            http.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, caller.Actor.ToString())], "Bearer"));
        }
    }

    private static Refusal? Lacks(HttpContext http, Caller caller, Need? need, string pattern) => need is null
        ? new(RefusalCodes.Forbidden, "This address is open to nobody.")
        : caller.Lacks(need)
            ?? CrossOrigin.Lacks(http, caller)
            ?? (pattern.StartsWith("/v1/users/{id}", StringComparison.Ordinal) && http.GetRouteValue("id") is string id
                ? caller.Lacks(new UserId(Address.Id(id, "id")))
                : null);

    private Task Refuse(HttpContext http, Refusal refusal, Caller? caller = null, Need? need = null)
    {
        if (refusal.Code == RefusalCodes.Unauthenticated && options.SignIn is not null && IsVisit(http))
        {
            http.Response.Redirect("/sign-in?to=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString));
            return Task.CompletedTask;
        }

        CrossOrigin.AllowRefusal(http);
        LogRefused(log, http.TraceIdentifier, refusal.Code, caller?.Actor.ToString() ?? "a stranger");
        if (refusal.Code == RefusalCodes.Unauthenticated)
        {
            var tried = http.Request.Headers.Authorization.Count > 0;
            http.Response.Headers.WWWAuthenticate = tried ? Realm + ", error=\"invalid_token\"" : Realm;
        }
        else if (refusal.Code == RefusalCodes.Forbidden && need is not null)
        {
            http.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"insufficient_scope\", scope=\"{need.Scope}\"";
        }

        return Problem.Of(refusal).ExecuteAsync(http);
    }

    /// <summary>True if a person goes to the dashboard with his browser.</summary>
    private static bool IsVisit(HttpContext http) => AccessTable.IsBelow(http.Request.Path, "/dashboard")
        && HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Authorization.Count == 0
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(5050, LogLevel.Information, "Request {RequestId} was refused as {Code} to {Caller}.")]
    private static partial void LogRefused(ILogger log, string requestId, string code, string caller);
}
