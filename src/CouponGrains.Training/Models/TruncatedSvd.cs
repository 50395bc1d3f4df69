using System.Numerics.Tensors;
using CouponGrains.Domain;

namespace CouponGrains.Training.Models;

/// <summary>Truncated SVD of a sparse matrix by <see cref="BlockLanczos{TBlock}"/>, on a GPU where there is one, otherwise
/// on the processor. The plain reference form is <see cref="DenseSvd"/>.</summary>
public static class TruncatedSvd
{
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

    private static void Check(CsrMatrix r, SvdOptions options)
    {
        if (!r.Values.AsSpan().ContainsAnyExcept(0f))
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                $"The behaviour matrix ({r.Rows} x {r.Columns}) has no entry: there is nothing to learn.");
        }

        var side = Math.Min(r.Rows, r.Columns);
        if (options.Rank < 1 || options.Rank > side)
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The rank must be 1 to {side} for a matrix of {r.Rows} x {r.Columns}, but was {options.Rank}.");
        }

        if (options.BlockWidth < 0 || options.BlockWidth % 16 != 0)
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The block width must be a multiple of 16, but was {options.BlockWidth}.");
        }

        if (options.Start is { } start && (start.Length == 0 || start.Length % r.Columns != 0
            || !TensorPrimitives.IsFiniteAll<float>(start)))
        {
            throw new RefusedException(RefusalCodes.InvalidValue,
                $"The start must have whole columns of finite numbers over {r.Columns} items, but has {start.Length} "
                + "values, or some that are not finite.");
        }
    }
}
