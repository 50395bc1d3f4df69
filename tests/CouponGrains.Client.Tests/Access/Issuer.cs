using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CouponGrains.Client.Tests.Access;

/// <summary>An identity provider in the test's process: its discovery document, its keys, and tokens that it signs.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private Issuer(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public static async Task<Issuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var issuer = new Issuer(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Text(JsonSerializer.Serialize(
            new { issuer = issuer.Address, jwks_uri = issuer.Address + "/keys" }), "application/json"));
        app.MapGet("/keys", () => Results.Text(issuer.Keys(), "application/json"));
        await app.StartAsync();
        issuer.Address = app.Urls.Single();
        return issuer;
    }

    /// <summary>A token of a person.</summary>
    public string Token(
        string role, string audience = "coupongrains", string? issuer = null, int minutes = 5, RSA? key = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address, Audience = audience,
            NotBefore = Now.AddHours(-1), IssuedAt = Now.AddHours(-1), Expires = Now.AddMinutes(minutes),
            Claims = new Dictionary<string, object> { ["sub"] = "p-1", ["name"] = "Ann", ["roles"] = new[] { role } },
            SigningCredentials = new(new RsaSecurityKey(key ?? _key) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
        });

    /// <summary>A token that is signed with a secret of both, which here could be anybody's.</summary>
    public string Shared() => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Address, Audience = "coupongrains", Expires = Now.AddMinutes(5),
        Claims = new Dictionary<string, object> { ["sub"] = "p-1", ["roles"] = "admin" },
        SigningCredentials = new(
            new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()) { KeyId = "one" }, SecurityAlgorithms.HmacSha256),
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private string Keys()
    {
        var parameters = _key.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA", use = "sig", kid = "one", n = Base64UrlEncoder.Encode(parameters.Modulus),
                    e = Base64UrlEncoder.Encode(parameters.Exponent),
                },
            },
        });
    }
}
