namespace CouponGrains.Grains.Reports;

/// <summary>The stored state of the reports: what no store can tell again.</summary>
[GenerateSerializer, Immutable, Alias("cg.report-state")]
internal sealed record ReportState
{
    /// <summary>Redemptions refused, by midnight UTC and by reason; at most <see cref="RefusalDays.Max"/>
    /// days.</summary>
    [Id(0)]
    public IReadOnlyDictionary<DateTimeOffset, IReadOnlyDictionary<string, long>> Refused { get; init; } =
        new Dictionary<DateTimeOffset, IReadOnlyDictionary<string, long>>();
}
