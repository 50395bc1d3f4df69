namespace CouponGrains.Training.Offers.Judgement;

/// <summary>How different designs are from each other, and whether they differ with their condition.</summary>
internal static class Variety
{
    private const int ListLength = 10;
    private const int Permutations = 50;

    /// <summary>The share of different designs; depth and scope to the hundredth, amounts and prices to the
    /// tenth.</summary>
    public static double Unique(IReadOnlyList<JudgedDesign> designs) => designs.Count == 0
        ? 0
        : designs.Select(d => d with
        {
            Depth = Math.Round(d.Depth, 2),
            MinimumSpend = Math.Round(d.MinimumSpend, 1),
            ValidDays = Math.Round(d.ValidDays),
            Price = Math.Round(d.Price, 1),
            Scope = [],
        }).Zip(designs.Select(d => d.ScopeText("F2"))).Distinct().Count() / (double)designs.Count;

    /// <summary>Shannon's entropy of the values in bits.</summary>
    public static double Entropy<T>(IReadOnlyList<T> values)
        where T : notnull => values.CountBy(v => v)
        .Select(c => c.Value / (double)values.Count).Sum(p => -p * Math.Log2(p));

    /// <summary>How much the designs differ between conditions: the mean total variation, over each two conditions, of
    /// the shares of kind, category and half of the depth range, less what it is when the conditions are dealt out at
    /// random. About 0 for a generator that ignores its condition.</summary>
    public static double Response(IReadOnlyList<JudgedDesign> designs, Random random)
    {
        var conditions = designs.Select(d => d.Condition).ToArray();
        var middle = AreaUnderCurve.At([.. designs.Select(d => d.Depth).Order()], 0.5);
        var cells = designs.Select(d => (d.Kind, d.Category, Deep: d.Depth > middle)).ToArray();
        var seen = MeanVariation(conditions, cells);
        var chance = 0.0;
        for (var i = 0; i < Permutations; i++)
        {
            random.Shuffle(conditions);
            chance += MeanVariation(conditions, cells) / Permutations;
        }

        return seen - chance;
    }

    /// <summary>The mean distance between two designs of one list, over lists of ten that a user would be shown: ten in
    /// a row with one condition.</summary>
    public static double OfLists(IReadOnlyList<JudgedDesign> designs, float[][] places)
    {
        var lists = Enumerable.Range(0, designs.Count).GroupBy(i => designs[i].Condition)
            .SelectMany(g => g.Chunk(ListLength)).Where(list => list.Length == ListLength)
            .Select(list => list.Select(i => places[i]).ToArray())
            .Select(list => DesignSpace.Distances(list, list).Sum(row => row.Sum(d => (double)d)))
            .Select(sum => sum / (ListLength * (ListLength - 1))).ToArray();
        return lists.Length == 0 ? double.NaN : lists.Average();
    }

    private static double MeanVariation<T>(string[] conditions, T[] cells)
        where T : notnull
    {
        var shares = cells.Zip(conditions).GroupBy(p => p.Second, p => p.First).Select(g =>
            g.CountBy(c => c).ToDictionary(c => c.Key, c => c.Value / (double)g.Count())).ToArray();
        var (sum, pairs) = (0.0, 0);
        for (var a = 0; a < shares.Length; a++)
        {
            for (var b = a + 1; b < shares.Length; b++)
            {
                sum += shares[a].Keys.Union(shares[b].Keys)
                    .Sum(c => Math.Abs(shares[a].GetValueOrDefault(c) - shares[b].GetValueOrDefault(c))) / 2;
                pairs++;
            }
        }

        return pairs == 0 ? 0 : sum / pairs;
    }
}
