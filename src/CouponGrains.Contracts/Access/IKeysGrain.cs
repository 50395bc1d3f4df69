using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Orleans.Concurrency;

namespace CouponGrains.Contracts.Access;

/// <summary>The keys of the API; there is one, key 0. Secrets never come here, only their hashes. Throws
/// <see cref="RefusedException"/> for what is refused.</summary>
[Alias("cg.keys"), GrainInterfaceType("cg.keys")]
public interface IKeysGrain : IGrainWithIntegerKey
{
    /// <summary>The key as the store has it now, or null.</summary>
    [Alias("find"), AlwaysInterleave]
    Task<AccessKey?> Find(string id, CancellationToken cancel = default);

    /// <summary>Keys that are of no user, in the order of their ids after <paramref name="after"/>, at most
    /// <paramref name="limit"/> (1 to 1000).</summary>
    [Alias("list"), AlwaysInterleave]
    Task<IReadOnlyList<AccessKey>> List(string? after, int limit, CancellationToken cancel = default);

    /// <summary>The same of one user.</summary>
    [Alias("of-user"), AlwaysInterleave]
    Task<IReadOnlyList<AccessKey>> OfUser(UserId user, string? after, int limit, CancellationToken cancel = default);

    /// <summary>Keeps a new key; when it was made is filled in.</summary>
    [Alias("create")]
    Task<AccessKey> Create(AccessKey key, CancellationToken cancel = default);

    /// <summary>Gives a key another secret, of which this is the hash; the one before stays good for a while.</summary>
    [Alias("rotate")]
    Task<AccessKey> Rotate(string id, string hash, TimeSpan overlap, CancellationToken cancel = default);

    /// <summary>Takes a key back for good.</summary>
    [Alias("revoke")]
    Task<AccessKey> Revoke(string id, CancellationToken cancel = default);
}
