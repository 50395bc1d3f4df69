namespace CouponGrains.Training.Offers;

/// <summary>How a stretch of the generator's output becomes a stretch of the design's code.</summary>
internal enum BlockShape
{
    /// <summary>One of several: straight-through Gumbel-softmax, so one-hot.</summary>
    Choice,

    /// <summary>Numbers from 0 to 1 by sigmoid, then standardised.</summary>
    Place,

    /// <summary>Numbers from −1 to 1 by hyperbolic tangent: where in a mode, see <see cref="ValueModes"/>.</summary>
    Signed,

    /// <summary>Any numbers, as they are.</summary>
    Free,
}

/// <summary>A stretch of a design's code.</summary>
/// <param name="Shape">How it is made.</param>
/// <param name="Mean">Subtracted from each number of a <see cref="BlockShape.Place"/>; as long as the stretch.</param>
/// <param name="Scale">By which each of these is divided then.</param>
internal sealed record CodeBlock(BlockShape Shape, float[] Mean, float[] Scale)
{
    /// <summary>How long the stretch is.</summary>
    public int Width => Mean.Length;

    /// <summary>A stretch without mean and scale.</summary>
    public static CodeBlock Of(BlockShape shape, int width) =>
        new(shape, new float[width], [.. Enumerable.Repeat(1f, width)]);
}
