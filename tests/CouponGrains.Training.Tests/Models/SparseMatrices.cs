using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

internal static class SparseMatrices
{
    public static ParallelOptions Threads(int count) => new() { MaxDegreeOfParallelism = count };

    /// <summary>Entries where a coin of the given share falls, with a low-rank part so that there is a
    /// spectrum.</summary>
    public static CsrMatrix Random(int rows, int columns, double share, int seed)
    {
        var random = new Random(seed);
        var dense = new float[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var taste = row % 4 == column % 4 ? 2.0 : 0.5;
                dense[row, column] = random.NextDouble() < share * taste ? (float)(0.1 + random.NextDouble()) : 0;
            }
        }

        return CsrMatrix.FromDense(dense);
    }

    public static TallMatrix Dense(int rows, int width, int seed)
    {
        var random = new Random(seed);
        var block = new TallMatrix(rows, width);
        for (var i = 0; i < block.Values.Length; i++)
        {
            block.Values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return block;
    }

    /// <summary>Users of 12 groups, each of which likes one part of the items, the first groups more strongly: singular
    /// values that are well apart, and a tail of noise.</summary>
    public static CsrMatrix Grouped(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var dense = new float[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var group = row % 12;
                var share = column % 12 == group ? 0.4 / (1 + (0.2 * group)) : 0.01;
                dense[row, column] = random.NextDouble() < share ? (float)(0.5 + random.NextDouble()) : 0;
            }
        }

        return CsrMatrix.FromDense(dense);
    }

    /// <summary>The same matrix with a share of new entries anywhere.</summary>
    public static CsrMatrix WithMore(CsrMatrix r, double share, int seed)
    {
        var random = new Random(seed);
        var dense = new float[r.Rows, r.Columns];
        for (var row = 0; row < r.Rows; row++)
        {
            for (var p = r.Starts[row]; p < r.Starts[row + 1]; p++)
            {
                dense[row, r.Indices[p]] = r.Values[p];
            }
        }

        for (var added = 0; added < share * r.NonZeros; added++)
        {
            dense[random.Next(r.Rows), random.Next(r.Columns)] += (float)random.NextDouble();
        }

        return CsrMatrix.FromDense(dense);
    }
}
