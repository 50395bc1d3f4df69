using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Access;

/// <summary>Where a key may be kept. The numbers are stored: never reuse one.</summary>
public enum KeyKind
{
    /// <summary>On the shop's servers alone.</summary>
    Server = 1,

    /// <summary>In a browser or an app, where its user can read it: it may do little
    /// (<see cref="Scopes.Client"/>).</summary>
    Client = 2,
}

/// <summary>A key of the API, as it is kept: of its secret only the hash.</summary>
public sealed record AccessKey
{
    /// <summary>Its public id, also a part of its secret; see <see cref="KeySecret"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it may be kept.</summary>
    public required KeyKind Kind { get; init; }

    /// <summary>What it may do, of <see cref="Access.Scopes.All"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The only user whom it may ask and tell of, or null.</summary>
    public UserId? User { get; init; }

    /// <summary>Origins of pages that may use it from a browser, as in <c>https://shop.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary><see cref="KeySecret.Hash"/> of its secret.</summary>
    public required string Hash { get; init; }

    /// <summary>The hash of the secret before, which is good until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>Until when the secret before is good.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was last given a new secret.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>From when on it is not good any more, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since when it is taken back, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>Where keys are kept.</summary>
public interface IKeyStore
{
    /// <summary>Creates or replaces a key, and records what is given to be recorded in the same transaction.</summary>
    Task Put(AccessKey key, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The key, or null.</summary>
    Task<AccessKey?> Get(string id, CancellationToken cancel);

    /// <summary>Keys of a user, or without one those that are of no user, in the order of their ids after
    /// <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<AccessKey>> List(UserId? user, string? after, int limit, CancellationToken cancel);

    /// <summary>Forgets keys of single users that ran out before an instant; answers how many.</summary>
    Task<int> Forget(DateTimeOffset before, CancellationToken cancel);
}
