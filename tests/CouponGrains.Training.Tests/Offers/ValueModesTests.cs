using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers;

public sealed class ValueModesTests
{
    [Fact]
    public void Two_peaks_and_a_spike_are_modes_and_values_come_back()
    {
        var random = new Random(1);
        double[] values =
        [
            .. Enumerable.Range(0, 300).Select(_ => 10 + Normal.Draw(random)),
            .. Enumerable.Range(0, 300).Select(_ => 50 + (2 * Normal.Draw(random))),
            .. Enumerable.Repeat(0.0, 200),
        ];
        var modes = ValueModes.Fit(values);
        Assert.Equal(1, modes.Share.Sum(), 6);
        Assert.Contains(modes.Mean, mean => Math.Abs(mean) < 0.1);
        foreach (var value in values)
        {
            var (mode, place) = modes.Write(value);
            Assert.InRange(place, -1, 1);
            Assert.InRange(modes.Read(mode, place) - value, -1, 1);
        }

        Assert.NotEqual(modes.Write(0).Mode, modes.Write(10).Mode);
        Assert.NotEqual(modes.Write(10).Mode, modes.Write(50).Mode);
    }

    [Fact]
    public void A_column_of_one_value_is_one_mode()
    {
        var modes = ValueModes.Fit([7, 7, 7]);
        Assert.Equal(1, modes.Count);
        Assert.Equal(7, modes.Read(0, modes.Write(7).Place), 6);
    }
}
