using System.Diagnostics.Metrics;
using CouponGrains.Domain;

namespace CouponGrains.Grains.Profiles;

/// <summary>The stage profile: users in memory, and how often their tastes are made anew.</summary>
internal sealed class ProfileInstruments
{
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _folds;
    private readonly Counter<long> _rebuilds;
    private readonly Counter<long> _snapshots;

    public ProfileInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _active = meter.CreateUpDownCounter<long>(
            "coupongrains.users.active", "{user}", "Users in this silo's memory.");
        _folds = meter.CreateCounter<long>(
            "coupongrains.profile.folds", "{fold}", "Tastes folded from a whole history, not moved by one event.");
        _rebuilds = meter.CreateCounter<long>(
            "coupongrains.profile.rebuilds", "{profile}",
            "Profiles built anew from the log for a model of other weights.");
        _snapshots = meter.CreateCounter<long>(
            "coupongrains.profile.snapshots", "{snapshot}", "Snapshots of profiles, by outcome: stored or failed.");
    }

    /// <summary>A user came into memory.</summary>
    public void Woke() => _active.Add(1);

    /// <summary>A user left the memory.</summary>
    public void Slept() => _active.Add(-1);

    /// <summary>A taste was folded.</summary>
    public void Folded() => _folds.Add(1);

    /// <summary>A profile was built anew from the log.</summary>
    public void Rebuilt() => _rebuilds.Add(1);

    /// <summary>A snapshot was stored, or could not be.</summary>
    public void Saved(bool stored)
    {
        // Both are told each time: a count that begins at 1 hides its first step from who asks for rates.
        _snapshots.Add(stored ? 1 : 0, new KeyValuePair<string, object?>("outcome", "stored"));
        _snapshots.Add(stored ? 0 : 1, new KeyValuePair<string, object?>("outcome", "failed"));
    }
}
