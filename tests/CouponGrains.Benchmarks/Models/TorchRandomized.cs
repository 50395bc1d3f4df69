using CouponGrains.Training.Models;
using static TorchSharp.torch;

namespace CouponGrains.Benchmarks.Models;

/// <summary>Randomised subspace iteration by torch's sparse product (compressed rows) and dense QR: Halko et al. 2011,
/// algorithm 4.4.</summary>
internal sealed class TorchRandomized : IDisposable
{
    private readonly Tensor _r;
    private readonly Tensor _rt;

    public TorchRandomized(CsrMatrix matrix)
    {
        LibTorchLoader.Ensure();
        set_num_threads(Environment.ProcessorCount);
        (_r, _rt) = (TorchSvd.Rows(matrix, CPU), TorchSvd.Rows(matrix.Transpose(), CPU));
    }

    /// <summary>V, shape (n, k) row by row.</summary>
    public float[] RightVectors(int rank, int iterations)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var q = linalg.qr(randn(_r.shape[1], rank + 16)).Q;
        for (var i = 0; i < iterations; i++)
        {
            q = linalg.qr(_r.mm(q)).Q;
            q = linalg.qr(_rt.mm(q)).Q;
        }

        var (_, _, vh) = linalg.svd(linalg.qr(_r.mm(q)).R, fullMatrices: false);
        return q.mm(vh.narrow(0, 0, rank).t()).contiguous().data<float>().ToArray();
    }

    public void Dispose()
    {
        _r.Dispose();
        _rt.Dispose();
    }
}
