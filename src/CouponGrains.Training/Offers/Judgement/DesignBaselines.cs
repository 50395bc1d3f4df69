namespace CouponGrains.Training.Offers.Judgement;

/// <summary>What any generator must do better than.</summary>
internal static class DesignBaselines
{
    private const int GridSteps = 10;

    /// <summary>A legal grid, drawn evenly: each choice among those that real designs make, each number at one of
    /// eleven steps between the least and the greatest.</summary>
    public static IReadOnlyList<JudgedDesign> Grid(IReadOnlyList<JudgedDesign> real, int count, Random random)
    {
        var rows = real.Select(DesignSpace.Numbers).ToArray();
        var levels = DesignSpace.ChoiceNames.Select((_, i) =>
            real.Select(d => DesignSpace.Choices(d)[i]).Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        var ranges = Enumerable.Range(0, rows[0].Length)
            .Select(i => (Min: rows.Min(r => r[i]), Max: rows.Max(r => r[i]))).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ => DesignSpace.Design(
            [.. ranges.Select(r => r.Min + ((r.Max - r.Min) * random.Next(GridSteps + 1) / GridSteps))],
            [.. levels.Select(l => l[random.Next(l.Length)])]))];
    }

    /// <summary>Real designs, drawn evenly with repetition.</summary>
    public static IReadOnlyList<JudgedDesign> History(IReadOnlyList<JudgedDesign> real, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => real[random.Next(real.Count)])];

    /// <summary>The copula of real designs; the seed breaks ties.</summary>
    public static GaussianCopula Copula(IReadOnlyList<JudgedDesign> real, int seed) => GaussianCopula.Fit(real, new(seed));
}
