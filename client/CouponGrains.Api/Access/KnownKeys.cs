using System.Collections.Concurrent;
using CouponGrains.Contracts.Access;
using CouponGrains.Domain.Access;

namespace CouponGrains.Api.Access;

/// <summary>Looks keys up and remembers for a moment what was found, also that nothing was.</summary>
internal sealed class KnownKeys(IGrainFactory grains, AccessOptions options, TimeProvider time)
{
    /// <summary>Keys remembered; strangers' guesses must not fill the memory.</summary>
    private const int Max = 20_000;

    private readonly ConcurrentDictionary<string, (Task<AccessKey?> Key, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>The key, or null. Throws what a grain that can't be asked throws.</summary>
    public async ValueTask<AccessKey?> Find(string id)
    {
        var now = time.GetTimestamp();
        if (_known.TryGetValue(id, out var known) && time.GetElapsedTime(known.At, now) < options.KeyMemory)
        {
            return await known.Key;
        }

        if (_known.Count >= Max)
        {
            _known.Clear();
        }

        var asked = grains.GetGrain<IKeysGrain>(0).Find(id, CancellationToken.None);
        _known[id] = (asked, now);
        try
        {
            return await asked;
        }
        catch
        {
            _known.TryRemove(id, out _);
            throw;
        }
    }
}
