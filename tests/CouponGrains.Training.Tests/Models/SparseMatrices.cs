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
}
