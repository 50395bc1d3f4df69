namespace CouponGrains.Training.Models;

/// <summary>A singular vector is as good with the other sign, and close singular values may change places. This gives
/// factors the signs and the order that profiles are used to.</summary>
internal static class FactorOrder
{
    private const double Same = 0.5; // cosine above which two columns are taken for the same factor

    /// <summary>Turns and moves the columns of V in place, and Σ with them. With <paramref name="before"/>, the cosines
    /// of V's columns with those of earlier factors, each column goes to the place, and points the way, of the one
    /// there that it resembles most; otherwise the largest component of each becomes positive. Shapes: V (n, width) of
    /// which the columns of Σ count, before (at least width, any).</summary>
    public static void Align(float[] v, int width, Span<float> sigma, double[,]? before)
    {
        var signs = new float[width];
        var places = Enumerable.Range(0, width).ToArray();
        if (before is null)
        {
            LargestPositive(v, width, signs);
        }
        else
        {
            Match(before, sigma.Length, signs, places);
        }

        var row = new float[width];
        for (var start = 0; start < v.Length; start += width)
        {
            var values = v.AsSpan(start, width);
            for (var column = 0; column < width; column++)
            {
                row[places[column]] = values[column] * signs[column];
            }

            row.CopyTo(values);
        }

        var moved = sigma.ToArray();
        for (var column = 0; column < moved.Length; column++)
        {
            sigma[places[column]] = moved[column];
        }
    }

    private static void LargestPositive(float[] v, int width, float[] signs)
    {
        var largest = new float[width];
        for (var start = 0; start < v.Length; start += width)
        {
            for (var column = 0; column < width; column++)
            {
                var value = v[start + column];
                largest[column] = Math.Abs(value) > Math.Abs(largest[column]) ? value : largest[column];
            }
        }

        for (var column = 0; column < width; column++)
        {
            signs[column] = largest[column] < 0 ? -1 : 1;
        }
    }

    private static void Match(double[,] cosines, int rank, float[] signs, int[] places)
    {
        var (width, old) = (signs.Length, cosines.GetLength(1));
        Array.Fill(signs, 1);
        var (taken, unplaced) = (new bool[width], new List<int>());
        for (var column = 0; column < width; column++)
        {
            var best = -1;
            for (var other = 0; column < rank && other < Math.Min(old, rank); other++)
            {
                var cosine = Math.Abs(cosines[column, other]);
                best = !taken[other] && cosine >= Same && (best < 0 || cosine > Math.Abs(cosines[column, best]))
                    ? other : best;
            }

            if (best < 0)
            {
                unplaced.Add(column);
                continue;
            }

            (places[column], taken[best]) = (best, true);
            signs[column] = cosines[column, best] < 0 ? -1 : 1;
        }

        var free = Enumerable.Range(0, width).Where(place => !taken[place]).ToArray();
        for (var i = 0; i < free.Length; i++)
        {
            places[unplaced[i]] = free[i];
        }
    }
}
