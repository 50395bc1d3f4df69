using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Tests.Models;

public sealed class TrainingCurvesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(502)]
    [InlineData(1_999)]
    [InlineData(10_000)]
    public void However_long_it_is_a_curve_has_at_most_500_even_points_with_the_first_and_the_newest(int steps)
    {
        var curves = TrainingCurves.None;
        for (var step = 1; step <= steps; step++)
        {
            curves = curves.With(new("chart", "line", step, 1.0 / step));
            var newest = Assert.Single(curves.All).Points[^1];
            Assert.Equal(new(step, 1.0 / step), newest);
        }

        var points = curves.All[0].Points;
        Assert.InRange(points.Count, Math.Min(steps, TrainingCurves.PointsMax / 2), TrainingCurves.PointsMax);
        Assert.Equal(1, points[0].Step);
        var gaps = points.Zip(points.Skip(1), (a, b) => b.Step - a.Step).ToList();
        Assert.True(gaps.SkipLast(1).Distinct().Count() <= 1, $"Its gaps are {string.Join(' ', gaps.Distinct())}.");
        Assert.All(gaps, gap => Assert.InRange(gap, 1, gaps[0]));
    }

    [Fact]
    public void Lines_are_kept_apart_and_what_is_not_finite_is_left_out()
    {
        var curves = TrainingCurves.None.With(new("a", "x", 1, 3)).With(new("a", "y", 1, 4)).With(new("b", "x", 1, 5))
            .With(new("a", "x", 2, double.NaN)).With(new("a", "x", 3, double.PositiveInfinity)).With(new("a", "x", 4, 6));
        Assert.Equal(["a x", "a y", "b x"], curves.All.Select(c => $"{c.Chart} {c.Series}"));
        Assert.Equal([new(1, 3), new(4, 6)], curves.All[0].Points);
    }

    [Fact]
    public void A_run_that_names_ever_new_lines_keeps_a_bounded_number()
    {
        var curves = Enumerable.Range(0, 100).Aggregate(
            TrainingCurves.None, (all, line) => all.With(new("a", $"{line}", 1, line)));
        Assert.Equal(TrainingCurves.CurvesMax, curves.All.Count);
    }
}
