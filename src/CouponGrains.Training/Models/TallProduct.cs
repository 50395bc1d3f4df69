using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace CouponGrains.Training.Models;

/// <summary>The dense products of the solver. Rows are split into a fixed number of parts whose sums are added in a
/// fixed order, so no result depends on the number of threads. Widths are multiples of 16.</summary>
public static unsafe class TallProduct
{
    private const int Parts = 32;
    private const int ChunkRows = 128; // that are summed in float before the sum goes on in double
    private const int Lanes = 16;

    /// <summary>C = Aᵀ B, summed in double. Shapes: A (n, w), B (n, w), C (w, w).</summary>
    public static double[,] Gram(TallMatrix a, TallMatrix b, ParallelOptions parallel) =>
        Sum(a, b, parallel, (from, to, sum) => GramRows(a, b, from, to, sum));

    /// <summary>C = Aᵀ B, summed in float over some rows and in double over all: as exact as A and B themselves, and
    /// faster than <see cref="Gram"/>. Shapes: A (n, p), B (n, q), C (p, q).</summary>
    public static double[,] Cross(TallMatrix a, TallMatrix b, ParallelOptions parallel) =>
        Sum(a, b, parallel, (from, to, sum) => CrossRows(a, b, from, to, sum));

    /// <summary>Y ← A W, or Y ← Y + A W if <paramref name="adds"/>; Y must not be A. Shapes: A (n, p), W (≥ p, ≥ q) of
    /// which a part that begins at <paramref name="firstRow"/> counts, Y (n, q).</summary>
    public static void Multiply(
        TallMatrix a, double[,] w, int firstRow, TallMatrix y, bool adds, ParallelOptions parallel)
    {
        CheckWidth(a.Width);
        CheckWidth(y.Width);
        if (a.Rows != y.Rows || firstRow + a.Width > w.GetLength(0) || y.Width > w.GetLength(1))
        {
            throw new ArgumentException("The shapes do not fit.", nameof(w));
        }

        var weights = ArrayPool<float>.Shared.Rent(a.Width * y.Width);
        for (var i = 0; i < a.Width; i++)
        {
            for (var j = 0; j < y.Width; j++)
            {
                weights[(i * y.Width) + j] = (float)w[firstRow + i, j];
            }
        }

        Parallel.For(0, Parts, parallel, part =>
        {
            var (from, to) = Range(a.Rows, part);
            MultiplyRows(a, weights, y, adds, from, to);
        });
        ArrayPool<float>.Shared.Return(weights);
    }

    private static (int From, int To) Range(int rows, int part) =>
        ((int)((long)rows * part / Parts), (int)((long)rows * (part + 1) / Parts));

    private static void CheckWidth(int width)
    {
        if (width % Lanes != 0)
        {
            throw new ArgumentException($"The width must be a multiple of {Lanes}, but was {width}.", nameof(width));
        }
    }

    private static double[,] Sum(TallMatrix a, TallMatrix b, ParallelOptions parallel, Action<int, int, double[]> add)
    {
        CheckWidth(a.Width);
        CheckWidth(b.Width);
        var size = a.Width * b.Width;
        var partial = new double[Parts][];
        Parallel.For(0, Parts, parallel, part =>
        {
            partial[part] = ArrayPool<double>.Shared.Rent(size);
            partial[part].AsSpan(0, size).Clear();
            var (from, to) = Range(a.Rows, part);
            add(from, to, partial[part]);
        });
        var sum = new double[a.Width, b.Width];
        fixed (double* sums = sum)
        {
            var all = new Span<double>(sums, size);
            foreach (var part in partial)
            {
                TensorPrimitives.Add(all, part.AsSpan(0, size), all);
                ArrayPool<double>.Shared.Return(part);
            }
        }

        return sum;
    }

    private static void CrossRows(TallMatrix a, TallMatrix b, int from, int to, double[] sum)
    {
        var (p, q) = (a.Width, b.Width);
        fixed (float* left = a.Values, right = b.Values)
        fixed (double* sums = sum)
        {
            for (var start = from; start < to; start += ChunkRows)
            {
                var rows = Math.Min(ChunkRows, to - start);
                float* l = left + ((long)start * p), r = right + ((long)start * q);
                for (var i = 0; i < p; i += 8)
                {
                    var j = 0;
                    for (; j + (2 * Lanes) <= q; j += 2 * Lanes)
                    {
                        Cross8x32(l + i, p, r + j, q, rows, sums + ((long)i * q) + j);
                    }

                    for (; j < q; j += Lanes)
                    {
                        Cross8x16(l + i, p, r + j, q, rows, sums + ((long)i * q) + j);
                    }
                }
            }
        }
    }

    // Tiles of sums stay in registers over the rows of a chunk: 8 columns of A by 32 or 16 of B.
    private static void Cross8x32(float* a, int p, float* b, int q, int rows, double* sum)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector512<float> c0 = default, c1 = default, d0 = default, d1 = default;
        Vector512<float> e0 = default, e1 = default, f0 = default, f1 = default;
        Vector512<float> g0 = default, g1 = default, h0 = default, h1 = default;
        for (var row = 0; row < rows; row++, a += p, b += q)
        {
            var (x, y) = (Vector512.Load(b), Vector512.Load(b + Lanes));
            a0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[0]), x, a0);
            a1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[0]), y, a1);
            b0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[1]), x, b0);
            b1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[1]), y, b1);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[2]), x, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[2]), y, c1);
            d0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[3]), x, d0);
            d1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[3]), y, d1);
            e0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[4]), x, e0);
            e1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[4]), y, e1);
            f0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[5]), x, f0);
            f1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[5]), y, f1);
            g0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[6]), x, g0);
            g1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[6]), y, g1);
            h0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[7]), x, h0);
            h1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[7]), y, h1);
        }

        Add(sum, a0, a1);
        Add(sum + q, b0, b1);
        Add(sum + (2 * q), c0, c1);
        Add(sum + (3 * q), d0, d1);
        Add(sum + (4 * q), e0, e1);
        Add(sum + (5 * q), f0, f1);
        Add(sum + (6 * q), g0, g1);
        Add(sum + (7 * q), h0, h1);
    }

    private static void Cross8x16(float* a, int p, float* b, int q, int rows, double* sum)
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default;
        Vector512<float> e0 = default, f0 = default, g0 = default, h0 = default;
        for (var row = 0; row < rows; row++, a += p, b += q)
        {
            var x = Vector512.Load(b);
            a0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[0]), x, a0);
            b0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[1]), x, b0);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[2]), x, c0);
            d0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[3]), x, d0);
            e0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[4]), x, e0);
            f0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[5]), x, f0);
            g0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[6]), x, g0);
            h0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[7]), x, h0);
        }

        Add(sum, a0);
        Add(sum + q, b0);
        Add(sum + (2 * q), c0);
        Add(sum + (3 * q), d0);
        Add(sum + (4 * q), e0);
        Add(sum + (5 * q), f0);
        Add(sum + (6 * q), g0);
        Add(sum + (7 * q), h0);
    }

    private static void Add(double* sum, Vector512<float> left, Vector512<float> right)
    {
        Add(sum, left);
        Add(sum + Lanes, right);
    }

    private static void Add(double* sum, Vector512<float> part)
    {
        var (lower, upper) = Vector512.Widen(part);
        (Vector512.Load(sum) + lower).Store(sum);
        (Vector512.Load(sum + 8) + upper).Store(sum + 8);
    }

    private static void GramRows(TallMatrix a, TallMatrix b, int from, int to, double[] sum)
    {
        var (p, q) = (a.Width, b.Width);
        var left = ArrayPool<double>.Shared.Rent(ChunkRows * p);
        var right = ReferenceEquals(a, b) ? left : ArrayPool<double>.Shared.Rent(ChunkRows * q);
        fixed (double* l = left, r = right, s = sum)
        {
            for (var start = from; start < to; start += ChunkRows)
            {
                var rows = Math.Min(ChunkRows, to - start);
                Widen(a, start, rows, left);
                if (right != left)
                {
                    Widen(b, start, rows, right);
                }

                for (var i = 0; i < p; i += 4)
                {
                    for (var j = 0; j < q; j += Lanes)
                    {
                        Gram4x16(l + i, p, r + j, q, rows, s + ((long)i * q) + j);
                    }
                }
            }
        }

        ArrayPool<double>.Shared.Return(left);
        if (right != left)
        {
            ArrayPool<double>.Shared.Return(right);
        }
    }

    private static void Widen(TallMatrix from, int start, int rows, double[] to) =>
        TensorPrimitives.ConvertTruncating<float, double>(from.Values.AsSpan(start * from.Width, rows * from.Width), to);

    private static void Gram4x16(double* l, int p, double* r, int q, int rows, double* sum)
    {
        Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector512<double> c0 = default, c1 = default, d0 = default, d1 = default;
        for (var row = 0; row < rows; row++, l += p, r += q)
        {
            var (x, y) = (Vector512.Load(r), Vector512.Load(r + 8));
            a0 = Vector512.MultiplyAddEstimate(Vector512.Create(l[0]), x, a0);
            a1 = Vector512.MultiplyAddEstimate(Vector512.Create(l[0]), y, a1);
            b0 = Vector512.MultiplyAddEstimate(Vector512.Create(l[1]), x, b0);
            b1 = Vector512.MultiplyAddEstimate(Vector512.Create(l[1]), y, b1);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(l[2]), x, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(l[2]), y, c1);
            d0 = Vector512.MultiplyAddEstimate(Vector512.Create(l[3]), x, d0);
            d1 = Vector512.MultiplyAddEstimate(Vector512.Create(l[3]), y, d1);
        }

        Add(sum, a0, a1);
        Add(sum + q, b0, b1);
        Add(sum + (2 * q), c0, c1);
        Add(sum + (3 * q), d0, d1);
    }

    private static void Add(double* sum, Vector512<double> left, Vector512<double> right)
    {
        (Vector512.Load(sum) + left).Store(sum);
        (Vector512.Load(sum + 8) + right).Store(sum + 8);
    }

    private static void MultiplyRows(TallMatrix a, float[] weights, TallMatrix y, bool adds, int from, int to)
    {
        var (p, q) = (a.Width, y.Width);
        fixed (float* source = a.Values, target = y.Values, w = weights)
        {
            var row = from;
            for (; row + 8 <= to; row += 8)
            {
                for (var column = 0; column < q; column += Lanes)
                {
                    Multiply8x16(source + ((long)row * p), p, w + column, target + ((long)row * q) + column, q, adds);
                }
            }

            for (; row < to; row++)
            {
                for (var column = 0; column < q; column += Lanes)
                {
                    float* x = source + ((long)row * p), result = target + ((long)row * q) + column;
                    var sum = adds ? Vector512.Load(result) : default;
                    for (var c = 0; c < p; c++)
                    {
                        var weight = Vector512.Load(w + (c * q) + column);
                        sum = Vector512.MultiplyAddEstimate(Vector512.Create(x[c]), weight, sum);
                    }

                    sum.Store(result);
                }
            }
        }
    }

    // 8 rows of A share each load of W.
    private static void Multiply8x16(float* x, int p, float* w, float* y, int q, bool adds)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector512<float> s4 = default, s5 = default, s6 = default, s7 = default;
        if (adds)
        {
            (s0, s1, s2) = (Vector512.Load(y), Vector512.Load(y + q), Vector512.Load(y + (2 * q)));
            (s3, s4, s5) = (Vector512.Load(y + (3 * q)), Vector512.Load(y + (4 * q)), Vector512.Load(y + (5 * q)));
            (s6, s7) = (Vector512.Load(y + (6 * q)), Vector512.Load(y + (7 * q)));
        }

        for (var c = 0; c < p; c++, x++, w += q)
        {
            var weight = Vector512.Load(w);
            s0 = Vector512.MultiplyAddEstimate(Vector512.Create(x[0]), weight, s0);
            s1 = Vector512.MultiplyAddEstimate(Vector512.Create(x[p]), weight, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.Create(x[2 * p]), weight, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.Create(x[3 * p]), weight, s3);
            s4 = Vector512.MultiplyAddEstimate(Vector512.Create(x[4 * p]), weight, s4);
            s5 = Vector512.MultiplyAddEstimate(Vector512.Create(x[5 * p]), weight, s5);
            s6 = Vector512.MultiplyAddEstimate(Vector512.Create(x[6 * p]), weight, s6);
            s7 = Vector512.MultiplyAddEstimate(Vector512.Create(x[7 * p]), weight, s7);
        }

        s0.Store(y);
        s1.Store(y + q);
        s2.Store(y + (2 * q));
        s3.Store(y + (3 * q));
        s4.Store(y + (4 * q));
        s5.Store(y + (5 * q));
        s6.Store(y + (6 * q));
        s7.Store(y + (7 * q));
    }
}
