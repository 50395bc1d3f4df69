using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CouponGrains.Training.Models;

/// <summary>Y = Rᵀ (R X) for a sparse R and a dense X of few columns, row by row of R:
/// <c>s_u = Σ_i R[u, i] X[i]</c> stays in registers, then <c>Y[i] += R[u, i] s_u</c>. So Rᵀ is never built, R X never
/// stored, and the time does not depend on how many users share the entries. The users are split into a number of parts
/// that depends on the shapes alone, each with sums of its own, which are added in a fixed order: the result is the
/// same for any number of threads. The plain form is <see cref="SparseProduct.MultiplyPlain"/> with R and then with
/// Rᵀ.</summary>
/// <param name="r">R, shape (m, n).</param>
public sealed unsafe class GramProduct(CsrMatrix r) : IDisposable
{
    private const int Lanes = 16;                // float in a Vector512
    private const int PartsMax = 16;
    private const long PartialFloats = 1L << 27; // of all the parts together: half a gigabyte
    private const int Slices = 64;

    private LargeBuffer? _buffer; // X, then the sums of each part: all that is read at random

    /// <summary>Y = Rᵀ (R X); the width is a multiple of 16. Shapes: X (n, w), Y (n, w).</summary>
    public void Multiply(TallMatrix x, TallMatrix y, ParallelOptions parallel)
    {
        if (x.Rows != r.Columns || y.Rows != r.Columns || x.Width != y.Width || x.Width % Lanes != 0)
        {
            throw new ArgumentException(
                $"({r.Columns}, {r.Columns}) x ({x.Rows}, {x.Width}) does not give ({y.Rows}, {y.Width}), "
                + $"or the width is no multiple of {Lanes}.", nameof(y));
        }

        var (size, width) = (x.Values.Length, x.Width);
        var parts = (int)Math.Clamp(PartialFloats / size, 1, PartsMax);
        var buffer = Buffer((long)size * (parts + 1));
        x.Values.CopyTo(new Span<float>(buffer.Values, size));
        Parallel.For(0, parts, parallel, part =>
        {
            float* sums = buffer.Values + ((long)size * (part + 1));
            new Span<float>(sums, size).Clear();
            AddRows(buffer.Values, sums, width, part, parts, parallel.CancellationToken);
        });
        Parallel.For(0, Slices, parallel, slice =>
        {
            var from = (int)((long)size * slice / Slices);
            var target = y.Values.AsSpan(from, (int)((long)size * (slice + 1) / Slices) - from);
            target.Clear();
            for (var part = 1; part <= parts; part++)
            {
                var sums = new ReadOnlySpan<float>(buffer.Values + ((long)size * part) + from, target.Length);
                TensorPrimitives.Add(target, sums, target);
            }
        });
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _buffer?.Dispose();

    private LargeBuffer Buffer(long floats)
    {
        if (_buffer is null || _buffer.Length < floats)
        {
            _buffer?.Dispose();
            _buffer = new(floats);
        }

        return _buffer;
    }

    private void AddRows(float* x, float* y, int width, int part, int parts, CancellationToken cancel)
    {
        const int LookEvery = 4_096;
        fixed (int* indices = r.Indices)
        fixed (float* values = r.Values)
        {
            for (int row = r.RowAt(part, parts), end = r.RowAt(part + 1, parts); row < end; row++)
            {
                if (row % LookEvery == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                var entries = new SparseRow(indices, values, r.Starts[row], r.Starts[row + 1], r.NonZeros);
                var column = 0;
                for (; column + (2 * Lanes) <= width; column += 2 * Lanes)
                {
                    Panel2(entries, x + column, width, y + column);
                }

                if (column < width)
                {
                    Panel1(entries, x + column, width, y + column);
                }
            }
        }
    }

    // Two entries at a time go into sums of their own: one sum alone would wait for itself.
    private static void Panel2(in SparseRow e, float* x, long stride, float* y)
    {
        Vector512<float> s0 = default, s1 = default, t0 = default, t1 = default;
        int* indices = e.Indices;
        float* values = e.Values;
        var (p, end, limit) = (e.Start, e.End, e.Limit);
        for (; p + 1 < end; p += 2)
        {
            if (p + 1 < limit)
            {
                var near = indices[p + SparseRow.Ahead] * stride;
                var far = indices[p + 1 + SparseRow.Ahead] * stride;
                Sse.Prefetch0(x + near);
                Sse.Prefetch0(x + near + Lanes);
                Sse.Prefetch0(x + far);
                Sse.Prefetch0(x + far + Lanes);
                Sse.Prefetch0(y + near);
                Sse.Prefetch0(y + near + Lanes);
                Sse.Prefetch0(y + far);
                Sse.Prefetch0(y + far + Lanes);
            }

            float* left = x + (indices[p] * stride), right = x + (indices[p + 1] * stride);
            var (value, other) = (Vector512.Create(values[p]), Vector512.Create(values[p + 1]));
            s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(left), s0);
            s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(left + Lanes), s1);
            t0 = Vector512.MultiplyAddEstimate(other, Vector512.Load(right), t0);
            t1 = Vector512.MultiplyAddEstimate(other, Vector512.Load(right + Lanes), t1);
        }

        if (p < end)
        {
            float* source = x + (indices[p] * stride);
            var value = Vector512.Create(values[p]);
            s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source), s0);
            s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(source + Lanes), s1);
        }

        (s0, s1) = (s0 + t0, s1 + t1);
        for (p = e.Start; p < end; p++)
        {
            float* target = y + (indices[p] * stride);
            var value = Vector512.Create(values[p]);
            Vector512.MultiplyAddEstimate(value, s0, Vector512.Load(target)).Store(target);
            Vector512.MultiplyAddEstimate(value, s1, Vector512.Load(target + Lanes)).Store(target + Lanes);
        }
    }

    private static void Panel1(in SparseRow e, float* x, long stride, float* y)
    {
        Vector512<float> s = default, t = default;
        int* indices = e.Indices;
        float* values = e.Values;
        var (p, end, limit) = (e.Start, e.End, e.Limit);
        for (; p + 1 < end; p += 2)
        {
            if (p + 1 < limit)
            {
                var near = indices[p + SparseRow.Ahead] * stride;
                var far = indices[p + 1 + SparseRow.Ahead] * stride;
                Sse.Prefetch0(x + near);
                Sse.Prefetch0(x + far);
                Sse.Prefetch0(y + near);
                Sse.Prefetch0(y + far);
            }

            float* left = x + (indices[p] * stride), right = x + (indices[p + 1] * stride);
            s = Vector512.MultiplyAddEstimate(Vector512.Create(values[p]), Vector512.Load(left), s);
            t = Vector512.MultiplyAddEstimate(Vector512.Create(values[p + 1]), Vector512.Load(right), t);
        }

        if (p < end)
        {
            s = Vector512.MultiplyAddEstimate(
                Vector512.Create(values[p]), Vector512.Load(x + (indices[p] * stride)), s);
        }

        s += t;
        for (p = e.Start; p < end; p++)
        {
            float* target = y + (indices[p] * stride);
            Vector512.MultiplyAddEstimate(Vector512.Create(values[p]), s, Vector512.Load(target)).Store(target);
        }
    }
}
