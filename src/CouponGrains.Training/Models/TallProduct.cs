using System.Runtime.Intrinsics;

namespace CouponGrains.Training.Models;

/// <summary>The dense products of the solver: Gram matrices (summed in double, in a fixed order, so that they do not
/// depend on the number of threads) and rotations. Widths are multiples of 16.</summary>
public static unsafe class TallProduct
{
    private const int Parts = 32;
    private const int ChunkRows = 64;

    /// <summary>C = Aᵀ B. Shapes: A (n, w), B (n, w), C (w, w).</summary>
    public static double[,] Gram(TallMatrix a, TallMatrix b, ParallelOptions parallel)
    {
        CheckWidth(a.Width);
        var width = a.Width;
        var partial = new double[Parts][];
        Parallel.For(0, Parts, parallel, part =>
        {
            var (from, to) = Range(a.Rows, part);
            partial[part] = GramRows(a, b, from, to);
        });
        var sum = new double[width, width];
        foreach (var part in partial)
        {
            for (var i = 0; i < width; i++)
            {
                for (var j = 0; j < width; j++)
                {
                    sum[i, j] += part[(i * width) + j];
                }
            }
        }

        return sum;
    }

    /// <summary>B = A W. Shapes: A (n, w), W (w, w), B (n, w); B must not be A.</summary>
    public static void Rotate(TallMatrix a, double[,] rotation, TallMatrix b, ParallelOptions parallel)
    {
        CheckWidth(a.Width);
        var width = a.Width;
        var w = new float[width * width];
        for (var i = 0; i < w.Length; i++)
        {
            w[i] = (float)rotation[i / width, i % width];
        }

        Parallel.For(0, Parts, parallel, part =>
        {
            var (from, to) = Range(a.Rows, part);
            fixed (float* source = a.Values, target = b.Values, ws = w)
            {
                for (var row = from; row < to; row++)
                {
                    RotateRow(source + ((long)row * width), ws, width, target + ((long)row * width));
                }
            }
        });
    }

    /// <summary>The norm of each column of <c>Y − Q diag(θ)</c>.</summary>
    public static double[] ResidualNorms(TallMatrix y, TallMatrix q, double[] theta, ParallelOptions parallel)
    {
        var width = y.Width;
        var partial = new double[Parts][];
        Parallel.For(0, Parts, parallel, part =>
        {
            var (from, to) = Range(y.Rows, part);
            var squares = new double[width];
            for (var row = from; row < to; row++)
            {
                var left = y.Row(row);
                var right = q.Row(row);
                for (var c = 0; c < width; c++)
                {
                    var difference = left[c] - (theta[c] * right[c]);
                    squares[c] += difference * difference;
                }
            }

            partial[part] = squares;
        });
        var norms = new double[width];
        foreach (var part in partial)
        {
            for (var c = 0; c < width; c++)
            {
                norms[c] += part[c];
            }
        }

        return Array.ConvertAll(norms, Math.Sqrt);
    }

    private static (int From, int To) Range(int rows, int part) =>
        ((int)((long)rows * part / Parts), (int)((long)rows * (part + 1) / Parts));

    private static void CheckWidth(int width)
    {
        if (width % 16 != 0)
        {
            throw new ArgumentException($"The width must be a multiple of 16, but was {width}.", nameof(width));
        }
    }

    private static double[] GramRows(TallMatrix a, TallMatrix b, int from, int to)
    {
        var width = a.Width;
        var sum = new double[width * width];
        var left = new double[ChunkRows * width];
        var right = ReferenceEquals(a, b) ? left : new double[ChunkRows * width];
        fixed (double* l = left, r = right, s = sum)
        {
            for (var start = from; start < to; start += ChunkRows)
            {
                var rows = Math.Min(ChunkRows, to - start);
                Widen(a.Values.AsSpan(start * width, rows * width), left);
                if (right != left)
                {
                    Widen(b.Values.AsSpan(start * width, rows * width), right);
                }

                for (var i = 0; i < width; i += 4)
                {
                    for (var j = 0; j < width; j += 16)
                    {
                        Tile(l + i, r + j, rows, width, s + ((long)i * width) + j);
                    }
                }
            }
        }

        return sum;
    }

    private static void Widen(ReadOnlySpan<float> from, double[] to) =>
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(from, to.AsSpan());

    // A tile of 4 x 16 sums stays in eight registers over the rows of the chunk.
    private static void Tile(double* l, double* r, int rows, int width, double* sum)
    {
        Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector512<double> c0 = default, c1 = default, d0 = default, d1 = default;
        for (var row = 0; row < rows; row++, l += width, r += width)
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
        Add(sum + width, b0, b1);
        Add(sum + (2 * width), c0, c1);
        Add(sum + (3 * width), d0, d1);
    }

    private static void Add(double* sum, Vector512<double> left, Vector512<double> right)
    {
        (Vector512.Load(sum) + left).Store(sum);
        (Vector512.Load(sum + 8) + right).Store(sum + 8);
    }

    private static void RotateRow(float* a, float* w, int width, float* b)
    {
        var column = 0;
        for (; column + 64 <= width; column += 64)
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var i = 0; i < width; i++)
            {
                var value = Vector512.Create(a[i]);
                var row = w + (i * width) + column;
                s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(row), s0);
                s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(row + 16), s1);
                s2 = Vector512.MultiplyAddEstimate(value, Vector512.Load(row + 32), s2);
                s3 = Vector512.MultiplyAddEstimate(value, Vector512.Load(row + 48), s3);
            }

            s0.Store(b + column);
            s1.Store(b + column + 16);
            s2.Store(b + column + 32);
            s3.Store(b + column + 48);
        }

        for (; column < width; column += 16)
        {
            Vector512<float> sum = default;
            for (var i = 0; i < width; i++)
            {
                var row = Vector512.Load(w + (i * width) + column);
                sum = Vector512.MultiplyAddEstimate(Vector512.Create(a[i]), row, sum);
            }

            sum.Store(b + column);
        }
    }
}
