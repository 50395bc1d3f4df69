using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

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
    private const int Lanes = SparseRow.Lanes;
    private const int PartsMax = 16;
    private const long PartialFloats = 1L << 27; // of all the parts together: half a gigabyte; adding them must cost less
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
        var parts = (int)Math.Clamp(Math.Min(PartialFloats / size, r.NonZeros / (4L * r.Columns)), 1, PartsMax);
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

    private static void Panel2(in SparseRow e, float* x, long stride, float* y)
    {
        var (left, right) = SparseRow.Sum2(e, x, stride, y);
        int* indices = e.Indices;
        float* values = e.Values;
        for (long p = e.Start, end = e.End; p < end; p++)
        {
            float* target = y + (indices[p] * stride);
            var value = Vector512.Create(values[p]);
            Vector512.MultiplyAddEstimate(value, left, Vector512.Load(target)).Store(target);
            Vector512.MultiplyAddEstimate(value, right, Vector512.Load(target + Lanes)).Store(target + Lanes);
        }
    }

    private static void Panel1(in SparseRow e, float* x, long stride, float* y)
    {
        var sum = SparseRow.Sum1(e, x, stride, y);
        int* indices = e.Indices;
        float* values = e.Values;
        for (long p = e.Start, end = e.End; p < end; p++)
        {
            float* target = y + (indices[p] * stride);
            Vector512.MultiplyAddEstimate(Vector512.Create(values[p]), sum, Vector512.Load(target)).Store(target);
        }
    }
}
