using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CouponGrains.Training.Models;

/// <summary>The entries of one row of a sparse matrix, as the kernels read them.</summary>
/// <param name="indices">The columns of all the matrix's entries.</param>
/// <param name="values">Their values.</param>
/// <param name="start">The row's first entry.</param>
/// <param name="end">Behind its last entry.</param>
/// <param name="all">The entries of the whole matrix.</param>
internal readonly unsafe struct SparseRow(int* indices, float* values, long start, long end, long all)
{
    /// <summary>float in a Vector512.</summary>
    public const int Lanes = 16;

    /// <summary>Entries between the prefetch of what belongs to an entry and its use.</summary>
    public const int Ahead = 12;

    public readonly int* Indices = indices;
    public readonly float* Values = values;
    public readonly long Start = start;
    public readonly long End = end;

    /// <summary>Entries below this one have another <see cref="Ahead"/> of them; 0 where nothing can be
    /// prefetched.</summary>
    public readonly long Limit = Sse.IsSupported ? all - Ahead : 0;

    /// <summary>The row times 16 columns of X. Two entries at a time go into sums of their own: one sum alone would
    /// wait for itself. What is at the same places in <paramref name="next"/>, if it is given, is prefetched
    /// too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sum1(in SparseRow e, float* x, long stride, float* next)
    {
        Vector512<float> s = default, t = default;
        int* indices = e.Indices;
        float* values = e.Values;
        var (p, end, limit) = (e.Start, e.End, e.Limit);
        for (; p + 1 < end; p += 2)
        {
            if (p + 1 < limit)
            {
                var (near, far) = (indices[p + Ahead] * stride, indices[p + 1 + Ahead] * stride);
                Sse.Prefetch0(x + near);
                Sse.Prefetch0(x + far);
                if (next != null)
                {
                    Sse.Prefetch0(next + near);
                    Sse.Prefetch0(next + far);
                }
            }

            float* left = x + (indices[p] * stride), right = x + (indices[p + 1] * stride);
            s = Vector512.MultiplyAddEstimate(Vector512.Create(values[p]), Vector512.Load(left), s);
            t = Vector512.MultiplyAddEstimate(Vector512.Create(values[p + 1]), Vector512.Load(right), t);
        }

        if (p < end)
        {
            float* source = x + (indices[p] * stride);
            s = Vector512.MultiplyAddEstimate(Vector512.Create(values[p]), Vector512.Load(source), s);
        }

        return s + t;
    }

    /// <summary><see cref="Sum1"/> for 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Left, Vector512<float> Right) Sum2(
        in SparseRow e, float* x, long stride, float* next)
    {
        Vector512<float> s0 = default, s1 = default, t0 = default, t1 = default;
        int* indices = e.Indices;
        float* values = e.Values;
        var (p, end, limit) = (e.Start, e.End, e.Limit);
        for (; p + 1 < end; p += 2)
        {
            if (p + 1 < limit)
            {
                var (near, far) = (indices[p + Ahead] * stride, indices[p + 1 + Ahead] * stride);
                Sse.Prefetch0(x + near);
                Sse.Prefetch0(x + near + Lanes);
                Sse.Prefetch0(x + far);
                Sse.Prefetch0(x + far + Lanes);
                if (next != null)
                {
                    Sse.Prefetch0(next + near);
                    Sse.Prefetch0(next + near + Lanes);
                    Sse.Prefetch0(next + far);
                    Sse.Prefetch0(next + far + Lanes);
                }
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

        return (s0 + t0, s1 + t1);
    }
}
