namespace CouponGrains.Training.Models;

/// <summary>A dense matrix with many rows and few columns, row by row.</summary>
/// <param name="rows">Its rows.</param>
/// <param name="width">Its columns; a multiple of 16 keeps the kernels on their fast path.</param>
public sealed class TallMatrix(int rows, int width)
{
    /// <summary>Its rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Its columns.</summary>
    public int Width { get; } = width;

    /// <summary>The values, shape (rows, width).</summary>
    public float[] Values { get; } = GC.AllocateUninitializedArray<float>(checked(rows * width));

    /// <summary>One row.</summary>
    public Span<float> Row(int row) => Values.AsSpan(row * Width, Width);

    /// <summary>The first <paramref name="columns"/> columns, shape (rows, columns).</summary>
    public float[] Left(int columns)
    {
        if (columns == Width)
        {
            return Values;
        }

        var left = new float[Rows * columns];
        for (var row = 0; row < Rows; row++)
        {
            Row(row)[..columns].CopyTo(left.AsSpan(row * columns));
        }

        return left;
    }
}
