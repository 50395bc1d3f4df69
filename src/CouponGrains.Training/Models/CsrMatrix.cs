using CouponGrains.Domain;

namespace CouponGrains.Training.Models;

/// <summary>A sparse matrix in compressed rows, immutable. Columns ascend inside a row and do not repeat; values are
/// finite and not negative.</summary>
public sealed class CsrMatrix
{
    private CsrMatrix? _transpose;

    /// <summary>Takes ownership of the arrays. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.InvalidValue"/>, naming the row, where a column or a value is not as above.</summary>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <param name="starts">Where each row begins in the other two, and the end: m + 1 numbers.</param>
    /// <param name="indices">The column of each entry.</param>
    /// <param name="values">The value of each entry.</param>
    public CsrMatrix(int rows, int columns, long[] starts, int[] indices, float[] values)
        : this(rows, columns, starts, indices, values, null)
    {
        if (rows < 0 || columns < 0 || starts.Length != rows + 1 || starts[0] != 0 || starts[rows] != indices.LongLength
            || indices.Length != values.Length)
        {
            throw new ArgumentException($"The arrays do not make a matrix of {rows} rows.", nameof(starts));
        }

        for (var row = 0; row < rows; row++)
        {
            if (starts[row + 1] < starts[row] || starts[row + 1] > indices.LongLength)
            {
                throw new ArgumentException($"Row {row} ends before it begins, or behind the entries.", nameof(starts));
            }

            CheckRow(row);
        }
    }

    private CsrMatrix(int rows, int columns, long[] starts, int[] indices, float[] values, CsrMatrix? transpose)
    {
        (Rows, Columns, Starts, Indices, Values, _transpose) = (rows, columns, starts, indices, values, transpose);
    }

    /// <summary>m.</summary>
    public int Rows { get; }

    /// <summary>n.</summary>
    public int Columns { get; }

    /// <summary>The entries.</summary>
    public long NonZeros => Indices.LongLength;

    /// <summary>Where each row begins, shape (m + 1).</summary>
    public long[] Starts { get; }

    /// <summary>The column of each entry.</summary>
    public int[] Indices { get; }

    /// <summary>The value of each entry.</summary>
    public float[] Values { get; }

    /// <summary>The columns of one row.</summary>
    public ReadOnlySpan<int> RowIndices(int row) =>
        Indices.AsSpan((int)Starts[row], (int)(Starts[row + 1] - Starts[row]));

    /// <summary>The values of one row.</summary>
    public ReadOnlySpan<float> RowValues(int row) =>
        Values.AsSpan((int)Starts[row], (int)(Starts[row + 1] - Starts[row]));

    /// <summary>The first row of one of <paramref name="parts"/> parts with about equally many entries (and, for empty
    /// rows, rows).</summary>
    internal int RowAt(int part, int parts)
    {
        if (part == parts)
        {
            return Rows;
        }

        var target = (NonZeros + Rows) * part / parts;
        var (low, high) = (0, Rows);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Starts[middle] + middle < target ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The transpose, made once and kept: the users of each item.</summary>
    public CsrMatrix Transpose() => _transpose ??= BuildTranspose();

    /// <summary>The entries as rows of a dense matrix, for reference forms and small examples.</summary>
    public double[,] ToDense()
    {
        var dense = new double[Rows, Columns];
        for (var row = 0; row < Rows; row++)
        {
            var indices = RowIndices(row);
            var values = RowValues(row);
            for (var p = 0; p < indices.Length; p++)
            {
                dense[row, indices[p]] = values[p];
            }
        }

        return dense;
    }

    /// <summary>The entries of a dense matrix that are not 0.</summary>
    public static CsrMatrix FromDense(float[,] dense)
    {
        var (rows, columns) = (dense.GetLength(0), dense.GetLength(1));
        var starts = new long[rows + 1];
        var indices = new List<int>();
        var values = new List<float>();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (dense[row, column] != 0)
                {
                    indices.Add(column);
                    values.Add(dense[row, column]);
                }
            }

            starts[row + 1] = indices.Count;
        }

        return new(rows, columns, starts, [.. indices], [.. values]);
    }

    private CsrMatrix BuildTranspose()
    {
        var starts = new long[Columns + 1];
        foreach (var column in Indices)
        {
            starts[column + 1]++;
        }

        for (var column = 0; column < Columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        var next = starts.AsSpan(0, Columns).ToArray();
        var indices = new int[Indices.Length];
        var values = new float[Values.Length];
        for (var row = 0; row < Rows; row++)
        {
            for (var p = Starts[row]; p < Starts[row + 1]; p++)
            {
                var place = next[Indices[p]]++;
                indices[place] = row;
                values[place] = Values[p];
            }
        }

        return new(Columns, Rows, starts, indices, values, this);
    }

    private void CheckRow(int row)
    {
        var before = -1;
        for (var p = Starts[row]; p < Starts[row + 1]; p++)
        {
            if (Indices[p] <= before || Indices[p] >= Columns)
            {
                throw new RefusedException(RefusalCodes.InvalidValue,
                    $"Row {row} of the matrix names column {Indices[p]}: columns must ascend and be below {Columns}.");
            }

            if (!float.IsFinite(Values[p]) || Values[p] < 0)
            {
                throw new RefusedException(RefusalCodes.InvalidValue,
                    $"Row {row}, column {Indices[p]} is {Values[p]}: entries must be finite and not negative.");
            }

            before = Indices[p];
        }
    }
}
