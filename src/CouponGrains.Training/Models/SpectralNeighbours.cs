namespace CouponGrains.Training.Models;

/// <summary>The strongest entries of each row of <c>G = AᵀA</c>, its diagonal left out: each item's neighbours. One row
/// of G at a time, so the memory is that of the result and one row for each thread.</summary>
public static class SpectralNeighbours
{
    /// <summary>Keeps the <paramref name="count"/> largest entries of each row; of equal ones those of lower columns.
    /// Each kept entry is raised to <paramref name="power"/>. The same for any number of threads. Shapes: A (m, n),
    /// result (n, n).</summary>
    public static CsrMatrix Build(CsrMatrix a, int count, double power, ParallelOptions parallel)
    {
        var users = a.Transpose();
        var rows = new (int[] Indices, float[] Values)[a.Columns];
        Parallel.For(0, a.Columns, parallel, () => new Row(a.Columns), (item, _, row) =>
        {
            for (var p = users.Starts[item]; p < users.Starts[item + 1]; p++)
            {
                row.Add(a.RowIndices(users.Indices[p]), a.RowValues(users.Indices[p]), users.Values[p]);
            }

            rows[item] = row.Take(item, count, power);
            return row;
        }, _ => { });
        return Join(rows);
    }

    private static CsrMatrix Join((int[] Indices, float[] Values)[] rows)
    {
        var starts = new long[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            starts[row + 1] = starts[row] + rows[row].Indices.Length;
        }

        var (indices, values) = (new int[starts[^1]], new float[starts[^1]]);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].Indices.CopyTo(indices, starts[row]);
            rows[row].Values.CopyTo(values, starts[row]);
            rows[row] = default;
        }

        return new(starts.Length - 1, starts.Length - 1, starts, indices, values);
    }

    /// <summary>Sums one row of G.</summary>
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

        public (int[] Indices, float[] Values) Take(int self, int count, double power)
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
            var values = kept.ConvertAll(column => power == 1 ? _sums[column] : MathF.Pow(_sums[column], (float)power));
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
