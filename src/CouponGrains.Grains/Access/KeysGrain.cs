using CouponGrains.Contracts.Access;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;

namespace CouponGrains.Grains.Access;

/// <summary>Changes keys one after the other, and reads them from the store, where the command line may have changed
/// them.</summary>
[ServeRole, GrainType("keys")]
internal sealed class KeysGrain(IKeyStore store, TimeProvider time) : Grain, IKeysGrain
{
    private KeyBook Book => new(store, time, Acting.Actor, Acting.Request);

    public Task<AccessKey?> Find(string id, CancellationToken cancel) => Book.Find(id, cancel);

    public Task<IReadOnlyList<AccessKey>> List(string? after, int limit, CancellationToken cancel) =>
        Book.List(null, after, limit, cancel);

    public Task<IReadOnlyList<AccessKey>> OfUser(UserId user, string? after, int limit, CancellationToken cancel) =>
        Book.List(user, after, limit, cancel);

    public Task<AccessKey> Create(AccessKey key, CancellationToken cancel) => Book.Create(key, cancel);

    public Task<AccessKey> Rotate(string id, string hash, TimeSpan overlap, CancellationToken cancel) =>
        Book.Rotate(id, hash, overlap, cancel);

    public Task<AccessKey> Revoke(string id, CancellationToken cancel) => Book.Revoke(id, cancel);
}
