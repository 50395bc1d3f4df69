using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class FactorRotationTests
{
    private const int Items = 50;

    [Fact]
    public void Factors_of_equal_strength_are_turned_back_to_those_of_before_and_their_products_stay()
    {
        var before = SparseMatrices.Dense(Items, 3, seed: 1).Values;
        var factors = (float[])before.Clone();
        var (cosine, sine) = (MathF.Cos(1), MathF.Sin(1));
        for (var item = 0; item < Items; item++)
        {
            var (x, y) = (before[item * 3], before[(item * 3) + 2]);
            (factors[item * 3], factors[(item * 3) + 2]) = ((cosine * x) - (sine * y), (sine * x) + (cosine * y));
        }

        var turned = (float[])factors.Clone();
        FactorRotation.Align(turned, before, [5f, 9f, 4.9f]);
        Assert.All(before.Zip(turned), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(Product(factors, 3, 8), Product(turned, 3, 8), 1e-5f);
    }

    [Fact]
    public void Factors_of_different_strength_and_those_with_nothing_before_stay_as_they_are()
    {
        var factors = SparseMatrices.Dense(Items, 2, seed: 2).Values;
        var (apart, alone) = ((float[])factors.Clone(), (float[])factors.Clone());
        FactorRotation.Align(apart, SparseMatrices.Dense(Items, 2, seed: 3).Values, [5f, 1f]);
        FactorRotation.Align(alone, new float[2 * Items], [5f, 5f]);
        Assert.Equal(factors, apart);
        Assert.Equal(factors, alone);
    }

    private static float Product(float[] factors, int i, int j) =>
        Enumerable.Range(0, 3).Sum(k => factors[(i * 3) + k] * factors[(j * 3) + k]);
}
