using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CouponGrains.Training.Models;

/// <summary>Y = A X for a sparse A and a dense X of few columns. A row of Y is summed in registers (panels of 80, 64,
/// 32 and 16 columns, then single ones) and written once. Each row is the work of one thread in one order, so the
/// result is the same for any number of threads.</summary>
public static unsafe class SparseProduct
{
    private const int Lanes = 16; // float in a Vector512
    private const int Ahead = 8;  // entries between the prefetch of a row of X and its use
    private const int Parts = 64;

    /// <summary>Y = A X. Shapes: A (m, n), X (n, w), Y (m, w).</summary>
    public static void Multiply(CsrMatrix a, TallMatrix x, TallMatrix y, ParallelOptions parallel)
    {
        if (x.Rows != a.Columns || y.Rows != a.Rows || x.Width != y.Width)
        {
            throw new ArgumentException(
                $"({a.Rows}, {a.Columns}) x ({x.Rows}, {x.Width}) does not give ({y.Rows}, {y.Width}).", nameof(y));
        }

        Parallel.For(0, Parts, parallel, part =>
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            MultiplyRows(a, x, y, FirstRow(a, part), FirstRow(a, part + 1));
        });
    }

    /// <summary>The plain form, one column and one entry at a time: <c>Y[r, c] = Σ_p A[r, p] X[p, c]</c>, summed in
    /// double.</summary>
    public static void MultiplyPlain(CsrMatrix a, TallMatrix x, TallMatrix y)
    {
        for (var row = 0; row < a.Rows; row++)
        {
            for (var column = 0; column < x.Width; column++)
            {
                var sum = 0.0;
                for (var p = a.Starts[row]; p < a.Starts[row + 1]; p++)
                {
                    sum += (double)a.Values[p] * x.Row(a.Indices[p])[column];
                }

                y.Row(row)[column] = (float)sum;
            }
        }
    }

    // Parts hold about equally many entries (and, for empty rows, rows).
    private static int FirstRow(CsrMatrix a, int part)
    {
        if (part == Parts)
        {
            return a.Rows;
        }

        var target = (a.NonZeros + a.Rows) * part / Parts;
        var (low, high) = (0, a.Rows);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = a.Starts[middle] + middle < target ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static void MultiplyRows(CsrMatrix a, TallMatrix x, TallMatrix y, int from, int to)
    {
        var width = x.Width;
        fixed (int* indices = a.Indices)
        fixed (float* values = a.Values, xs = x.Values, ys = y.Values)
        {
            for (var row = from; row < to; row++)
            {
                var span = new Entries(indices, values, a.Starts[row], a.Starts[row + 1], a.NonZeros);
                var target = ys + ((long)row * width);
                var column = 0;
                for (; column + (5 * Lanes) <= width; column += 5 * Lanes)
                {
                    Panel5(span, xs + column, width, target + column);
                }

                for (; column + (4 * Lanes) <= width; column += 4 * Lanes)
                {
                    Panel4(span, xs + column, width, target + column);
                }

                for (; column + (2 * Lanes) <= width; column += 2 * Lanes)
                {
                    Panel2(span, xs + column, width, target + column);
                }

                for (; column + Lanes <= width; column += Lanes)
                {
                    Panel1(span, xs + column, width, target + column);
                }

                for (; column < width; column++)
                {
                    Single(span, xs + column, width, target + column);
                }
            }
        }
    }

    private static void Panel5(Entries e, float* x, long stride, float* y)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default;
        for (var p = e.Start; p < e.End; p++)
        {
            e.Prefetch(p, x, stride, 5);
            var source = x + (e.Indices[p] * stride);
            var value = Vector512.Create(e.Values[p]);
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

    private static void Panel4(Entries e, float* x, long stride, float* y)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var p = e.Start; p < e.End; p++)
        {
            e.Prefetch(p, x, stride, 4);
            var source = x + (e.Indices[p] * stride);
            var value = Vector512.Create(e.Values[p]);
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

    private static void Panel2(Entries e, float* x, long stride, float* y)
    {
        Vector512<float> s0 = default, s1 = default;
        for (var p = e.Start; p < e.End; p++)
        {
            e.Prefetch(p, x, stride, 2);
            var source = x + (e.Indices[p] * stride);
            var value = Vector512.Create(e.Values[p]);
            s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source), s0);
            s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + Lanes), s1);
        }

        s0.Store(y);
        s1.Store(y + Lanes);
    }

    private static void Panel1(Entries e, float* x, long stride, float* y)
    {
        Vector512<float> sum = default;
        for (var p = e.Start; p < e.End; p++)
        {
            e.Prefetch(p, x, stride, 1);
            var source = x + (e.Indices[p] * stride);
            sum = Vector512.MultiplyAddEstimate(Vector512.Create(e.Values[p]), Vector512.Load(source), sum);
        }

        sum.Store(y);
    }

    private static void Single(Entries e, float* x, long stride, float* y)
    {
        var sum = 0f;
        for (var p = e.Start; p < e.End; p++)
        {
            sum = float.MultiplyAddEstimate(e.Values[p], x[e.Indices[p] * stride], sum);
        }

        *y = sum;
    }

    private readonly struct Entries(int* indices, float* values, long start, long end, long last)
    {
        public readonly int* Indices = indices;
        public readonly float* Values = values;
        public readonly long Start = start;
        public readonly long End = end;

        private readonly long _last = last;

        public void Prefetch(long p, float* x, long stride, int lines)
        {
            if (Sse.IsSupported && p + Ahead < _last)
            {
                var row = x + (Indices[p + Ahead] * stride);
                for (var line = 0; line < lines; line++)
                {
                    Sse.Prefetch0(row + (line * Lanes));
                }
            }
        }
    }
}
