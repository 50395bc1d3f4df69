using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace CouponGrains.Training.Models;

/// <summary>The dot products of a few rows with many: <c>S = A Bᵀ</c>. Four rows of A share each load of a row of
/// B.</summary>
internal static unsafe class SpectralProduct
{
    private const int Lanes = 16;
    private const int TileFloats = 1 << 15; // Rows of B that stay in the cache while all of A passes.

    /// <summary>Shapes: A (few, k), B (n, k), S (few, n), all row by row.</summary>
    public static void Multiply(float[] a, float[] b, int width, Span<float> s)
    {
        var (few, many) = (a.Length / width, b.Length / width);
        var tile = Math.Max(1, TileFloats / width);
        for (var from = 0; from < many; from += tile)
        {
            MultiplyTile(a, b, width, s, few, many, from, Math.Min(many, from + tile));
        }
    }

    private static void MultiplyTile(
        float[] a, float[] b, int width, Span<float> s, int few, int many, int from, int to)
    {
        fixed (float* rows = a, columns = b, scores = s)
        {
            var row = 0;
            for (; row + 4 <= few; row += 4)
            {
                for (var column = from; column < to; column++)
                {
                    Four(rows + ((long)row * width), columns + ((long)column * width), width,
                        scores + ((long)row * many) + column, many);
                }
            }

            for (; row < few; row++)
            {
                for (var column = from; column < to; column++)
                {
                    scores[((long)row * many) + column] =
                        TensorPrimitives.Dot(a.AsSpan(row * width, width), b.AsSpan(column * width, width));
                }
            }
        }
    }

    private static void Four(float* a, float* b, int width, float* scores, long stride)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        float* a1 = a + width, a2 = a1 + width, a3 = a2 + width;
        var k = 0;
        for (; k + Lanes <= width; k += Lanes)
        {
            var shared = Vector512.Load(b + k);
            s0 = Vector512.MultiplyAddEstimate(shared, Vector512.Load(a + k), s0);
            s1 = Vector512.MultiplyAddEstimate(shared, Vector512.Load(a1 + k), s1);
            s2 = Vector512.MultiplyAddEstimate(shared, Vector512.Load(a2 + k), s2);
            s3 = Vector512.MultiplyAddEstimate(shared, Vector512.Load(a3 + k), s3);
        }

        var (t0, t1) = (Vector512.Sum(s0), Vector512.Sum(s1));
        var (t2, t3) = (Vector512.Sum(s2), Vector512.Sum(s3));
        for (; k < width; k++)
        {
            t0 += a[k] * b[k];
            t1 += a1[k] * b[k];
            t2 += a2[k] * b[k];
            t3 += a3[k] * b[k];
        }

        (scores[0], scores[stride], scores[2 * stride], scores[3 * stride]) = (t0, t1, t2, t3);
    }
}
