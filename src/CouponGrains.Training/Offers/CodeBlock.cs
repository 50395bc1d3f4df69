namespace CouponGrains.Training.Offers;

/// <summary>A stretch of a design's code, and how the generator's output becomes it.</summary>
/// <param name="Width">How long it is.</param>
/// <param name="IsChoice">True for one of several, one-hot by straight-through Gumbel-softmax; false for numbers from
/// −1 to 1 by hyperbolic tangent: where in a mode, see <see cref="ValueModes"/>.</param>
internal readonly record struct CodeBlock(int Width, bool IsChoice)
{
    public static CodeBlock Choice(int width) => new(width, true);

    public static CodeBlock Signed(int width) => new(width, false);
}
