using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace CouponGrains.Domain.Models.Response;

/// <summary>y = W x + b for a few rows x at once. W is kept by inputs, with its outputs filled up to whole vectors, so
/// that a vector of outputs is summed in a register and nothing is added across lanes.</summary>
internal sealed unsafe class PackedLayer
{
    /// <summary>The numbers of a vector.</summary>
    internal const int Lanes = 16;

    private const int RowsAtOnce = 8;

    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <summary>A layer without weights yet, and with a bias of 0.</summary>
    internal PackedLayer(int outputs, int inputs)
    {
        (Inputs, Width) = (inputs, Padded(outputs));
        _weights = new float[Inputs * Width];
        _bias = new float[Width];
    }

    /// <summary>How many numbers x has.</summary>
    internal int Inputs { get; }

    /// <summary>How many numbers y has, those filled up included.</summary>
    internal int Width { get; }

    /// <summary>A number of outputs filled up to whole vectors.</summary>
    internal static int Padded(int outputs) => (outputs + Lanes - 1) / Lanes * Lanes;

    /// <summary>The same layer with weights, row-major as output × input, in place of those from some output and some
    /// input on.</summary>
    internal PackedLayer Put(ReadOnlySpan<float> weights, int inputs, int atOutput = 0, int atInput = 0)
    {
        for (var place = 0; place < weights.Length; place++)
        {
            _weights[((atInput + (place % inputs)) * Width) + atOutput + (place / inputs)] = weights[place];
        }

        return this;
    }

    /// <summary>The same layer with a bias in place of that from some output on.</summary>
    internal PackedLayer PutBias(ReadOnlySpan<float> bias, int atOutput = 0)
    {
        bias.CopyTo(_bias.AsSpan(atOutput));
        return this;
    }

    /// <summary>y = W x + b for one row. Shapes: x (inputs), y (width).</summary>
    internal void Apply(ReadOnlySpan<float> x, Span<float> y)
    {
        _bias.CopyTo(y);
        Add(x, Inputs, 1, y, Width);
    }

    /// <summary>The bias into every row of y.</summary>
    internal void Begin(int rows, Span<float> y)
    {
        for (var row = 0; row < rows; row++)
        {
            _bias.CopyTo(y.Slice(row * Width, Width));
        }
    }

    /// <summary>y += W x, row by row; then negative values become 0 in the first outputs.</summary>
    /// <param name="x">The rows, shape (rows, xStride), of which the first numbers are taken.</param>
    /// <param name="xStride">The distance of two of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="y">The sums, shape (rows, yStride).</param>
    /// <param name="yStride">The distance of two of them.</param>
    /// <param name="rectified">In how many outputs, in whole vectors, negative values become 0.</param>
    internal void Add(ReadOnlySpan<float> x, int xStride, int rows, Span<float> y, int yStride, int rectified = 0)
    {
        var last = Math.Max(0, rows - 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, rows == 0 ? 0 : (last * xStride) + Inputs, nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, rows == 0 ? 0 : (last * yStride) + Width, nameof(y));
        fixed (float* xs = x, ys = y, weights = _weights)
        {
            // The bounds were checked; pointers need not be checked for wrapping round as well.
            unchecked
            {
                var row = 0;
                for (; row + RowsAtOnce <= rows; row += RowsAtOnce)
                {
                    float* xRow = xs + (row * xStride), yRow = ys + (row * yStride);
                    for (var at = 0; at < Width; at += Lanes)
                    {
                        Rows8(weights + at, xRow, xStride, yRow + at, yStride, at < rectified);
                    }
                }

                for (; row < rows; row++)
                {
                    One(weights, xs + (row * xStride), ys + (row * yStride), rectified);
                }
            }
        }
    }

    /// <summary>One vector of outputs of eight rows.</summary>
    private void Rows8(float* w, float* x, nint xStride, float* y, nint yStride, bool rectified)
    {
        unchecked
        {
            Vector512<float> s0 = Vector512.Load(y), s1 = Vector512.Load(y + yStride);
            Vector512<float> s2 = Vector512.Load(y + (2 * yStride)), s3 = Vector512.Load(y + (3 * yStride));
            Vector512<float> s4 = Vector512.Load(y + (4 * yStride)), s5 = Vector512.Load(y + (5 * yStride));
            Vector512<float> s6 = Vector512.Load(y + (6 * yStride)), s7 = Vector512.Load(y + (7 * yStride));
            nint width = Width;
            float* x4 = x + (4 * xStride);
            for (var end = x + Inputs; x < end; x++, x4++, w += width)
            {
                var weight = Vector512.Load(w);
                s0 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x[0]), s0);
                s1 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x[xStride]), s1);
                s2 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x[2 * xStride]), s2);
                s3 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x[3 * xStride]), s3);
                s4 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x4[0]), s4);
                s5 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x4[xStride]), s5);
                s6 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x4[2 * xStride]), s6);
                s7 = Vector512.MultiplyAddEstimate(weight, Vector512.Create(x4[3 * xStride]), s7);
            }

            var floor = Vector512.Create(rectified ? 0 : float.NegativeInfinity);
            Vector512.MaxNative(s0, floor).Store(y);
            Vector512.MaxNative(s1, floor).Store(y + yStride);
            Vector512.MaxNative(s2, floor).Store(y + (2 * yStride));
            Vector512.MaxNative(s3, floor).Store(y + (3 * yStride));
            Vector512.MaxNative(s4, floor).Store(y + (4 * yStride));
            Vector512.MaxNative(s5, floor).Store(y + (5 * yStride));
            Vector512.MaxNative(s6, floor).Store(y + (6 * yStride));
            Vector512.MaxNative(s7, floor).Store(y + (7 * yStride));
        }
    }

    /// <summary>All outputs of one row, four vectors at once.</summary>
    private void One(float* weights, float* x, float* y, int rectified)
    {
        unchecked
        {
            nint width = Width;
            var at = 0;
            for (; at + (4 * Lanes) <= Width; at += 4 * Lanes)
            {
                Vector512<float> s0 = Vector512.Load(y + at), s1 = Vector512.Load(y + at + Lanes);
                Vector512<float> s2 = Vector512.Load(y + at + (2 * Lanes)), s3 = Vector512.Load(y + at + (3 * Lanes));
                float* w = weights + at;
                for (var input = 0; input < Inputs; input++, w += width)
                {
                    var value = Vector512.Create(x[input]);
                    s0 = Vector512.MultiplyAddEstimate(Vector512.Load(w), value, s0);
                    s1 = Vector512.MultiplyAddEstimate(Vector512.Load(w + Lanes), value, s1);
                    s2 = Vector512.MultiplyAddEstimate(Vector512.Load(w + (2 * Lanes)), value, s2);
                    s3 = Vector512.MultiplyAddEstimate(Vector512.Load(w + (3 * Lanes)), value, s3);
                }

                s0.Store(y + at);
                s1.Store(y + at + Lanes);
                s2.Store(y + at + (2 * Lanes));
                s3.Store(y + at + (3 * Lanes));
            }

            for (; at < Width; at += Lanes)
            {
                var sum = Vector512.Load(y + at);
                float* w = weights + at;
                for (var input = 0; input < Inputs; input++, w += width)
                {
                    sum = Vector512.MultiplyAddEstimate(Vector512.Load(w), Vector512.Create(x[input]), sum);
                }

                sum.Store(y + at);
            }

            var first = new Span<float>(y, rectified);
            TensorPrimitives.Max(first, 0, first);
        }
    }
}
