using System.Diagnostics.Metrics;

namespace CouponGrains.Grains;

/// <summary>The bounds of the histograms of time, in seconds.</summary>
internal static class StageTimes
{
    /// <summary>For what a person waits for.</summary>
    public static InstrumentAdvice<double> Fast { get; } = new()
    {
        HistogramBucketBoundaries = [.0001, .00025, .0005, .001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 5],
    };

    /// <summary>For what goes on in the background.</summary>
    public static InstrumentAdvice<double> Slow { get; } = new()
    {
        HistogramBucketBoundaries = [.1, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
    };
}
