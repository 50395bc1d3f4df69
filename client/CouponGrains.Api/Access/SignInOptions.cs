using System.Net;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Access;

/// <summary>How people sign in to the pages: by the authorization code flow of OpenID Connect, as this client of the
/// issuer.</summary>
/// <param name="ClientId">What the issuer calls this client.</param>
public sealed record SignInOptions(string ClientId)
{
    /// <summary>What the client proves to be itself with; null for a public client, which has its code challenge alone.
    /// A secret.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The folder of the keys that sessions are sealed with, shared by all processes that answer for one
    /// another; null keeps them in this process, whose end then ends its sessions.</summary>
    public string? KeysFolder { get; init; }

    /// <summary>True if browsers reach the process by TLS alone, so that a session never goes without.</summary>
    public bool IsSecure { get; init; }

    /// <summary>How long a session lasts. So long may somebody act whose role was taken away.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Reads <c>ClientId</c>, <c>ClientSecret</c>, <c>ClientSecretFile</c> and <c>SessionKeys</c> of a
    /// section; null without the first. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>, also where sessions would go over a network without TLS.</summary>
    public static SignInOptions? Read(IConfiguration section, Front front, string? issuer)
    {
        if (section["ClientId"] is not { Length: > 0 } client)
        {
            return null;
        }

        if (issuer is null)
        {
            throw new RefusedException(
                RefusalCodes.BadOption, "client-id is given, but not the issuer that knows this client.");
        }

        if (!front.IsTls && !IPAddress.IsLoopback(front.Address))
        {
            throw new RefusedException(
                RefusalCodes.BadOption, "client-id is given, but sessions would go over the network without TLS: "
                + "name a certificate, or say --tls-proxy on if a proxy in front ends TLS.");
        }

        return new(client)
        {
            ClientSecret = SecretSetting.Read(section, "ClientSecret", "client-secret-file"),
            KeysFolder = Folder(section["SessionKeys"]),
            IsSecure = front.IsTls,
        };
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(SignInOptions)} of {ClientId}";

    private static string? Folder(string? text)
    {
        if (text is not { Length: > 0 })
        {
            return null;
        }

        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(text).FullName
                : Directory.CreateDirectory(
                    text, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(
                RefusalCodes.BadOption, $"session-keys is '{text}', but that folder can't be made: {e.Message}");
        }
    }
}
