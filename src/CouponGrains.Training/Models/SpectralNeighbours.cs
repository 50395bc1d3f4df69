using System.Numerics.Tensors;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>N of <see cref="SpectralOptions"/>: the strongest entries of each row of <c>P = AᵀA</c>, and what becomes
/// of them. One row of P at a time, so the memory is that of the result and one row for each thread.</summary>
public static class SpectralNeighbours
{
    /// <summary>Keeps the <paramref name="count"/> largest entries of each row, its diagonal left out; of equal ones
    /// those of lower columns. The same for any number of threads. Shapes: A (m, n), result (n, n).</summary>
    public static ItemNeighbours Strongest(CsrMatrix a, int count, ParallelOptions parallel)
    {
        var users = a.Transpose();
        var lists = new (int[] Indices, float[] Values)[a.Columns];
        Parallel.For(0, a.Columns, parallel, () => new Row(a.Columns), (item, _, row) =>
        {
            for (var p = users.Starts[item]; p < users.Starts[item + 1]; p++)
            {
                row.Add(a.RowIndices(users.Indices[p]), a.RowValues(users.Indices[p]), users.Values[p]);
            }

            lists[item] = row.Take(item, count);
            return row;
        }, _ => { });
        return Join(lists);
    }

    /// <summary>Sharpens the entries that were kept, raises them to the power, and puts the repeats on the diagonal;
    /// null if nothing is left.</summary>
    internal static ItemNeighbours? Shape(
        ItemNeighbours? kept, SpectralBasis basis, SpectralOptions options, ParallelOptions parallel)
    {
        if (kept is null && options.RepeatWeight == 0)
        {
            return null;
        }

        var users = basis.Normalised.Transpose();
        var damping = Damping(basis, options);
        var lists = new (int[] Indices, float[] Values)[users.Rows];
        Parallel.For(0, lists.Length, parallel, item =>
        {
            int[] indices = kept is null ? [] : [.. kept.ItemsOf(item)];
            float[] values = kept is null ? [] : [.. kept.WeightsOf(item)];
            Sharpen(basis, damping, item, indices, values);
            Raise(values, options.NeighbourPower);
            var repeats = options.RepeatWeight * TensorPrimitives.SumOfSquares(users.RowValues(item));
            lists[item] = repeats > 0 ? Insert(indices, values, item, (float)repeats) : (indices, values);
        });
        return Join(lists);
    }

    // The lists of items 0, 1, 2, …; takes them out of their array on the way.
    private static ItemNeighbours Join((int[] Indices, float[] Values)[] lists)
    {
        var starts = new long[lists.Length + 1];
        for (var item = 0; item < lists.Length; item++)
        {
            starts[item + 1] = starts[item] + lists[item].Indices.Length;
        }

        var (indices, values) = (new int[starts[^1]], new float[starts[^1]]);
        for (var item = 0; item < lists.Length; item++)
        {
            lists[item].Indices.CopyTo(indices, starts[item]);
            lists[item].Values.CopyTo(values, starts[item]);
            lists[item] = default;
        }

        return new(starts, indices, values);
    }

    // τ σ_k⁴ / σ₁², shape (k); empty without sharpening.
    private static float[] Damping(SpectralBasis basis, SpectralOptions options)
    {
        if (options.Sharpening == 0 || basis.Factors is not { } factors || factors.SingularValues[0] == 0)
        {
            return [];
        }

        var first = (double)factors.SingularValues[0] * factors.SingularValues[0];
        return [.. factors.SingularValues.Take(options.Rank)
            .Select(sigma => (float)(options.Sharpening * Math.Pow(sigma, 4) / first))];
    }

    private static void Sharpen(SpectralBasis basis, float[] damping, int item, int[] indices, float[] values)
    {
        if (damping.Length == 0)
        {
            return;
        }

        var factors = basis.Factors!;
        var damped = new float[damping.Length];
        TensorPrimitives.Multiply(factors.V.AsSpan(item * factors.Rank, damping.Length), damping, damped);
        for (var p = 0; p < indices.Length; p++)
        {
            values[p] -= TensorPrimitives.Dot(damped, factors.V.AsSpan(indices[p] * factors.Rank, damping.Length));
        }
    }

    private static void Raise(float[] values, double power)
    {
        for (var p = 0; p < values.Length && power != 1; p++)
        {
            values[p] = MathF.CopySign(MathF.Pow(MathF.Abs(values[p]), (float)power), values[p]);
        }
    }

    private static (int[] Indices, float[] Values) Insert(int[] indices, float[] values, int item, float value)
    {
        var place = ~Array.BinarySearch(indices, item);
        return ([.. indices[..place], item, .. indices[place..]], [.. values[..place], value, .. values[place..]]);
    }

    /// <summary>Sums one row of P.</summary>
    private sealed class Row(int columns)
    {
        private readonly float[] _sums = new float[columns];
        private readonly int[] _touched = new int[columns];
        private readonly float[] _order = new float[columns];
        private int _count;

        public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, float weight)
        {
            for (var p = 0; p < indices.Length; p++)
            {
                ref var sum = ref _sums[indices[p]];
                if (sum == 0)
                {
                    _touched[_count++] = indices[p];
                }

                // Never 0 once touched, so that no column is listed twice.
                sum += Math.Max(weight * values[p], float.Epsilon);
            }
        }

        public (int[] Indices, float[] Values) Take(int self, int count)
        {
            var least = Threshold(self, count);
            var kept = new List<int>(Math.Min(count, _count));
            var equal = new List<int>();
            foreach (var column in _touched.AsSpan(0, _count))
            {
                if (column != self && _sums[column] >= least)
                {
                    (_sums[column] > least ? kept : equal).Add(column);
                }
            }

            equal.Sort();
            kept.AddRange(equal.Take(count - kept.Count));
            kept.Sort();
            var values = kept.ConvertAll(column => _sums[column]);
            foreach (var column in _touched.AsSpan(0, _count))
            {
                _sums[column] = 0;
            }

            _count = 0;
            return ([.. kept], [.. values]);
        }

        // The smallest value among the largest ones that are kept.
        private float Threshold(int self, int count)
        {
            var size = 0;
            foreach (var column in _touched.AsSpan(0, _count))
            {
                if (column != self)
                {
                    _order[size++] = _sums[column];
                }
            }

            return size <= count ? 0 : count == 0 ? float.PositiveInfinity : Largest(_order.AsSpan(0, size), count);
        }

        // The value at place count of a descending order, by Hoare's selection.
        private static float Largest(Span<float> values, int count)
        {
            var (low, high, place) = (0, values.Length - 1, count - 1);
            while (low < high)
            {
                var (pivot, i, j) = (values[(low + high) / 2], low, high);
                while (i <= j)
                {
                    while (values[i] > pivot)
                    {
                        i++;
                    }

                    while (values[j] < pivot)
                    {
                        j--;
                    }

                    if (i <= j)
                    {
                        (values[i], values[j]) = (values[j], values[i]);
                        i++;
                        j--;
                    }
                }

                if (place <= j)
                {
                    high = j;
                }
                else if (place >= i)
                {
                    low = i;
                }
                else
                {
                    break;
                }
            }

            return values[place];
        }
    }
}
