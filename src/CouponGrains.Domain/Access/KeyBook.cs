namespace CouponGrains.Domain.Access;

/// <summary>Makes, changes and takes back keys in a store, by <see cref="KeyRules"/>. One at a time: who changes a key
/// while another does is not seen. Throws <see cref="RefusedException"/>.</summary>
public sealed class KeyBook(IKeyStore store, TimeProvider time)
{
    /// <summary>The key, or null.</summary>
    public Task<AccessKey?> Find(string id, CancellationToken cancel) => store.Get(id, cancel);

    /// <summary>Keys in the order of their ids.</summary>
    public Task<IReadOnlyList<AccessKey>> List(string? after, int limit, CancellationToken cancel) =>
        store.List(after, limit, cancel);

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

        await store.Put(made, cancel);
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
        await store.Put(rotated, cancel);
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
        await store.Put(revoked, cancel);
        return revoked;
    }

    private async Task<AccessKey> Known(string id, CancellationToken cancel) => await store.Get(id, cancel)
        ?? throw new RefusedException(RefusalCodes.UnknownKey, $"There is no key {id}.");
}
