namespace CouponGrains.Simulation.Tests;

public sealed class PairedDifferenceTests
{
    [Fact]
    public void The_interval_of_a_hand_computed_sample_is_students()
    {
        // s² = 2.5, s/√5 = 0.7071068, t(4) = 2.7764451.
        var difference = PairedDifference.Of([1, 2, 3, 4, 5]);
        Assert.Equal(3, difference.Mean, 12);
        Assert.Equal(3 - 1.963243, difference.Low, 3);
        Assert.Equal(3 + 1.963243, difference.High, 3);
        Assert.True(difference.IsGain);
    }

    [Theory]
    [InlineData(2, 12.7062047)]
    [InlineData(3, 4.3026527)]
    [InlineData(4, 3.1824463)]
    [InlineData(10, 2.2621572)]
    [InlineData(12, 2.2009852)]
    [InlineData(31, 2.0422725)]
    public void The_point_of_students_distribution_agrees_with_the_printed_tables(int count, double point)
    {
        var sample = Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1.0 : -1.0).ToList();
        var mean = sample.Average();
        var error = Math.Sqrt(sample.Sum(d => (d - mean) * (d - mean)) / (count - 1) / count);
        var difference = PairedDifference.Of(sample);
        Assert.Equal(point, (difference.High - difference.Mean) / error, point * 0.003);
    }

    [Fact]
    public void Differences_around_zero_are_no_gain() => Assert.False(PairedDifference.Of([-1, 1, -2, 2, 0.1]).IsGain);

    [Fact]
    public void One_difference_has_no_interval() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedDifference.Of([1]));
}
