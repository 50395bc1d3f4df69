using System.Collections.Concurrent;

namespace CouponGrains.Grains.Redemptions;

/// <summary>Refused redemptions of this silo that are not told yet: of all campaigns together, and of each.</summary>
internal sealed class RefusalCounts
{
    /// <summary>What stands for all campaigns: no id is empty.</summary>
    public const string All = "";

    private readonly ConcurrentDictionary<(string Campaign, string Reason), long> _counts = new();

    /// <summary>Of whom there is something to tell.</summary>
    public IReadOnlyList<string> Campaigns => [.. _counts.Keys.Select(key => key.Campaign).Distinct()];

    /// <summary>Counts: a new one, or what was taken and could not be told.</summary>
    public void Add(string campaign, string reason, long count) =>
        _counts.AddOrUpdate((campaign, reason), count, (_, before) => before + count);

    /// <summary>Takes the counts of one, by reason, so that each is told once.</summary>
    public IReadOnlyDictionary<string, long> Take(string campaign)
    {
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in _counts.Keys.Where(key => key.Campaign == campaign))
        {
            if (_counts.TryRemove(key, out var count))
            {
                taken.Add(key.Reason, count);
            }
        }

        return taken;
    }
}
