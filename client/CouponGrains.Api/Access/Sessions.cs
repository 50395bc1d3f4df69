using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CouponGrains.Api.Hosting;
using CouponGrains.Contracts.Access;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Access;

/// <summary>Somebody who signed in.</summary>
/// <param name="Id">Of the session; no secret, since the cookie is sealed.</param>
/// <param name="Caller">Who.</param>
/// <param name="Token">What his pages show with all that changes something. Pages of other sites cannot read
/// it.</param>
/// <param name="Until">When it ends by itself.</param>
internal sealed record Session(string Id, Caller Caller, string Token, DateTimeOffset Until)
{
    private const int TokenBytes = 16;

    /// <summary>What is sealed into the cookie of a session that begins.</summary>
    public static ClaimsPrincipal Begin(Caller caller) => new(new ClaimsIdentity(
        [
            new("session", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes))),
            new("token", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes))),
            new("subject", caller.Id), new("name", caller.Name), new("role", caller.Role!.Value.ToString()),
        ], SignIn.Session));

    /// <summary>The session of a cookie that was found good.</summary>
    public static Session Of(ClaimsPrincipal sealedIn, DateTimeOffset until)
    {
        string Claim(string type) => sealedIn.FindFirstValue(type)
            ?? throw new InvalidOperationException($"The session holds no {type}.");
        var caller = new Caller(CallerKind.Operator, Claim("subject"), Claim("name")) { Role = Enum.Parse<Role>(Claim("role")) };
        return new(Claim("session"), caller, Claim("token"), until);
    }
}

/// <summary>Finds the session that a browser's cookie holds, and ends it. The cookie alone opens nothing to a page of
/// another site: what such a page asks for is refused, and what changes something must show the session's token
/// too.</summary>
internal sealed class Sessions(IGrainFactory grains)
{
    /// <summary>The header that holds <see cref="Session.Token"/>.</summary>
    public const string TokenHeader = "X-CSRF-Token";

    private static readonly Refusal Foreign = new(RefusalCodes.CrossSite, "A page of another site may not use this session.");

    private ISessionsGrain Ended => grains.GetGrain<ISessionsGrain>(0);

    /// <summary>The session, or null; and why it may not be used for this request, or null.</summary>
    public async ValueTask<(Session? Session, Refusal? Refusal)> Find(HttpContext http)
    {
        var found = await http.AuthenticateAsync(SignIn.Session);
        if (found is not { Succeeded: true, Principal: { } sealedIn, Properties.ExpiresUtc: { } until })
        {
            return (null, null);
        }

        var session = Session.Of(sealedIn, until);
        if (await Ended.HasEnded(session.Id, http.RequestAborted))
        {
            return (null, null);
        }

        return (session, Fault(http.Request, session));
    }

    /// <summary>Ends a session for every process, wherever a copy of its cookie is.</summary>
    public async Task End(HttpContext http, Session session)
    {
        await Ended.End(session.Id, session.Until, http.RequestAborted);
        await http.SignOutAsync(SignIn.Session);
    }

    private static Refusal? Fault(HttpRequest request, Session session) => request switch
    {
        _ when CrossSite.IsForeign(request) && !IsVisit(request) => Foreign,
        _ when !CrossSite.Changes(request.Method) || Shows(request, session.Token) => null,
        _ => new(
            RefusalCodes.CrossSite, $"The header {TokenHeader} must hold the token that GET /session tells this session."),
    };

    /// <summary>True if it is the browser itself that goes there, as after a sign-in: no page reads the
    /// answer.</summary>
    private static bool IsVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";

    private static bool Shows(HttpRequest request, string token) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers[TokenHeader].ToString()), Encoding.UTF8.GetBytes(token));
}
