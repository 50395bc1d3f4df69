using TorchSharp;

namespace CouponGrains.Training.Offers;

/// <summary>Numbers as tensors, for every operator that is used in training. With a plain number the library's
/// operators wrap it in an object that nothing holds while native code reads it: the garbage collector may free it in
/// between, which was seen as «Unknown scalar type». A tensor is held by its scope.</summary>
internal static class Constant
{
    /// <summary>The number, shape (1), so that it spreads over any shape.</summary>
    public static torch.Tensor Of(double value, torch.Device? device = null) =>
        torch.tensor([(float)value], device: device);

    /// <summary>a + b. The library's operator wraps the factor 1 of its native addition anew each time.</summary>
    public static torch.Tensor Sum(torch.Tensor a, torch.Tensor b) => a.add(b, Held.One);

    /// <summary>a − b.</summary>
    public static torch.Tensor Difference(torch.Tensor a, torch.Tensor b) => a.add(b, Held.MinusOne);

    /// <summary>a ← a + b.</summary>
    public static void Add(torch.Tensor a, torch.Tensor b) => a.add_(b, Held.One);

    /// <summary>a ← a − b.</summary>
    public static void Subtract(torch.Tensor a, torch.Tensor b) => a.add_(b, Held.MinusOne);

    /// <summary>max(x, slope · x), for a slope from 0 to 1: the leaky rectifier.</summary>
    public static torch.Tensor LeakyRectifier(torch.Tensor x, torch.Tensor slope) => torch.maximum(x, x * slope);

    /// <summary>Made when it is first needed, which is after the library has been loaded, and never freed.</summary>
    private static class Held
    {
        public static readonly Scalar One = 1.0f.ToScalar();
        public static readonly Scalar MinusOne = (-1.0f).ToScalar();

        static Held()
        {
        }
    }
}
