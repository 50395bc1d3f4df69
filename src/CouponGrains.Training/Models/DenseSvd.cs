namespace CouponGrains.Training.Models;

/// <summary>The whole SVD of a small dense matrix, <c>A = U Σ Vᵀ</c>, in its plainest exact form: one-sided Jacobi
/// (Hestenes 1958), which turns pairs of columns until all are orthogonal. The reference that
/// <see cref="TruncatedSvd"/> is tested against.</summary>
/// <param name="U">Left vectors as columns, shape (m, r) with r = min(m, n).</param>
/// <param name="SingularValues">Descending, shape (r).</param>
/// <param name="V">Right vectors as columns, shape (n, r); the largest component of each is positive.</param>
public sealed record DenseSvd(double[,] U, double[] SingularValues, double[,] V)
{
    private const int SweepsMax = 60;

    /// <summary>Decomposes <paramref name="a"/>, shape (m, n), in O(m n²) for each sweep.</summary>
    public static DenseSvd Decompose(double[,] a)
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        if (m < n)
        {
            var turned = Decompose(Transposed(a));
            return Signed(turned.V, turned.SingularValues, turned.U);
        }

        var u = (double[,])a.Clone();
        var v = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            v[i, i] = 1;
        }

        for (var sweep = 0; sweep < SweepsMax && Sweep(u, v); sweep++)
        {
        }

        return Sorted(u, v);
    }

    private static bool Sweep(double[,] u, double[,] v)
    {
        var turned = false;
        var n = u.GetLength(1);
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                var (ii, jj, ij) = (0.0, 0.0, 0.0);
                for (var row = 0; row < u.GetLength(0); row++)
                {
                    ii += u[row, i] * u[row, i];
                    jj += u[row, j] * u[row, j];
                    ij += u[row, i] * u[row, j];
                }

                if (Math.Abs(ij) <= 1e-15 * Math.Sqrt(ii * jj) || ij == 0)
                {
                    continue;
                }

                var zeta = (jj - ii) / (2 * ij);
                var tangent = Math.CopySign(1, zeta) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Turn(u, i, j, cosine, cosine * tangent);
                Turn(v, i, j, cosine, cosine * tangent);
                turned = true;
            }
        }

        return turned;
    }

    private static void Turn(double[,] x, int i, int j, double cosine, double sine)
    {
        for (var row = 0; row < x.GetLength(0); row++)
        {
            var (a, b) = (x[row, i], x[row, j]);
            (x[row, i], x[row, j]) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
        }
    }

    private static DenseSvd Sorted(double[,] u, double[,] v)
    {
        var n = u.GetLength(1);
        var lengths = new double[n];
        for (var column = 0; column < n; column++)
        {
            lengths[column] = Math.Sqrt(Enumerable.Range(0, u.GetLength(0))
                .Sum(row => u[row, column] * u[row, column]));
        }

        var order = Enumerable.Range(0, n).OrderByDescending(column => lengths[column]).ToArray();
        var (left, right) = (new double[u.GetLength(0), n], new double[n, n]);
        for (var column = 0; column < n; column++)
        {
            var from = order[column];
            for (var row = 0; row < u.GetLength(0); row++)
            {
                left[row, column] = lengths[from] > 0 ? u[row, from] / lengths[from] : 0;
            }

            for (var row = 0; row < n; row++)
            {
                right[row, column] = v[row, from];
            }
        }

        return Signed(left, Array.ConvertAll(order, column => lengths[column]), right);
    }

    private static DenseSvd Signed(double[,] u, double[] values, double[,] v)
    {
        for (var column = 0; column < values.Length; column++)
        {
            var largest = Enumerable.Range(0, v.GetLength(0)).MaxBy(row => Math.Abs(v[row, column]));
            if (v[largest, column] < 0)
            {
                Turn(u, column, -1);
                Turn(v, column, -1);
            }
        }

        return new(u, values, v);
    }

    private static void Turn(double[,] x, int column, double factor)
    {
        for (var row = 0; row < x.GetLength(0); row++)
        {
            x[row, column] *= factor;
        }
    }

    private static double[,] Transposed(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (var row = 0; row < a.GetLength(0); row++)
        {
            for (var column = 0; column < a.GetLength(1); column++)
            {
                t[column, row] = a[row, column];
            }
        }

        return t;
    }
}
