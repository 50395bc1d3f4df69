namespace CouponGrains.Domain.Models.Drift;

/// <summary>How far a population has moved.</summary>
public enum DriftLevel
{
    /// <summary>There are too few values to tell.</summary>
    TooFew = 1,

    /// <summary>Below <see cref="PopulationStability.WatchFrom"/>: as it was.</summary>
    Stable = 2,

    /// <summary>From <see cref="PopulationStability.WatchFrom"/> on: worth a look.</summary>
    Watch = 3,

    /// <summary>From <see cref="PopulationStability.MovedFrom"/> on: another population than the one trained
    /// on.</summary>
    Moved = 4,
}

/// <summary>The population stability index, <c>Σ_b (q_b − p_b) ln(q_b / p_b)</c> over bins with the shares p when
/// trained and q now: the symmetric relative entropy of the two, 0 where they are the same (Siddiqi 2006).</summary>
public static class PopulationStability
{
    /// <summary>The fewest values on either side.</summary>
    public const int ValuesMin = 100;

    /// <summary>From here on it is worth a look.</summary>
    public const double WatchFrom = 0.1;

    /// <summary>From here on the population is another one.</summary>
    public const double MovedFrom = 0.25;

    /// <summary>The index of the counts now against the shares then. Half a value is added to each bin on both sides,
    /// so that an empty bin is a small share and not an infinite index. Null with fewer than <see cref="ValuesMin"/>
    /// values.</summary>
    public static double? Of(FeatureReference reference, IReadOnlyList<long> counts)
    {
        if (counts.Count != reference.Shares.Count)
        {
            throw new ArgumentException(
                $"There are {counts.Count} counts for {reference.Shares.Count} bins.", nameof(counts));
        }

        var values = counts.Sum();
        if (values < ValuesMin)
        {
            return null;
        }

        var (sum, whole) = (0.0, values + (0.5 * counts.Count));
        for (var b = 0; b < counts.Count; b++)
        {
            var now = (counts[b] + 0.5) / whole;
            var then = ((reference.Shares[b] * values) + 0.5) / whole;
            sum += (now - then) * Math.Log(now / then);
        }

        return sum;
    }

    /// <summary>What an index means.</summary>
    public static DriftLevel LevelOf(double? index) => index switch
    {
        null => DriftLevel.TooFew,
        < WatchFrom => DriftLevel.Stable,
        < MovedFrom => DriftLevel.Watch,
        _ => DriftLevel.Moved,
    };
}
