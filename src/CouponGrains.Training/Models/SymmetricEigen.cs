using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace CouponGrains.Training.Models;

/// <summary>Eigenvalues and vectors of a small symmetric matrix, <c>H = V Λ Vᵀ</c>: Householder reflections make it
/// tridiagonal, <c>H = Q T Qᵀ</c>, and implicitly shifted QL steps (Dubrulle, Martin and Wilkinson 1968, with
/// Wilkinson's shift) make T diagonal. About 10 w³ operations. The plain reference form is
/// <see cref="DenseSvd"/>.</summary>
public static class SymmetricEigen
{
    private const int StepsMax = 60;           // for one eigenvalue; 2 or 3 are usual
    private const double Vanishing = 1e-250;   // a square below which a reflection would divide by next to nothing

    /// <summary>Values descending, and vectors as the columns of <c>Vectors</c>. Shapes: H (w, w), (w), (w, w). Only
    /// the symmetric part of H counts. Throws <see cref="ArithmeticException"/> if H is not finite.</summary>
    public static (double[] Values, double[,] Vectors) Decompose(double[,] h)
    {
        var size = h.GetLength(0);
        var (values, rows) = Rows(h, size);
        var order = Enumerable.Range(0, size).OrderByDescending(i => values[i]).ToArray();
        var vectors = new double[size, size];
        for (var column = 0; column < size; column++)
        {
            for (var i = 0; i < size; i++)
            {
                vectors[i, column] = rows[order[column]][i];
            }
        }

        return (Array.ConvertAll(order, i => values[i]), vectors);
    }

    // The vectors as rows, in no order: rotations of two of them are then operations on two contiguous arrays.
    private static (double[] Values, double[][] Rows) Rows(double[,] h, int size)
    {
        var a = new double[size][];
        for (var i = 0; i < size; i++)
        {
            a[i] = new double[size];
            for (var j = 0; j < size; j++)
            {
                a[i][j] = (h[i, j] + h[j, i]) / 2;
                if (!double.IsFinite(a[i][j]))
                {
                    throw new ArithmeticException($"Row {i} of the small matrix is not finite.");
                }
            }
        }

        var (diagonal, beside) = (new double[size], new double[size]);
        var rows = Reduce(a, diagonal, beside);
        Diagonalise(diagonal, beside, rows);
        return (diagonal, rows);
    }

    // H = Q T Qᵀ. Answers the rows of Qᵀ; a is used up, its row k ends as the reflection vector of step k.
    private static double[][] Reduce(double[][] a, double[] diagonal, double[] beside)
    {
        var size = diagonal.Length;
        var (scales, p) = (new double[size], new double[size]);
        for (var k = 0; k < size; k++)
        {
            diagonal[k] = a[k][k];
            if (k + 1 < size)
            {
                (beside[k], scales[k]) = Reflect(a, k, p);
            }
        }

        // Qᵀ = … H₁ H₀ has rows e_iᵀ … H₁ H₀: from the last reflection on, each touches only what lies behind it.
        var rows = new double[size][];
        for (var i = 0; i < size; i++)
        {
            rows[i] = new double[size];
            rows[i][i] = 1;
        }

        for (var k = size - 2; k >= 0; k--)
        {
            var v = a[k].AsSpan(k + 1);
            for (var i = k + 1; i < size && scales[k] != 0; i++)
            {
                var row = rows[i].AsSpan(k + 1);
                TensorPrimitives.MultiplyAdd(v, -scales[k] * TensorPrimitives.Dot<double>(row, v), row, row);
            }
        }

        return rows;
    }

    // One reflection I − s v vᵀ that clears row and column k beyond the neighbour; a[k][k+1..] ends as v.
    private static (double Beside, double Scale) Reflect(double[][] a, int k, double[] p)
    {
        var v = a[k].AsSpan(k + 1);
        var rest = TensorPrimitives.SumOfSquares<double>(v[1..]);
        if (rest <= Vanishing)
        {
            return (v[0], 0);
        }

        var length = Math.Sqrt((v[0] * v[0]) + rest);
        var beside = v[0] > 0 ? -length : length;
        v[0] -= beside;
        var scale = 2 / ((v[0] * v[0]) + rest);
        var half = 0.0;
        for (var i = k + 1; i < a.Length; i++)
        {
            p[i] = scale * TensorPrimitives.Dot<double>(a[i].AsSpan(k + 1), v);
            half += p[i] * v[i - k - 1];
        }

        // A ← A − v wᵀ − w vᵀ with w = p − (s/2)(pᵀv) v.
        var w = p.AsSpan(k + 1, v.Length);
        TensorPrimitives.MultiplyAdd(v, -scale / 2 * half, w, w);
        for (var i = k + 1; i < a.Length; i++)
        {
            Subtract(a[i].AsSpan(k + 1), v, w[i - k - 1], w, v[i - k - 1]);
        }

        return (beside, scale);
    }

    // row −= x · y + u · w for vectors x and u.
    private static void Subtract(Span<double> row, ReadOnlySpan<double> x, double y, ReadOnlySpan<double> u, double w)
    {
        var (left, right) = (Vector512.Create(-y), Vector512.Create(-w));
        var i = 0;
        for (; i + 8 <= row.Length; i += 8)
        {
            var sum = Vector512.FusedMultiplyAdd(left, Vector512.Create(x[i..]), Vector512.Create(row[i..]));
            Vector512.FusedMultiplyAdd(right, Vector512.Create(u[i..]), sum).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] -= (x[i] * y) + (u[i] * w);
        }
    }

    private static void Diagonalise(double[] diagonal, double[] beside, double[][] rows)
    {
        var size = diagonal.Length;
        var norm = TensorPrimitives.MaxMagnitude<double>(diagonal) + TensorPrimitives.MaxMagnitude<double>(beside);
        for (var low = 0; low < size; low++)
        {
            for (var step = 0; ; step++)
            {
                var high = low;
                while (high + 1 < size && !IsNegligible(beside[high], diagonal[high], diagonal[high + 1], norm))
                {
                    high++;
                }

                if (high == low)
                {
                    break;
                }

                if (step == StepsMax)
                {
                    throw new ArithmeticException($"Eigenvalue {low} of {size} did not settle in {StepsMax} steps.");
                }

                Step(diagonal, beside, rows, low, high);
            }
        }
    }

    // Beside the whole of T, too: what a reflection left where there should be nothing is no coupling.
    private static bool IsNegligible(double beside, double left, double right, double norm) =>
        Math.Abs(beside) <= 1.2e-16 * (Math.Abs(left) + Math.Abs(right) + norm);

    // One QL step on the block low..high: rotations from its end to its begin chase the shift upwards.
    private static void Step(double[] diagonal, double[] beside, double[][] rows, int low, int high)
    {
        var ratio = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low]);
        var shifted = diagonal[high] - diagonal[low]
            + (beside[low] / (ratio + Math.CopySign(Math.Sqrt((ratio * ratio) + 1), ratio)));
        var (sine, cosine, moved) = (1.0, 1.0, 0.0);
        for (var i = high - 1; i >= low; i--)
        {
            var (f, b) = (sine * beside[i], cosine * beside[i]);
            var length = Math.Sqrt((f * f) + (shifted * shifted));
            beside[i + 1] = length;
            if (length == 0)
            {
                // The block falls apart here; what is left is done in the next step.
                diagonal[i + 1] -= moved;
                beside[high] = 0;
                return;
            }

            (sine, cosine) = (f / length, shifted / length);
            shifted = diagonal[i + 1] - moved;
            var turn = ((diagonal[i] - shifted) * sine) + (2 * cosine * b);
            moved = sine * turn;
            diagonal[i + 1] = shifted + moved;
            shifted = (cosine * turn) - b;
            Rotate(rows[i], rows[i + 1], cosine, sine);
        }

        diagonal[low] -= moved;
        beside[low] = shifted;
        beside[high] = 0;
    }

    private static void Rotate(double[] x, double[] y, double cosine, double sine)
    {
        var (c, s) = (Vector512.Create(cosine), Vector512.Create(sine));
        var i = 0;
        for (; i + 8 <= x.Length; i += 8)
        {
            var (a, b) = (Vector512.Create(x, i), Vector512.Create(y, i));
            ((c * a) - (s * b)).CopyTo(x, i);
            ((s * a) + (c * b)).CopyTo(y, i);
        }

        for (; i < x.Length; i++)
        {
            (x[i], y[i]) = ((cosine * x[i]) - (sine * y[i]), (sine * x[i]) + (cosine * y[i]));
        }
    }
}
