namespace CouponGrains.Training.Models;

/// <summary>Factors of nearly equal strength are determined only up to a rotation among themselves, and a retrain may
/// come out with another one. All that is made of factors are products of rows, which no rotation changes; so this
/// takes, in each group of such factors, the rotation that lies nearest to the factors of before (orthogonal
/// Procrustes, Schönemann 1966): <c>F_g ← F_g Q</c>, Q the orthogonal polar factor of <c>M = F_gᵀ F⁰_g</c>.</summary>
internal static class FactorRotation
{
    private const double Spread = 0.9;     // of the weakest in a group to its strongest
    private const double Dependent = 1e-3; // λ_min / λ_max of MᵀM below which before has nothing to rotate to

    /// <summary>Rotates in place; places and signs must have been aligned. Shapes: F (n, k), before (n, k), Σ (k) of
    /// F.</summary>
    public static void Align(float[] factors, float[] before, ReadOnlySpan<float> sigma)
    {
        var width = sigma.Length;
        foreach (var group in Groups(sigma).Where(group => group.Length > 1))
        {
            if (Polar(Cross(factors, before, width, group)) is { } rotation)
            {
                Rotate(factors, width, group, rotation);
            }
        }
    }

    // Columns by strength, each group as wide as the spread allows.
    private static List<int[]> Groups(ReadOnlySpan<float> sigma)
    {
        var strengths = sigma.ToArray();
        var (groups, group) = (new List<int[]>(), new List<int>());
        foreach (var column in Enumerable.Range(0, strengths.Length).OrderByDescending(c => strengths[c]))
        {
            if (group.Count > 0 && strengths[column] < Spread * strengths[group[0]])
            {
                groups.Add([.. group]);
                group.Clear();
            }

            group.Add(column);
        }

        groups.Add([.. group]);
        return groups;
    }

    private static double[,] Cross(float[] factors, float[] before, int width, int[] group)
    {
        var m = new double[group.Length, group.Length];
        for (var start = 0; start < factors.Length; start += width)
        {
            for (var i = 0; i < group.Length; i++)
            {
                for (var j = 0; j < group.Length; j++)
                {
                    m[i, j] += (double)factors[start + group[i]] * before[start + group[j]];
                }
            }
        }

        return m;
    }

    // M (MᵀM)^−½; null where M has not the full rank.
    private static double[,]? Polar(double[,] m)
    {
        var size = m.GetLength(0);
        var (values, w) = SymmetricEigen.Decompose(Product(size, (i, j, k) => m[k, i] * m[k, j]));
        if (values[^1] <= Dependent * values[0])
        {
            return null;
        }

        var root = Product(size, (i, j, k) => w[i, k] * w[j, k] / Math.Sqrt(values[k]));
        return Product(size, (i, j, k) => m[i, k] * root[k, j]);
    }

    private static double[,] Product(int size, Func<int, int, int, double> term)
    {
        var product = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                for (var k = 0; k < size; k++)
                {
                    product[i, j] += term(i, j, k);
                }
            }
        }

        return product;
    }

    private static void Rotate(float[] factors, int width, int[] group, double[,] rotation)
    {
        var turned = new double[group.Length];
        for (var start = 0; start < factors.Length; start += width)
        {
            Array.Clear(turned);
            for (var i = 0; i < group.Length; i++)
            {
                for (var j = 0; j < group.Length; j++)
                {
                    turned[j] += factors[start + group[i]] * rotation[i, j];
                }
            }

            for (var j = 0; j < group.Length; j++)
            {
                factors[start + group[j]] = (float)turned[j];
            }
        }
    }
}
