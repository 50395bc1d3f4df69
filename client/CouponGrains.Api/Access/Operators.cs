using System.Security.Claims;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CouponGrains.Api.Access;

/// <summary>Knows people by what their identity provider signed: a JSON Web Token with the issuer, the audience and the
/// role that the options name. The provider's signing keys are read from its discovery document, and read again when it
/// signs with one that is not known yet.</summary>
internal sealed partial class Operators : IDisposable
{
    /// <summary>How long the provider may take to say what it is. Whoever shows a token waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Signatures that only the provider can make: none by a secret that both share.</summary>
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters? _parameters;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _provider;
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly ILogger<Operators> _log;
    private readonly string _roleClaim;

    public Operators(AccessOptions options, ILogger<Operators> log)
    {
        _log = log;
        _roleClaim = options.RoleClaim;
        if (options.Issuer is not { } issuer)
        {
            return;
        }

        _provider = new(
            issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(_http) { RequireHttps = !new Uri(issuer).IsLoopback });
        _parameters = new()
        {
            ConfigurationManager = _provider,
            ValidIssuer = issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>What the provider says of itself. There is none without an issuer.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> Provider =>
        _provider ?? throw new InvalidOperationException("No issuer was given.");

    /// <summary>True for a bearer's text that looks like such a token, where the options name an issuer.</summary>
    public bool Knows(string token) => _parameters is not null && token.AsSpan().Count('.') == 2;

    /// <summary>The operator, or why there is none, in words for people. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.Unavailable"/> while nobody can tell, because the provider was never reached.</summary>
    public async Task<(Caller? Caller, string? Fault)> Find(string token)
    {
        try
        {
            await Provider.GetConfigurationAsync(CancellationToken.None);
        }
        catch (InvalidOperationException e)
        {
            LogUnreachable(e);
            throw new RefusedException(RefusalCodes.Unavailable, "The identity provider does not answer; try again.");
        }

        var found = await _handler.ValidateTokenAsync(token, _parameters);
        if (!found.IsValid)
        {
            return (null, found.Exception switch
            {
                SecurityTokenExpiredException => "The token has expired.",
                SecurityTokenInvalidAudienceException => "The token is for another audience.",
                SecurityTokenInvalidIssuerException => "The token is of another issuer.",
                _ => "The token is not one that the issuer signed.",
            });
        }

        return Find(((JsonWebToken)found.SecurityToken).Claims);
    }

    /// <summary>The operator of whom a provider's signed claims tell, or why there is none, in words for
    /// people.</summary>
    public (Caller? Caller, string? Fault) Find(IEnumerable<Claim> claims)
    {
        var told = claims.ToLookup(claim => claim.Type, claim => claim.Value, StringComparer.Ordinal);
        if (told["sub"].FirstOrDefault() is not { } subject || !IdRules.IsValid(subject))
        {
            return (null, "The token has no subject that can be an id.");
        }

        var name = told["name"].Concat(told["preferred_username"]).FirstOrDefault() ?? subject;
        return Highest(told[_roleClaim]) is { } role
            ? (new(CallerKind.Operator, subject, name) { Role = role }, null)
            : (null, $"The token's claim {_roleClaim} names no role: viewer, marketer, operator or admin.");
    }

    public void Dispose() => _http.Dispose();

    private static Role? Highest(IEnumerable<string> names) => Enum.GetValues<Role>()
        .Where(role => names.Contains(role.ToString(), StringComparer.OrdinalIgnoreCase))
        .Select(role => (Role?)role).Max();

    [LoggerMessage(5055, LogLevel.Warning, "A token could not be checked: the identity provider does not answer.")]
    private partial void LogUnreachable(Exception exception);
}
