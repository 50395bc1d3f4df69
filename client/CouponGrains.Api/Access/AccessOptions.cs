using System.Net;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Access;

/// <summary>Who is let in.</summary>
public sealed record AccessOptions
{
    /// <summary>The shortest secret of an operator's own making.</summary>
    private const int AdminKeyMin = 32;

    /// <summary>False lets in whoever reaches the port, so that it must be on loopback.</summary>
    public bool KeysRequired { get; init; }

    /// <summary><see cref="KeySecret.Hash"/> of a secret that may do all, for the first keys; or null.</summary>
    public string? AdminKeyHash { get; init; }

    /// <summary>True if <c>/metrics</c> is answered without a key.</summary>
    public bool MetricsOpen { get; init; }

    /// <summary>The identity provider whose tokens are believed, as it calls itself; null for none.</summary>
    public string? Issuer { get; init; }

    /// <summary>For whom its tokens must be.</summary>
    public string Audience { get; init; } = "coupongrains";

    /// <summary>The claim that holds an operator's role.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>How people sign in to the pages; null where they do not.</summary>
    public SignInOptions? SignIn { get; init; }

    /// <summary>How long a key that was looked up is not looked up again: so long a revoked one may still be
    /// good.</summary>
    public TimeSpan KeyMemory { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads who is let in, and how, of a section. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>, also where HTTP would be answered
    /// beyond loopback without keys.</summary>
    public static AccessOptions Read(IConfiguration section, Front front)
    {
        var required = section["Keys"] switch
        {
            null or "off" => false,
            "required" => true,
            var text => throw new RefusedException(
                RefusalCodes.BadOption, $"keys is '{text}', but must be off or required."),
        };
        if (!required && !IPAddress.IsLoopback(front.Address))
        {
            throw new RefusedException(
                RefusalCodes.BadOption,
                $"listen is '{front.Address}', but without keys only this machine is answered: add --keys required.");
        }

        var issuer = IssuerOf(section["Issuer"], required);
        return new()
        {
            KeysRequired = required,
            AdminKeyHash = AdminKey(section) is { } secret ? KeySecret.Hash(secret) : null,
            MetricsOpen = section["Metrics"] == "open",
            Issuer = issuer,
            Audience = section["Audience"] ?? "coupongrains",
            RoleClaim = section["RoleClaim"] ?? "roles",
            SignIn = SignInOptions.Read(section, front, issuer),
        };
    }

    private static string? IssuerOf(string? text, bool required) => text switch
    {
        null or "" => null,
        _ when !required => throw new RefusedException(
            RefusalCodes.BadOption, "issuer is given, but operators are asked for nothing without --keys required."),
        _ when Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) => text,
        _ => throw new RefusedException(
            RefusalCodes.BadOption, $"issuer is '{text}', but must be an address that begins with https://."),
    };

    /// <summary>The secret, from the environment or a file; no message repeats it.</summary>
    private static string? AdminKey(IConfiguration section)
    {
        var secret = SecretSetting.Read(section, "AdminKey", "admin-key-file");
        return secret is null || (secret.Length >= AdminKeyMin && !secret.Any(char.IsWhiteSpace))
            ? secret
            : throw new RefusedException(
                RefusalCodes.BadOption,
                $"The admin key must have at least {AdminKeyMin} characters without white space: openssl rand -hex 32.");
    }
}
