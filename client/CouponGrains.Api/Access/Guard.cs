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
internal sealed partial class Guard(
    RequestDelegate next, AccessOptions options, Lazy<KnownKeys> keys, Operators operators, TimeProvider time,
    ILogger log)
{
    private const string Scheme = "Bearer ";
    private const string Realm = "Bearer realm=\"coupongrains\"";

    /// <summary>The caller that the setting <c>AdminKey</c> makes.</summary>
    private static readonly Caller Admin = new(CallerKind.Key, "admin", "The process's admin key") { Scopes = Scopes.All };

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
            var (caller, refusal) = await Find(http);
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

    private async ValueTask<(Caller? Caller, Refusal? Refusal)> Find(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Stranger("A key is needed, as in Authorization: Bearer cg_server_…."));
        }

        var secret = authorization[Scheme.Length..].Trim();
        if (KeySecret.Matches(options.AdminKeyHash, secret))
        {
            return (Admin, null);
        }

        if (operators.Knows(secret))
        {
            var (person, fault) = await operators.Find(secret);
            return (person, fault is null ? null : Stranger(fault));
        }

        try
        {
            return KeySecret.IdOf(secret) is not { } id || await keys.Value.Find(id) is not { } key
                ? (null, Stranger("There is no such key."))
                : KeyRules.Fault(key, secret, time.GetUtcNow()) is { } wrong
                    ? (null, Stranger(wrong))
                    : (Caller.Of(key), null);
        }
        catch (Exception e) when (Door.IsUnavailable(e))
        {
            return (null, Door.Unavailable);
        }
    }

    private static Refusal Stranger(string detail) => new(RefusalCodes.Unauthenticated, detail);

    private Task Refuse(HttpContext http, Refusal refusal, Caller? caller = null, Need? need = null)
    {
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

    [LoggerMessage(5050, LogLevel.Information, "Request {RequestId} was refused as {Code} to {Caller}.")]
    private static partial void LogRefused(ILogger log, string requestId, string code, string caller);
}
