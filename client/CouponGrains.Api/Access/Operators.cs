using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CouponGrains.Api.Access;

/// <summary>Knows people by what their identity provider signed: a JSON Web Token with the issuer, the audience and the
/// role that the options name. The provider's signing keys are read from its discovery document, and read again when it
/// signs with one that is not known yet.</summary>
internal sealed class Operators
{
    /// <summary>Signatures that only the provider can make: none by a secret that both share.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters? _parameters;
    private readonly string _roleClaim;

    public Operators(AccessOptions options)
    {
        _roleClaim = options.RoleClaim;
        if (options.Issuer is not { } issuer)
        {
            return;
        }

        _parameters = new()
        {
            ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever { RequireHttps = !new Uri(issuer).IsLoopback }),
            ValidIssuer = issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>True for a bearer's text that looks like such a token, where the options name an issuer.</summary>
    public bool Knows(string token) => _parameters is not null && token.AsSpan().Count('.') == 2;

    /// <summary>The operator, or why there is none, in words for people.</summary>
    public async Task<(Caller? Caller, string? Fault)> Find(string token)
    {
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

        if (found.SecurityToken is not JsonWebToken read || !IdRules.IsValid(read.Subject))
        {
            return (null, "The token has no subject that can be an id.");
        }

        return Highest(read) is { } role
            ? (new(CallerKind.Operator, read.Subject, Name(read)) { Role = role }, null)
            : (null, $"The token's claim {_roleClaim} names no role: viewer, marketer, operator or admin.");
    }

    private Role? Highest(JsonWebToken token) => Enum.GetValues<Role>()
        .Where(role => token.Claims.Any(claim => claim.Type == _roleClaim
            && claim.Value.Equals(role.ToString(), StringComparison.OrdinalIgnoreCase)))
        .Select(role => (Role?)role).Max();

    private static string Name(JsonWebToken token) => token.Claims
        .FirstOrDefault(claim => claim.Type is "name" or "preferred_username")?.Value ?? token.Subject;
}
