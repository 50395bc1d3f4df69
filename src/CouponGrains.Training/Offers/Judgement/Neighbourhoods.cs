namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Measures by nearest neighbours.</summary>
internal static class Neighbourhoods
{
    private const int Neighbours = 5;

    /// <summary>Density and coverage (Naeem et al. 2020, equations 2 and 3) with five neighbours: how many real
    /// neighbourhoods a generated design lies in, over five (about 1 where both come from one source, more where the generator
    /// keeps to the middle); and the share of real designs in whose neighbourhood a generated one lies.</summary>
    public static (double Density, double Coverage) DensityAndCoverage(float[][] real, float[][] made)
    {
        var k = Math.Min(Neighbours, real.Length - 1);
        if (k < 1 || made.Length == 0)
        {
            return (0, 0);
        }

        // The nearest of all is the design itself.
        var radii = DesignSpace.Distances(real, real).Select(row => row.Order().ElementAt(k)).ToArray();
        var distances = DesignSpace.Distances(real, made);
        var inside = distances.Select((row, i) => row.Count(d => d <= radii[i])).ToArray();
        return (inside.Sum() / ((double)k * made.Length), inside.Count(n => n > 0) / (double)real.Length);
    }

    /// <summary>The distance of each generated design to the nearest real one, ascending.</summary>
    public static double[] Nearest(float[][] real, float[][] made) =>
        [.. DesignSpace.Distances(made, real).Select(row => (double)row.Min()).Order()];

    /// <summary>The distance of each different real design to the nearest other one, ascending.</summary>
    public static double[] NearestAmong(float[][] real)
    {
        var different = real.DistinctBy(place => string.Join(' ', place)).ToArray();
        return [.. DesignSpace.Distances(different, different)
            .Select((row, i) => row.Where((_, j) => j != i).DefaultIfEmpty(0).Min(d => (double)d)).Order()];
    }
}
