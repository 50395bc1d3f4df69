using System.Collections.Immutable;

namespace CouponGrains.Domain.Models;

/// <summary>The figures that a training run is drawn by.</summary>
public static class TrainingCharts
{
    /// <summary>Of the SVD, over its passes: <c>residual</c>, the largest of the wanted vectors.</summary>
    public const string Svd = "svd";

    /// <summary>Of the generator of offers, over its epochs, means of each: <c>distance</c> (the critic's estimate of
    /// the Wasserstein distance), <c>critic</c> and <c>generator</c> (what each of the two lowers).</summary>
    public const string Generator = "generator";

    /// <summary>Of the response models that are tried on all but the newest issues, over their epochs: for
    /// <c>logistic</c> and <c>network</c> the loss on the <c>training</c> part (with dropout and penalty) and on the
    /// <c>validation</c> part, and of the second fit on both, <c>whole</c>.</summary>
    public const string ResponseTried = "response_tried";

    /// <summary>The same of the response model that is published, which learns from the newest issues too.</summary>
    public const string ResponseKept = "response_kept";
}

/// <summary>A value that a training run came by.</summary>
/// <param name="Chart">One of <see cref="TrainingCharts"/>: what is drawn over the same axes.</param>
/// <param name="Series">Which of its lines, in words.</param>
/// <param name="Step">The epoch or pass, from 1.</param>
/// <param name="Value">In the measure of the chart.</param>
public readonly record struct TrainingPoint(string Chart, string Series, int Step, double Value);

/// <summary>A point of a curve.</summary>
/// <param name="Step">The epoch or pass, from 1.</param>
/// <param name="Value">Finite.</param>
public readonly record struct CurvePoint(int Step, double Value);

/// <summary>A line of a chart.</summary>
/// <param name="Chart">One of <see cref="TrainingCharts"/>.</param>
/// <param name="Series">Which of its lines, in words.</param>
/// <param name="Points">In the order in which they came, at most <see cref="TrainingCurves.PointsMax"/>.</param>
public sealed record TrainingCurve(string Chart, string Series, IReadOnlyList<CurvePoint> Points);

/// <summary>The curves of a run as they grow. Each keeps its first point, its newest, and of those between every one,
/// every second, every fourth …, so that it never has more than <see cref="PointsMax"/>. A value that is not finite is
/// left out.</summary>
public sealed class TrainingCurves
{
    /// <summary>The most points of a curve.</summary>
    public const int PointsMax = 500;

    /// <summary>The most curves of a run; points of further ones are left out.</summary>
    public const int CurvesMax = 32;

    private readonly ImmutableList<Growing> _all;

    private TrainingCurves(ImmutableList<Growing> all) => _all = all;

    /// <summary>No curve yet.</summary>
    public static TrainingCurves None { get; } = new([]);

    /// <summary>The curves, in the order in which they began.</summary>
    public IReadOnlyList<TrainingCurve> All => [.. _all.Select(c => new TrainingCurve(c.Chart, c.Series, c.Points))];

    /// <summary>The curves with a point more.</summary>
    public TrainingCurves With(TrainingPoint point)
    {
        if (!double.IsFinite(point.Value))
        {
            return this;
        }

        var place = _all.FindIndex(c => c.Chart == point.Chart && c.Series == point.Series);
        return place >= 0 ? new(_all.SetItem(place, _all[place].With(point)))
            : _all.Count < CurvesMax ? new(_all.Add(new Growing(point.Chart, point.Series, [], 1, 0).With(point)))
            : this;
    }

    /// <param name="Chart">See <see cref="TrainingCurve"/>.</param>
    /// <param name="Series">See there.</param>
    /// <param name="Points">Those kept; the last one is the newest, whether its turn was or not.</param>
    /// <param name="Every">Of so many, one is kept.</param>
    /// <param name="Seen">How many there were.</param>
    private sealed record Growing(string Chart, string Series, ImmutableArray<CurvePoint> Points, int Every, int Seen)
    {
        public Growing With(TrainingPoint point)
        {
            var isTurn = Seen == 0 || (Seen - 1) % Every == 0;
            var points = (isTurn ? Points : Points.RemoveAt(Points.Length - 1)).Add(new(point.Step, point.Value));
            return points.Length <= PointsMax
                ? this with { Points = points, Seen = Seen + 1 }
                : this with { Points = [.. points.Where((_, place) => place % 2 == 0)], Every = 2 * Every, Seen = Seen + 1 };
        }
    }
}
