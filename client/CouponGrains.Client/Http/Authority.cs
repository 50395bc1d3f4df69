using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CouponGrains.Client.Http;

/// <summary>The authority that alone vouches for the server.</summary>
internal static class Authority
{
    /// <summary>Why a file cannot be used, or null.</summary>
    public static string? Fault(string file)
    {
        try
        {
            return Read(file).Count > 0 ? null : $"{file} holds no certificate as PEM.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"The certificates of the authority cannot be read: {e.Message}";
        }
    }

    /// <summary>The connections of a client; with <paramref name="file"/> they trust what stands in it, and nothing
    /// else.</summary>
    public static SocketsHttpHandler Handler(string? file)
    {
        var handler = new SocketsHttpHandler();
        if (file is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // An authority of one's own seldom serves lists.
            };
            policy.CustomTrustStore.AddRange(Read(file));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private static X509Certificate2Collection Read(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found;
    }
}
