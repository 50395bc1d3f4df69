using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace CouponGrains.Api.Access;

/// <summary>The sign-in: the issuer is asked who it is by the authorization code flow with a code challenge, and what
/// it signed becomes a session, sealed into a cookie.</summary>
internal static partial class SignIn
{
    /// <summary>The scheme of the cookie.</summary>
    public const string Session = "session";

    /// <summary>The scheme of the identity provider.</summary>
    public const string Provider = "provider";

    /// <summary>Where the provider sends the browser back to.</summary>
    public const string Callback = "/sign-in/callback";

    /// <summary>Where pages go whose sign-in came to nothing, with a reason in the place of <c>{0}</c>.</summary>
    private const string Refused = "/?sign-in=";

    public static void Add(IServiceCollection services, AccessOptions access)
    {
        if (access.SignIn is not { } options)
        {
            return;
        }

        var keys = services.AddDataProtection().SetApplicationName("coupongrains");
        _ = options.KeysFolder is { } folder
            ? keys.PersistKeysToFileSystem(new(folder))
            : keys.UseEphemeralDataProtectionProvider();
        services.AddAuthentication()
            .AddCookie(Session, cookie =>
            {
                cookie.Cookie.Name = options.IsSecure ? "__Host-coupongrains" : "coupongrains";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.Path = "/";
                // Not strict: the browser comes back from the provider, and by links, and shall be known then.
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = Policy(options);
                cookie.ExpireTimeSpan = options.Lifetime;
                cookie.SlidingExpiration = false;
            })
            .AddOpenIdConnect(Provider, oidc => Configure(oidc, options));
        services.AddOptions<OpenIdConnectOptions>(Provider).Configure<Operators, ILoggerFactory>((oidc, operators, logs) =>
        {
            var log = logs.CreateLogger("CouponGrains.Api.Access");
            oidc.ConfigurationManager = operators.Provider;
            oidc.TokenValidationParameters.ValidIssuer = access.Issuer;
            oidc.Events.OnTokenValidated = told => Begin(told, operators, log);
            oidc.Events.OnRemoteFailure = failed => Fail(failed, log);
        });
    }

    private static void Configure(OpenIdConnectOptions oidc, SignInOptions options)
    {
        oidc.SignInScheme = Session;
        oidc.ClientId = options.ClientId;
        oidc.ClientSecret = options.ClientSecret;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // Back by a redirect: a form that another site posts would come without the cookies that belong to it.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.CallbackPath = Callback;
        oidc.RemoteSignOutPath = default;
        oidc.SignedOutCallbackPath = default;
        oidc.MapInboundClaims = false;
        oidc.DisableTelemetry = true;
        oidc.BackchannelTimeout = TimeSpan.FromSeconds(10);
        oidc.TokenValidationParameters.ValidAlgorithms = Operators.Algorithms;
        oidc.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        foreach (var cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = Policy(options);
        }
    }

    private static CookieSecurePolicy Policy(SignInOptions options) =>
        options.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    private static Task Begin(TokenValidatedContext told, Operators operators, ILogger log)
    {
        var (caller, fault) = operators.Find(told.Principal!.Claims);
        if (caller is null)
        {
            LogNobody(log, told.HttpContext.TraceIdentifier, fault!);
            told.Response.Redirect(Refused + "no-role");
            told.HandleResponse();
            return Task.CompletedTask;
        }

        told.Principal = Access.Session.Begin(caller);
        LogSignedIn(log, told.HttpContext.TraceIdentifier, caller.Actor.ToString(), caller.Role!.Value);
        return Task.CompletedTask;
    }

    private static Task Fail(RemoteFailureContext failed, ILogger log)
    {
        LogFailed(log, failed.HttpContext.TraceIdentifier, failed.Failure?.Message ?? "no reason was told");
        failed.Response.Redirect(Refused + "failed");
        failed.HandleResponse();
        return Task.CompletedTask;
    }

    [LoggerMessage(5051, LogLevel.Information, "Request {RequestId} signed in {Caller} as {Role}.")]
    private static partial void LogSignedIn(ILogger log, string requestId, string caller, Domain.Access.Role role);

    [LoggerMessage(5052, LogLevel.Information, "Request {RequestId} signed nobody in: {Reason}")]
    private static partial void LogNobody(ILogger log, string requestId, string reason);

    [LoggerMessage(5053, LogLevel.Warning, "Request {RequestId} came back from the identity provider in vain: {Reason}")]
    private static partial void LogFailed(ILogger log, string requestId, string reason);
}
