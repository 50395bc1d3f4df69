using TorchSharp;

namespace CouponGrains.Training.Offers;

/// <summary>Numbers as tensors, for every operator that is used in training. With a plain number the library's operators
/// wrap it in an object that nothing holds while native code reads it: the garbage collector may free it in between, which
/// was seen as «Unknown scalar type». A tensor is held by its scope.</summary>
internal static class Constant
{
    /// <summary>The number, shape (1), so that it spreads over any shape.</summary>
    public static torch.Tensor Of(double value) => torch.tensor([(float)value]);

    /// <summary>max(x, slope · x), for a slope from 0 to 1: the leaky rectifier.</summary>
    public static torch.Tensor LeakyRectifier(torch.Tensor x, torch.Tensor slope) => torch.maximum(x, x * slope);
}
