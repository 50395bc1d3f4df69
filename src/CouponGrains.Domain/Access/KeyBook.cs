using System.Text.Json;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Access;

/// <summary>Makes, changes and takes back keys in a store, by <see cref="KeyRules"/>. One at a time: who changes a key
/// while another does is not seen. Throws <see cref="RefusedException"/>.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="by">In whose name.</param>
/// <param name="request">The request that asks, or empty.</param>
public sealed class KeyBook(IKeyStore store, TimeProvider time, Actor by, string request = "")
{
    /// <summary>The key, or null.</summary>
    public Task<AccessKey?> Find(string id, CancellationToken cancel) => store.Get(id, cancel);

    /// <summary>Keys in the order of their ids.</summary>
    public Task<IReadOnlyList<AccessKey>> List(UserId? user, string? after, int limit, CancellationToken cancel) =>
        store.List(user, after, limit, cancel);

    /// <summary>Keeps a new key.</summary>
    public async Task<AccessKey> Create(AccessKey key, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var made = key with { At = now };
        if (KeyRules.Check(made, now) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        if (await store.Get(made.Id, cancel) is not null)
        {
            throw new RefusedException(RefusalCodes.AlreadyExists, $"There is a key {made.Id}.");
        }

        await store.Put(made, cancel, Entry(AuditActions.KeyCreate, made));
        return made;
    }

    /// <summary>Gives a key another secret, of which this is the hash.</summary>
    public async Task<AccessKey> Rotate(string id, string hash, TimeSpan overlap, CancellationToken cancel)
    {
        if (overlap < TimeSpan.Zero || overlap > KeyRules.OverlapMax)
        {
            throw new RefusedException(new Refusal(
                RefusalCodes.InvalidValue, $"The overlap is 0 to {KeyRules.OverlapMax.TotalDays:0} days.", "/overlapSeconds"));
        }

        var key = await Known(id, cancel);
        if (key.RevokedAt is not null)
        {
            throw new RefusedException(RefusalCodes.UnknownKey, $"The key {id} was revoked; make another.");
        }

        var rotated = KeyRules.Rotate(key, hash, overlap, time.GetUtcNow());
        await store.Put(rotated, cancel, Entry(AuditActions.KeyRotate, rotated));
        return rotated;
    }

    /// <summary>Takes a key back for good.</summary>
    public async Task<AccessKey> Revoke(string id, CancellationToken cancel)
    {
        var key = await Known(id, cancel);
        if (key.RevokedAt is not null)
        {
            return key;
        }

        var revoked = key with { RevokedAt = time.GetUtcNow() };
        await store.Put(revoked, cancel, Entry(AuditActions.KeyRevoke, revoked));
        return revoked;
    }

    /// <summary>What is recorded of a key: nothing of its secret. Keys of single users come and go with each of their
    /// visits, and name them: they are not recorded.</summary>
    private AuditEntry? Entry(string action, AccessKey key) => key.User is not null ? null : new()
    {
        At = time.GetUtcNow(), Actor = by, Request = request, Action = action, Target = AuditTargets.Key(key.Id),
        Changes =
        [
            new("/name", null, JsonSerializer.Serialize(key.Name)),
            new("/scopes", null, JsonSerializer.Serialize(key.Scopes)),
        ],
    };

    private async Task<AccessKey> Known(string id, CancellationToken cancel) => await store.Get(id, cancel)
        ?? throw new RefusedException(RefusalCodes.UnknownKey, $"There is no key {id}.");
}
