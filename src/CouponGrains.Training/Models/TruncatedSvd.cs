using System.Numerics.Tensors;
using CouponGrains.Domain;

namespace CouponGrains.Training.Models;

/// <summary>Truncated SVD of a sparse matrix by <see cref="BlockLanczos{TBlock}"/>, on a GPU where there is one,
/// otherwise on the processor. The plain reference form is <see cref="DenseSvd"/>.</summary>
public static class TruncatedSvd
{
    private const float LargestMin = 1e-9f; // outside, squares of squares leave what a float can hold
    private const float LargestMax = 1e9f;
    private const int WidthMax = 512;

    /// <summary>Decomposes <paramref name="r"/>. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.TooLittleData"/> for a matrix without entries, <see cref="RefusalCodes.InvalidValue"/>
    /// for an option that the matrix cannot have, <see cref="RefusalCodes.NoDevice"/> for a device that is not
    /// there.</summary>
    public static SvdFactors Decompose(CsrMatrix r, SvdOptions options, CancellationToken cancel)
    {
        Check(r, options);
        if (options.Device == SvdDevice.Cuda || (options.Device == SvdDevice.Auto && CudaDevice.IsThere))
        {
            return Decompose(r, options, CudaDevice.Open(), cancel);
        }

        using var cpu = new CpuSvd(r, options.Threads, cancel);
        return new BlockLanczos<TallMatrix>(cpu, options).Solve(cancel);
    }

    /// <summary>The same in torch on a device of its own choice.</summary>
    internal static SvdFactors Decompose(
        CsrMatrix r, SvdOptions options, TorchSharp.torch.Device device, CancellationToken cancel)
    {
        using var quiet = TorchSharp.torch.no_grad();
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var torch = new TorchSvd(r, device);
        return new BlockLanczos<TorchSharp.torch.Tensor>(torch, options).Solve(cancel);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new RefusedException(RefusalCodes.InvalidValue, otherwise);
        }
    }

    private static void Check(CsrMatrix r, SvdOptions options)
    {
        var largest = r.Values.Length == 0 ? 0 : TensorPrimitives.Max<float>(r.Values);
        if (largest == 0)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                $"The behaviour matrix ({r.Rows} x {r.Columns}) has no entry: there is nothing to learn.");
        }

        var side = Math.Min(r.Rows, r.Columns);
        Require(options.Rank >= 1 && options.Rank <= side,
            $"The rank must be 1 to {side} for a matrix of {r.Rows} x {r.Columns}, but was {options.Rank}.");
        Require(largest is >= LargestMin and <= LargestMax,
            $"The largest entry must be {LargestMin} to {LargestMax}, but was {largest}: scale the matrix.");
        Require(options.BlockWidth is >= 0 and <= WidthMax && options.BlockWidth % 16 == 0,
            $"The block width must be a multiple of 16 up to {WidthMax}, but was {options.BlockWidth}.");
        Require(options.IterationsMax >= 1, $"There must be one pass at least, but {options.IterationsMax} was asked for.");
        Require(options.Tolerance > 0 && double.IsFinite(options.Tolerance),
            $"The tolerance must be above 0 and finite, but was {options.Tolerance}.");
        Require(options.Threads is -1 or > 0, $"The threads must be -1 or above 0, but were {options.Threads}.");
        Require(Enum.IsDefined(options.Device), $"There is no device {options.Device}.");
        if (options.Start is { } start && (start.Length == 0 || start.Length % r.Columns != 0
            || !TensorPrimitives.IsFiniteAll<float>(start)))
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The start must have whole columns of finite numbers over {r.Columns} items, but has {start.Length} "
                + "values, or some that are not finite.");
        }
    }
}
