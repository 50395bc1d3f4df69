using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CouponGrains.Client.Tests.Access;

/// <summary>An identity provider in the test's process: its discovery document, its keys, and tokens that it
/// signs.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Client = "coupongrains-pages";
    public const string Secret = "what-the-pages-prove-themselves-with";

    private readonly ConcurrentDictionary<string, Asked> _asked = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private Issuer(WebApplication app) => _app = app;

    /// <summary>The role of whoever stands before it now.</summary>
    public string Role { get; set; } = "viewer";

    /// <summary>Changed in what is signed for a sign-in, to be found wrong.</summary>
    public string? Nonce { get; set; }

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
            new
            {
                issuer = issuer.Address, jwks_uri = issuer.Address + "/keys",
                authorization_endpoint = issuer.Address + "/authorize", token_endpoint = issuer.Address + "/token",
                end_session_endpoint = issuer.Address + "/end",
            }), "application/json"));
        app.MapGet("/authorize", issuer.Authorize);
        app.MapPost("/token", issuer.Redeem);
        app.MapGet("/end", () => "You are signed out.");
        app.MapGet("/keys", () => Results.Text(issuer.Keys(), "application/json"));
        await app.StartAsync();
        issuer.Address = app.Urls.Single();
        return issuer;
    }

    /// <summary>A token of a person.</summary>
    public string Token(
        string role, string audience = "coupongrains", string? issuer = null, int minutes = 5, RSA? key = null,
        string? nonce = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address, Audience = audience,
            NotBefore = Now.AddHours(-1), IssuedAt = Now.AddHours(-1), Expires = Now.AddMinutes(minutes),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "p-1", ["name"] = "Ann", ["roles"] = new[] { role }, ["nonce"] = nonce ?? "",
            },
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

    /// <summary>Sends the browser back with a code, as if the person had said who he is.</summary>
    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (query["client_id"] != Client || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            return Results.BadRequest();
        }

        var code = Guid.NewGuid().ToString("N");
        _asked[code] = new(query["redirect_uri"]!, query["nonce"]!, query["code_challenge"]!);
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}");
    }

    /// <summary>Gives a token for a code, once, to the client that asked for it.</summary>
    private async Task<IResult> Redeem(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return _asked.TryRemove(form["code"].ToString(), out var asked) && asked.Challenge == challenge
            && asked.Back == form["redirect_uri"] && form["client_id"] == Client && form["client_secret"] == Secret
            ? Results.Json(new
            {
                access_token = "opaque", token_type = "Bearer", expires_in = 300,
                id_token = Token(Role, Client, nonce: Nonce ?? asked.Nonce),
            })
            : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
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

    /// <summary>What a browser was sent with.</summary>
    private sealed record Asked(string Back, string Nonce, string Challenge);
}
