using CouponGrains.Domain;
using CouponGrains.Domain.Access;

namespace CouponGrains.Client;

/// <summary>A key to make.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">A server's, or a client's for browsers and apps.</param>
/// <param name="Scopes">What it may do; null for what such a key usually may.</param>
/// <param name="ExpiresAt">Until when it is good; null for ever.</param>
/// <param name="Origins">Origins of the pages that may use a client key; none for any.</param>
public sealed record KeyOrder(
    string Name, KeyKind Kind = KeyKind.Server, IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null,
    IReadOnlyList<string>? Origins = null)
{
    /// <summary>The key, of which only the hash of its secret is kept.</summary>
    public AccessKey ToKey(string id, string secret) => new()
    {
        Id = id, Name = Name, Kind = Kind, Hash = KeySecret.Hash(secret), At = default, ExpiresAt = ExpiresAt,
        Scopes = Scopes ?? (Kind == KeyKind.Client
            ? [Domain.Access.Scopes.EventsWrite] : Domain.Access.Scopes.Shop),
        Origins = Origins ?? [],
    };
}

/// <summary>A key as people see it.</summary>
/// <param name="Id">Its id, the part of the secret that may be known.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">A server's or a client's.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="User">Whose it is, if it is one user's own.</param>
/// <param name="Origins">Origins of the pages that may use it; none for any.</param>
/// <param name="At">When it was made.</param>
/// <param name="RotatedAt">When its secret was changed.</param>
/// <param name="PreviousUntil">Until when the secret before is good.</param>
/// <param name="ExpiresAt">Until when it is good; null for ever.</param>
/// <param name="RevokedAt">When it was taken back.</param>
/// <param name="Secret">The secret, where it was just made; it is never told again.</param>
public sealed record ApiKey(
    string Id, string Name, KeyKind Kind, IReadOnlyList<string> Scopes, UserId? User, IReadOnlyList<string> Origins,
    DateTimeOffset At, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, string? Secret = null)
{
    /// <summary>The key without its hashes.</summary>
    public static ApiKey Of(AccessKey key, string? secret = null) => new(
        key.Id, key.Name, key.Kind, key.Scopes, key.User, key.Origins, key.At, key.RotatedAt, key.PreviousUntil,
        key.ExpiresAt, key.RevokedAt, secret);
}
