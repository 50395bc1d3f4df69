using CouponGrains.Client.Http;

namespace CouponGrains.Client;

/// <summary>How the HTTP client finds and treats the server.</summary>
public sealed class CouponsClientOptions
{
    /// <summary>Where the server is, as in <c>https://coupons.internal:8080</c>.</summary>
    public Uri? Address { get; set; }

    /// <summary>The key that the server knows this shop by, sent as a bearer token; null for a server that asks for
    /// none. From configuration or a secret store, never from source code.</summary>
    public string? Key { get; set; }

    /// <summary>A file of certificates (PEM): the authority that alone is trusted to vouch for the server, where it is
    /// the shop's own; null for those that the machine trusts. The server's name is checked either way. Read when the
    /// client is first asked for, and again every few minutes.</summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>How long one try may take; more than 0.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long all tries together may take; at least <see cref="TryTimeout"/>.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is sent again that may safely be sent again, 0 to 10.</summary>
    public int Repeats { get; set; } = 3;

    /// <summary>What is wrong with them, or null.</summary>
    internal string? Fault() => this switch
    {
        { Address: null } => "Address is missing.",
        { Address: { IsAbsoluteUri: false } } or { Address.Scheme: not ("http" or "https") } =>
            "Address must begin with http:// or https://.",
        { TryTimeout.Ticks: <= 0 } => "TryTimeout must be more than 0.",
        _ when Timeout < TryTimeout => "Timeout must be at least TryTimeout.",
        { Repeats: < 0 or > 10 } => "Repeats must be 0 to 10.",
        { CertificateAuthorityFile: { } file } => Authority.Fault(file),
        _ => null,
    };
}
