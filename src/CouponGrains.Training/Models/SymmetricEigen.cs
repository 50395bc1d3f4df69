using System.Numerics.Tensors;

namespace CouponGrains.Training.Models;

/// <summary>Eigenvalues and vectors of a small symmetric positive semi-definite matrix, by one-sided Jacobi
/// rotations: with J a product of plane rotations such that the rows of <c>J H</c> are orthogonal, <c>J H² Jᵀ</c> is
/// diagonal, so <c>H = Jᵀ Λ J</c> and λ_i is the length of row i.</summary>
public static class SymmetricEigen
{
    private const int SweepsMax = 40;
    private const double Tolerance = 1e-15;

    /// <summary>Values descending, and vectors as the columns of <c>Vectors</c>. Shapes: H (w, w), (w), (w,
    /// w).</summary>
    public static (double[] Values, double[,] Vectors) Decompose(double[,] h)
    {
        var size = h.GetLength(0);
        var rows = new double[size][];
        var turns = new double[size][];
        for (var i = 0; i < size; i++)
        {
            rows[i] = new double[size];
            turns[i] = new double[size];
            turns[i][i] = 1;
            for (var j = 0; j < size; j++)
            {
                rows[i][j] = (h[i, j] + h[j, i]) / 2;
            }
        }

        for (var sweep = 0; sweep < SweepsMax && Sweep(rows, turns); sweep++)
        {
        }

        var values = Array.ConvertAll(rows, row => TensorPrimitives.Norm<double>(row));
        var order = Enumerable.Range(0, size).OrderByDescending(i => values[i]).ToArray();
        var vectors = new double[size, size];
        for (var column = 0; column < size; column++)
        {
            for (var i = 0; i < size; i++)
            {
                vectors[i, column] = turns[order[column]][i];
            }
        }

        return (Array.ConvertAll(order, i => values[i]), vectors);
    }

    private static bool Sweep(double[][] rows, double[][] turns)
    {
        var squares = Array.ConvertAll(rows, row => TensorPrimitives.SumOfSquares<double>(row));
        var negligible = squares.Max() * 1e-32;
        var turned = false;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = i + 1; j < rows.Length; j++)
            {
                var product = TensorPrimitives.Dot<double>(rows[i], rows[j]);
                if (Math.Abs(product) <= Math.Max(negligible, Tolerance * Math.Sqrt(squares[i] * squares[j])))
                {
                    continue;
                }

                var zeta = (squares[j] - squares[i]) / (2 * product);
                var tangent = Math.CopySign(1, zeta) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Turn(rows[i], rows[j], cosine, cosine * tangent);
                Turn(turns[i], turns[j], cosine, cosine * tangent);
                squares[i] -= tangent * product;
                squares[j] += tangent * product;
                turned = true;
            }
        }

        return turned;
    }

    private static void Turn(double[] x, double[] y, double cosine, double sine)
    {
        var width = System.Numerics.Vector<double>.Count;
        var k = 0;
        for (; k + width <= x.Length; k += width)
        {
            var (a, b) = (new System.Numerics.Vector<double>(x, k), new System.Numerics.Vector<double>(y, k));
            ((a * cosine) - (b * sine)).CopyTo(x, k);
            ((a * sine) + (b * cosine)).CopyTo(y, k);
        }

        for (; k < x.Length; k++)
        {
            (x[k], y[k]) = ((cosine * x[k]) - (sine * y[k]), (sine * x[k]) + (cosine * y[k]));
        }
    }
}
