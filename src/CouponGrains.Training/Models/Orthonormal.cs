namespace CouponGrains.Training.Models;

/// <summary>What makes columns orthonormal, by Cholesky of their Gram matrix: <c>YᵀY = L Lᵀ, Q = Y L⁻ᵀ</c>. Done twice
/// it is as exact as a QR (CholeskyQR2, Yamamoto et al. 2015). Columns are scaled to length 1 before; a column that
/// hangs on those before it, as far as float arithmetic can tell, becomes 0.</summary>
public static class Orthonormal
{
    private const double Dependent = 1e-10; // what is left of a unit column's square after the projection

    /// <summary>T with <c>Tᵀ G T = I</c>, upper triangular, shape (w, w): <c>T = D L⁻ᵀ</c> where
    /// <c>D G D = L Lᵀ</c> has a diagonal of ones. Rows and columns of dependent directions are 0, and so are those of
    /// which the square that those before them leave is at most <paramref name="negligible"/>.</summary>
    public static double[,] Whitening(double[,] gram, double negligible = 0)
    {
        var size = gram.GetLength(0);
        var scale = new double[size];
        var largest = Enumerable.Range(0, size).Max(i => gram[i, i]);
        for (var i = 0; i < size; i++)
        {
            scale[i] = gram[i, i] > Math.Max(negligible, largest * 1e-30) ? 1 / Math.Sqrt(gram[i, i]) : 0;
        }

        var lower = Cholesky(gram, scale, negligible);
        var t = new double[size, size];
        for (var column = 0; column < size; column++)
        {
            if (lower[column, column] == 0)
            {
                continue;
            }

            // L⁻¹ row by row is L⁻ᵀ column by column: back substitution of Lᵀ x = e_column.
            t[column, column] = 1 / lower[column, column];
            for (var i = column - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var j = i + 1; j <= column; j++)
                {
                    sum += lower[j, i] * t[j, column];
                }

                t[i, column] = lower[i, i] == 0 ? 0 : -sum / lower[i, i];
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                t[i, j] *= scale[i];
            }
        }

        return t;
    }

    private static double[,] Cholesky(double[,] gram, double[] scale, double negligible)
    {
        var size = scale.Length;
        var lower = new double[size, size];
        for (var j = 0; j < size; j++)
        {
            var pivot = gram[j, j] * scale[j] * scale[j];
            for (var k = 0; k < j; k++)
            {
                pivot -= lower[j, k] * lower[j, k];
            }

            if (pivot <= Dependent || pivot * gram[j, j] <= negligible)
            {
                // Nothing is left of the column: it takes no part in the factor, neither as row nor as column.
                for (var k = 0; k <= j; k++)
                {
                    lower[j, k] = 0;
                }

                continue;
            }

            lower[j, j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < size; i++)
            {
                var sum = gram[i, j] * scale[i] * scale[j];
                for (var k = 0; k < j; k++)
                {
                    sum -= lower[i, k] * lower[j, k];
                }

                lower[i, j] = sum / lower[j, j];
            }
        }

        return lower;
    }
}
