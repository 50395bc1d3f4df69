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
    /// <summary>Entries between the prefetch of what belongs to an entry and its use.</summary>
    public const int Ahead = 12;

    public readonly int* Indices = indices;
    public readonly float* Values = values;
    public readonly long Start = start;
    public readonly long End = end;

    /// <summary>Entries below this one have another <see cref="Ahead"/> of them; 0 where nothing can be
    /// prefetched.</summary>
    public readonly long Limit = Sse.IsSupported ? all - Ahead : 0;
}
