namespace CouponGrains.Domain.Models.Drift;

/// <summary>How far one feature has moved on one day.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Values">Values seen.</param>
/// <param name="Index">The population stability index; null with too few values, then or now.</param>
/// <param name="Level">What that means.</param>
public sealed record FeatureDrift(string Name, long Values, double? Index, DriftLevel Level);

/// <summary>What one day was like beside what the model in force was trained on.</summary>
/// <param name="Day">Midnight UTC of the day.</param>
/// <param name="Model">The model in force when it was measured.</param>
/// <param name="Events">Events that came into the log.</param>
/// <param name="Features">By feature.</param>
/// <param name="Calibration">Of the last mature days of issues.</param>
/// <param name="Outcomes">Of the same days, by model.</param>
public sealed record DriftDay(
    DateTimeOffset Day,
    ModelVersion Model,
    long Events,
    IReadOnlyList<FeatureDrift> Features,
    Calibration Calibration,
    IReadOnlyList<ModelOutcome> Outcomes)
{
    /// <summary>The most days kept.</summary>
    public const int DaysMax = 90;

    /// <summary>The worst level of its features.</summary>
    public DriftLevel Level => Features.Select(f => f.Level).DefaultIfEmpty(DriftLevel.TooFew).Max();
}
