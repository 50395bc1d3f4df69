using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Api.Access;

/// <summary>Knows who calls: by the key or the token that a request shows, else by the session of its
/// browser.</summary>
internal sealed class KnownCallers
{
    private const string Scheme = "Bearer ";

    /// <summary>The caller that the setting <c>AdminKey</c> makes.</summary>
    private static readonly Caller Admin = new(CallerKind.Key, "admin", "The process's admin key") { Scopes = Scopes.All };

    private readonly AccessOptions _options;
    private readonly Operators _operators;
    private readonly Strangers _strangers;
    private readonly TimeProvider _time;

    // A process that asks for no keys need not be able to.
    private readonly Lazy<KnownKeys> _keys;
    private readonly Lazy<Sessions> _sessions;

    public KnownCallers(
        AccessOptions options, Operators operators, Strangers strangers, TimeProvider time, IServiceProvider services)
    {
        (_options, _operators, _strangers, _time) = (options, operators, strangers, time);
        _keys = new(services.GetRequiredService<KnownKeys>);
        _sessions = new(services.GetRequiredService<Sessions>);
    }

    /// <summary>The sessions; null where nobody signs in.</summary>
    public Sessions? Sessions => _options.SignIn is null ? null : _sessions.Value;

    /// <summary>The caller, and why he may not go on: one of the two is null, or both are there for a session that a
    /// page of another site would use.</summary>
    public async ValueTask<(Caller? Caller, Refusal? Refusal)> Find(HttpContext http)
    {
        if (_strangers.Refuse(http) is { } tooMany)
        {
            return (null, tooMany);
        }

        var found = await Look(http);
        if (found.Caller is not null || found.Refusal?.Code == RefusalCodes.Unauthenticated)
        {
            _strangers.Note(http, found.Caller is not null);
        }

        return found;
    }

    private async ValueTask<(Caller? Caller, Refusal? Refusal)> Look(HttpContext http)
    {
        try
        {
            var authorization = http.Request.Headers.Authorization.ToString();
            return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? await Find(authorization[Scheme.Length..].Trim())
                : authorization.Length == 0 && Sessions is { } sessions ? await Find(http, sessions) : (null, Unknown());
        }
        catch (RefusedException e)
        {
            return (null, e.Refusal);
        }
        catch (Exception e) when (Door.IsUnavailable(e))
        {
            return (null, Door.Unavailable);
        }
    }

    private async ValueTask<(Caller? Caller, Refusal? Refusal)> Find(HttpContext http, Sessions sessions) =>
        await sessions.Find(http) is ({ } session, var refusal) ? (session.Caller, refusal) : (null, Unknown());

    private async ValueTask<(Caller? Caller, Refusal? Refusal)> Find(string secret)
    {
        if (KeySecret.Matches(_options.AdminKeyHash, secret))
        {
            return (Admin, null);
        }

        if (_operators.Knows(secret))
        {
            var (person, fault) = await _operators.Find(secret);
            return (person, fault is null ? null : Stranger(fault));
        }

        return KeySecret.IdOf(secret) is not { } id || await _keys.Value.Find(id) is not { } key
            ? (null, Stranger("There is no such key."))
            : KeyRules.Fault(key, secret, _time.GetUtcNow()) is { } wrong
                ? (null, Stranger(wrong))
                : (Caller.Of(key), null);
    }

    private Refusal Unknown() => Stranger(_options.SignIn is null
        ? "A key is needed, as in Authorization: Bearer cg_server_…."
        : "A key is needed, as in Authorization: Bearer cg_server_…, or a session: sign in at /sign-in.");

    private static Refusal Stranger(string detail) => new(RefusalCodes.Unauthenticated, detail);
}
