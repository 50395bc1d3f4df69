using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Tests.Models.Response;

/// <summary>Response models that nobody trained.</summary>
internal static class ResponseSamples
{
    /// <summary>Shapes of all kinds, many of which fill no vector.</summary>
    internal static readonly ResponseShape[] Shapes =
    [
        new(ResponseEncoder.None, 0, 0, 0, 3, 2, 1, 0, 0),
        new(ResponseEncoder.None, 0, 0, 0, 0, 0, 5, 0, 0),
        new(ResponseEncoder.None, 0, 0, 0, 7, 5, 3, 9, 4),
        new(ResponseEncoder.Gru, 1, 1, 1, 1, 1, 1, 1, 1),
        new(ResponseEncoder.Gru, 70, 32, 1, 21, 71, 18, 64, 32),
        new(ResponseEncoder.Gru, 13, 17, 1, 0, 33, 0, 33, 17),
        new(ResponseEncoder.Convolution, 1, 1, 1, 1, 1, 1, 1, 1),
        new(ResponseEncoder.Convolution, 70, 32, 5, 21, 71, 18, 64, 32),
        new(ResponseEncoder.Convolution, 9, 19, 3, 4, 0, 16, 16, 16),
    ];

    /// <summary>Weights that keep the sums of a layer near 1.</summary>
    internal static ResponseWeights Weights(ResponseShape shape, int seed, float scale = 1)
    {
        var random = new Random(seed);
        return new(shape, ResponseLayout.Of(shape).ToDictionary(
            tensor => tensor.Name,
            tensor => Array.ConvertAll(
                Samples.Normal(random, (int)tensor.Length),
                value => value * scale / MathF.Sqrt(tensor.Shape.Skip(1).Append(1).Aggregate((a, b) => a * b)))));
    }

    /// <summary>Rows of numbers around 0.</summary>
    internal static float[][] Rows(Random random, int count, int width) =>
        [.. Enumerable.Range(0, count).Select(_ => Samples.Normal(random, width))];
}
