using System.Security.Cryptography;
using System.Text;

namespace CouponGrains.Domain.Webhooks;

/// <summary>Signatures by Standard Webhooks 1.0, symmetric scheme v1: HMAC-SHA-256 over id, time and body, joined by
/// full stops.</summary>
public static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;

    /// <summary>A new secret from the system's cryptographic generator: <c>whsec_</c> and 32 bytes in base
    /// 64.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The value of the header <c>webhook-signature</c>: one signature for each secret, so that a secret can
    /// be changed without a message that cannot be checked.</summary>
    /// <param name="endpoint">Whose secrets.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="at">The time of sending.</param>
    /// <param name="body">What is sent.</param>
    public static string Header(WebhookEndpoint endpoint, string id, DateTimeOffset at, string body) =>
        endpoint.PreviousSecret is { } previous && at < endpoint.PreviousUntil
            ? $"{Sign(endpoint.Secret, id, at, body)} {Sign(previous, id, at, body)}"
            : Sign(endpoint.Secret, id, at, body);

    /// <summary>One signature: <c>v1,</c> and 32 bytes in base 64.</summary>
    public static string Sign(string secret, string id, DateTimeOffset at, string body)
    {
        var key = Convert.FromBase64String(secret[Prefix.Length..]);
        var content = Encoding.UTF8.GetBytes($"{id}.{at.ToUnixTimeSeconds()}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content));
    }
}
