using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers.Judgement;

public sealed class MeasuresTests
{
    [Theory]
    [InlineData("1 2 3 4", "0 0 1 1", 1)]
    [InlineData("1 2 3 4", "0 1 0 1", 0.75)]
    [InlineData("7 7 7 7", "0 1 0 1", 0.5)]
    [InlineData("1 2 2 3", "0 1 0 1", 0.875)]
    [InlineData("1 2", "1 1", 0.5)]
    public void The_area_under_the_curve_is_the_share_of_pairs_in_the_right_order(
        string scores, string labels, double area) => Assert.Equal(area,
        AreaUnderCurve.Of([.. scores.Split(' ').Select(double.Parse)], [.. labels.Split(' ').Select(l => l == "1")]), 12);

    [Fact]
    public void The_interval_of_the_area_holds_it_and_is_narrower_with_more_rows()
    {
        var (few, many) = (Interval(40), Interval(1_000));
        Assert.True(few.Low <= few.Value && few.Value <= few.High);
        Assert.True(many.High - many.Low < few.High - few.Low);

        static Interval Interval(int rows)
        {
            var random = new Random(1);
            bool[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 2 == 0)];
            return AreaUnderCurve.Bootstrap(
                [.. labels.Select(l => (l ? 1 : 0) + Normal.Draw(random))], labels, 300, random);
        }
    }

    [Fact]
    public void Density_and_coverage_are_what_the_paper_says_on_a_line()
    {
        // Distances to the fifth neighbour: 5 4 3 3 4 5.
        List<(float[], int)> real = [([0], 0), ([1], 1), ([2], 2), ([3], 3), ([4], 4), ([5], 5)];
        var (density, coverage) = Neighbourhoods.DensityAndCoverage(real, [[-4]]);
        Assert.Equal(1 / 5.0, density, 6); // Only within reach of 0.
        Assert.Equal(1 / 6.0, coverage, 6);
        (density, coverage) = Neighbourhoods.DensityAndCoverage(real, [[2.5f], [100]]);
        Assert.Equal(6 / 10.0, density, 6); // All six hold the first, none the second.
        Assert.Equal(1, coverage, 6);
    }

    [Fact]
    public void A_design_is_no_neighbour_of_its_twins()
    {
        // One neighbour each, the other subject's: all four reach as far as 4.
        List<(float[], int)> real = [([0], 0), ([0], 0), ([0], 0), ([4], 1)];
        Assert.Equal((4.0, 1.0), Neighbourhoods.DensityAndCoverage(real, [[3]]));
    }

    [Fact]
    public void Nearest_distances_among_real_designs_pass_over_twins()
    {
        Assert.Equal([1, 1, 3], Neighbourhoods.NearestAmong([[0], [0], [1], [4]]));
        Assert.Equal([0, 2], Neighbourhoods.Nearest([[0], [1]], [[0], [3]]));
    }

    [Fact]
    public void The_classifier_cannot_tell_one_source_from_itself_but_sees_a_shift_and_an_interaction()
    {
        Assert.InRange(Area((x, y) => (x, y)), 0.4, 0.6);
        Assert.InRange(Area((x, y) => (x + 3, y)), 0.9, 1);
        Assert.InRange(Area((x, y) => (x, 0.9 * x)), 0.75, 1); // Each alone is as before.

        static double Area(Func<double, double, (double, double)> change)
        {
            var random = new Random(4);
            return TwoSampleTests.Classifier<int>(
                [.. Enumerable.Range(0, 200).Select(i => (Row((x, y) => (x, y)), i))],
                [.. Enumerable.Range(0, 200).Select(i => (Row(change), 1_000 + i))], 5, 20, random).Value;

            float[] Row(Func<double, double, (double X, double Y)> f) =>
                f(Normal.Draw(random), Normal.Draw(random)) is var (x, y) ? [(float)x, (float)y, 0, 0, 0] : [];
        }
    }

    [Fact]
    public void The_discrepancy_of_a_set_from_itself_is_nothing_and_that_of_far_ones_is_beyond_chance()
    {
        float[][] here = [[0], [1], [2], [3], [4]];
        var (same, likely) = TwoSampleTests.Discrepancy(here, here, 99, new(1));
        Assert.Equal(0, same, 6);
        Assert.Equal(1, likely, 6);
        float[][] there = [.. here.Select(x => new[] { x[0] + 50 })];
        var (far, unlikely) = TwoSampleTests.Discrepancy(here, there, 999, new(1));
        Assert.True(far > 0.5, $"{far}");
        Assert.True(unlikely < 0.05, $"{unlikely}"); // 2 of 252 partings are as far.
    }

    [Fact]
    public void Unique_share_and_entropy_of_four_designs_are_counted_by_hand()
    {
        var design = new JudgedDesign { Kind = OfferKind.PercentOff, Depth = 0.1 };
        JudgedDesign[] designs = [design, design with { Depth = 0.1001 }, design with { Depth = 0.2 }, design with { Items = 2 }];
        Assert.Equal(0.75, Variety.Unique(designs));
        Assert.Equal(1, Variety.Entropy<string>(["a", "b", "a", "b"]), 12);
        Assert.Equal(0, Variety.Entropy<string>(["a", "a"]), 12);
    }

    [Fact]
    public void A_generator_that_ignores_the_condition_responds_to_nothing()
    {
        var designs = ManyDesigns.Of(600, 1);
        Assert.InRange(Variety.Response(designs, new(1)), 0.4, 0.7);
        string[] dealt = [.. designs.Select(d => d.Condition)];
        new Random(2).Shuffle(dealt);
        Assert.InRange(Variety.Response([.. designs.Zip(dealt, (d, c) => d with { Condition = c })], new(1)), -0.05, 0.05);
    }

    [Fact]
    public void A_list_of_one_design_repeated_has_no_diversity_and_a_short_list_is_none()
    {
        JudgedDesign[] designs = [.. Enumerable.Repeat(new JudgedDesign { Kind = OfferKind.Gift }, 20)];
        var space = DesignSpace.Of(designs);
        Assert.Equal(0, Variety.OfLists(designs, [.. designs.Select(space.Place)]));
        Assert.Equal(double.NaN, Variety.OfLists(designs[..9], [.. designs[..9].Select(space.Place)]));
    }

    [Fact]
    public void The_copula_keeps_each_column_and_how_they_go_together()
    {
        var real = ManyDesigns.Of(800, 3);
        var made = GaussianCopula.Fit(real, new(1)).Draw(800, new(2));
        Assert.InRange(made.Average(d => d.Depth) - real.Average(d => d.Depth), -0.02, 0.02);
        Assert.InRange(made.Count(d => d.Category == "food") - real.Count(d => d.Category == "food"), -60, 60);
        Assert.True(made.Max(d => d.Depth) <= real.Max(d => d.Depth));
        var deep = made.Where(d => d.Category == "toys").Average(d => d.Depth);
        Assert.True(deep > made.Where(d => d.Category == "food").Average(d => d.Depth) + 0.1);
    }

    [Fact]
    public void A_normal_share_and_its_quantile_are_each_others_inverse()
    {
        Assert.Equal(0.975, Normal.Share(1.959964), 5);
        Assert.All(new[] { 0.001, 0.2, 0.5, 0.99 }, share => Assert.Equal(share, Normal.Share(Normal.Quantile(share)), 7));
    }

    [Fact]
    public void Draws_that_are_no_legal_design_count_by_their_code()
    {
        var design = new JudgedDesign { Kind = OfferKind.PercentOff, Depth = 0.1 };
        var draw = DesignDraw.Of([design, design with { Depth = 1.5 }, design with { Items = 0 },
            design with { Price = double.NaN }]);
        Assert.Equal(0.25, draw.Validity);
        Assert.Equal(3, draw.Refused[RefusalCodes.InvalidValue]);
        Assert.Equal("/depth", (design with { Depth = -0.1 }).Check()!.Pointer);
    }
}
