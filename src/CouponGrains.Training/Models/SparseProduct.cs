using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CouponGrains.Training.Models;

/// <summary>Y = R X for a sparse R and a dense X of few columns. A row of Y is summed in registers (panels of 80, 64,
/// 32 and 16 columns, then single ones) and written once. Each row is the work of one thread in one order, so the
/// result is the same for any number of threads.</summary>
public static unsafe class SparseProduct
{
    private const int Lanes = SparseRow.Lanes;
    private const int Parts = 64;

    /// <summary>Y = R X. Shapes: R (m, n), X (n, w), Y (m, w).</summary>
    public static void Multiply(CsrMatrix r, TallMatrix x, TallMatrix y, ParallelOptions parallel)
    {
        if (x.Rows != r.Columns || y.Rows != r.Rows || x.Width != y.Width)
        {
            throw new ArgumentException(
                $"({r.Rows}, {r.Columns}) x ({x.Rows}, {x.Width}) does not give ({y.Rows}, {y.Width}).", nameof(y));
        }

        Parallel.For(0, Parts, parallel, part =>
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            var (from, to) = (r.RowAt(part, Parts), r.RowAt(part + 1, Parts));
            fixed (int* indices = r.Indices)
            fixed (float* values = r.Values, xs = x.Values, ys = y.Values)
            {
                for (var row = from; row < to; row++)
                {
                    var entries = new SparseRow(indices, values, r.Starts[row], r.Starts[row + 1], r.NonZeros);
                    Sum(entries, xs, x.Width, ys + ((long)row * x.Width));
                }
            }
        });
    }

    /// <summary>The plain form, one column and one entry at a time: <c>Y[u, c] = Σ_i R[u, i] X[i, c]</c>, summed in
    /// double.</summary>
    public static void MultiplyPlain(CsrMatrix r, TallMatrix x, TallMatrix y)
    {
        for (var row = 0; row < r.Rows; row++)
        {
            for (var column = 0; column < x.Width; column++)
            {
                var sum = 0.0;
                for (var p = r.Starts[row]; p < r.Starts[row + 1]; p++)
                {
                    sum += (double)r.Values[p] * x.Row(r.Indices[p])[column];
                }

                y.Row(row)[column] = (float)sum;
            }
        }
    }

    private static void Sum(in SparseRow e, float* x, int width, float* y)
    {
        var column = 0;
        for (; column + (5 * Lanes) <= width; column += 5 * Lanes)
        {
            Panel5(e, x + column, width, y + column);
        }

        for (; column + (4 * Lanes) <= width; column += 4 * Lanes)
        {
            Panel4(e, x + column, width, y + column);
        }

        for (; column + (2 * Lanes) <= width; column += 2 * Lanes)
        {
            var (left, right) = SparseRow.Sum2(e, x + column, width, null);
            left.Store(y + column);
            right.Store(y + column + Lanes);
        }

        for (; column + Lanes <= width; column += Lanes)
        {
            SparseRow.Sum1(e, x + column, width, null).Store(y + column);
        }

        for (; column < width; column++)
        {
            var sum = 0f;
            for (var p = e.Start; p < e.End; p++)
            {
                sum = float.MultiplyAddEstimate(e.Values[p], x[(e.Indices[p] * (long)width) + column], sum);
            }

            y[column] = sum;
        }
    }

    private static void Panel5(in SparseRow e, float* x, long stride, float* y)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default;
        int* indices = e.Indices;
        float* values = e.Values;
        for (long p = e.Start, end = e.End, limit = e.Limit; p < end; p++)
        {
            if (p < limit)
            {
                float* ahead = x + (indices[p + SparseRow.Ahead] * stride);
                Sse.Prefetch0(ahead);
                Sse.Prefetch0(ahead + Lanes);
                Sse.Prefetch0(ahead + (2 * Lanes));
                Sse.Prefetch0(ahead + (3 * Lanes));
                Sse.Prefetch0(ahead + (4 * Lanes));
            }

            float* source = x + (indices[p] * stride);
            var value = Vector512.Create(values[p]);
            s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source), s0);
            s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + Lanes), s1);
            s2 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + (2 * Lanes)), s2);
            s3 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + (3 * Lanes)), s3);
            s4 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + (4 * Lanes)), s4);
        }

        s0.Store(y);
        s1.Store(y + Lanes);
        s2.Store(y + (2 * Lanes));
        s3.Store(y + (3 * Lanes));
        s4.Store(y + (4 * Lanes));
    }

    private static void Panel4(in SparseRow e, float* x, long stride, float* y)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int* indices = e.Indices;
        float* values = e.Values;
        for (long p = e.Start, end = e.End, limit = e.Limit; p < end; p++)
        {
            if (p < limit)
            {
                float* ahead = x + (indices[p + SparseRow.Ahead] * stride);
                Sse.Prefetch0(ahead);
                Sse.Prefetch0(ahead + Lanes);
                Sse.Prefetch0(ahead + (2 * Lanes));
                Sse.Prefetch0(ahead + (3 * Lanes));
            }

            float* source = x + (indices[p] * stride);
            var value = Vector512.Create(values[p]);
            s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source), s0);
            s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + Lanes), s1);
            s2 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + (2 * Lanes)), s2);
            s3 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + (3 * Lanes)), s3);
        }

        s0.Store(y);
        s1.Store(y + Lanes);
        s2.Store(y + (2 * Lanes));
        s3.Store(y + (3 * Lanes));
    }
}
