using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>Takes entries out of a matrix, so that options can be chosen without the test part.</summary>
internal static class HeldOut
{
    /// <summary>Takes out of each row the places that <paramref name="choose"/> names (ascending; it is given the row
    /// and the number of its entries). Answers what is kept and the columns held out of each row.</summary>
    public static (CsrMatrix Kept, int[][] Held) Split(CsrMatrix r, Func<int, int, int[]> choose)
    {
        var (starts, indices, values) = (new long[r.Rows + 1], new List<int>(), new List<float>());
        var held = new int[r.Rows][];
        for (var row = 0; row < r.Rows; row++)
        {
            var columns = r.RowIndices(row);
            var weights = r.RowValues(row);
            var chosen = choose(row, columns.Length);
            held[row] = new int[chosen.Length];
            for (var (p, next) = (0, 0); p < columns.Length; p++)
            {
                if (next < chosen.Length && chosen[next] == p)
                {
                    held[row][next++] = columns[p];
                    continue;
                }

                indices.Add(columns[p]);
                values.Add(weights[p]);
            }

            starts[row + 1] = indices.Count;
        }

        return (new(r.Rows, r.Columns, starts, [.. indices], [.. values]), held);
    }

    /// <summary>At most <paramref name="count"/> of the rows that have something held out, ascending.</summary>
    public static int[] Sample(int[][] held, int count, Random random)
    {
        var rows = Enumerable.Range(0, held.Length).Where(row => held[row].Length > 0).ToArray();
        random.Shuffle(rows);
        return [.. rows.Take(count).Order()];
    }
}
