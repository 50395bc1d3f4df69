using CouponGrains.Training.Models;
using static TorchSharp.torch;

namespace CouponGrains.Benchmarks.Models;

/// <summary>The same algorithm by torch's sparse product: Halko et al. 2011, algorithm 4.4, with a QR in each half
/// step.</summary>
internal sealed class TorchSvd : IDisposable
{
    private readonly Tensor _r;
    private readonly Tensor _rt;

    public TorchSvd(CsrMatrix matrix)
    {
        LibTorchLoader.Ensure();
        set_num_threads(Environment.ProcessorCount);
        (_r, _rt) = (Sparse(matrix), Sparse(matrix.Transpose()));
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

    private static Tensor Sparse(CsrMatrix matrix)
    {
        using var scope = NewDisposeScope();
        var rows = new long[matrix.NonZeros];
        for (var row = 0; row < matrix.Rows; row++)
        {
            Array.Fill(rows, row, (int)matrix.Starts[row], (int)(matrix.Starts[row + 1] - matrix.Starts[row]));
        }

        var places = stack([tensor(rows), tensor(Array.ConvertAll(matrix.Indices, column => (long)column))]);
        return sparse_coo_tensor(places, tensor(matrix.Values), [matrix.Rows, matrix.Columns])
            .MoveToOuterDisposeScope();
    }
}
