namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Measures by nearest neighbours.</summary>
internal static class Neighbourhoods
{
    private const int Neighbours = 5;

    /// <summary>Density and coverage (Naeem et al. 2020, equations 2 and 3) with five neighbours: how many real
    /// neighbourhoods a generated design lies in, over five (about 1 where both come from one source, more where the
    /// generator keeps to the middle); and the share of real designs in whose neighbourhood a generated one lies. A
    /// design is no neighbour of its twins: else an offer that runs in six conditions would have a neighbourhood of
    /// itself alone.</summary>
    /// <param name="real">Places of real designs, each with its subject: rows of one subject are twins.</param>
    /// <param name="made">Places of generated designs.</param>
    public static (double Density, double Coverage) DensityAndCoverage<T>(
        IReadOnlyList<(float[] Place, T Subject)> real, float[][] made)
        where T : notnull
    {
        var k = Math.Min(Neighbours, real.Select(r => r.Subject).Distinct().Count() - 1);
        if (k < 1 || made.Length == 0)
        {
            return (0, 0);
        }

        float[][] places = [.. real.Select(r => r.Place)];
        var radii = DesignSpace.Distances(places, places).Select((row, i) => row
            .Where((_, j) => !real[j].Subject.Equals(real[i].Subject)).Order().ElementAt(k - 1)).ToArray();
        var distances = DesignSpace.Distances(places, made);
        var inside = distances.Select((row, i) => row.Count(d => d <= radii[i])).ToArray();
        return (inside.Sum() / ((double)k * made.Length), inside.Count(n => n > 0) / (double)places.Length);
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
