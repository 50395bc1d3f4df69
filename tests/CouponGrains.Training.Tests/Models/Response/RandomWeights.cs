using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Training.Tests.Models.Response;

/// <summary>Weights that nobody trained.</summary>
internal static class RandomWeights
{
    /// <summary>Weights of a shape that keep the sums of a layer near 1.</summary>
    public static ResponseWeights Of(ResponseShape shape, int seed)
    {
        var random = new Random(seed);
        return new(shape, ResponseLayout.Of(shape).ToDictionary(
            tensor => tensor.Name,
            tensor => Array.ConvertAll(
                Normal(random, (int)tensor.Length),
                value => value / MathF.Sqrt(tensor.Shape.Skip(1).Append(1).Aggregate((a, b) => a * b)))));
    }

    /// <summary>Numbers of a normal distribution.</summary>
    public static float[] Normal(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => (float)(
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))),
    ];
}
