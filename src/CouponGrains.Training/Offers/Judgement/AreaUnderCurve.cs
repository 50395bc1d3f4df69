namespace CouponGrains.Training.Offers.Judgement;

/// <summary>An estimate with its 95 % interval.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record Interval(double Value, double Low, double High);

/// <summary>The area under the receiver operating characteristic: the chance that a true one is scored above a false
/// one, ties counted half (Hanley and McNeil 1982).</summary>
internal static class AreaUnderCurve
{
    /// <summary>The area; ½ if one of the two sorts is missing.</summary>
    public static double Of(IReadOnlyList<double> scores, IReadOnlyList<bool> labels)
    {
        var order = Enumerable.Range(0, scores.Count).ToArray();
        Array.Sort(order, (a, b) => scores[a].CompareTo(scores[b]));
        var (ranks, positives) = (0.0, 0);
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            while (last + 1 < order.Length && scores[order[last + 1]] == scores[order[first]])
            {
                last++;
            }

            for (var i = first; i <= last; i++)
            {
                if (labels[order[i]])
                {
                    positives++;
                    ranks += 1 + ((first + last) / 2.0);
                }
            }

            first = last + 1;
        }

        var negatives = scores.Count - positives;
        return positives == 0 || negatives == 0
            ? 0.5
            : (ranks - (positives * (positives + 1.0) / 2)) / ((double)positives * negatives);
    }

    /// <summary>The area with the percentiles 2.5 and 97.5 of bootstrap resamples of the rows (Efron 1979).</summary>
    public static Interval Bootstrap(
        IReadOnlyList<double> scores, IReadOnlyList<bool> labels, int resamples, Random random) =>
        Bootstrap(scores.Count, resamples, random,
            chosen => Of([.. chosen.Select(i => scores[i])], [.. chosen.Select(i => labels[i])]));

    /// <summary>How much larger the area of the first scores is than that of the others, on the same rows.</summary>
    public static Interval Difference(
        IReadOnlyList<double> first, IReadOnlyList<double> second, IReadOnlyList<bool> labels, int resamples, Random random) =>
        Bootstrap(labels.Count, resamples, random, chosen =>
        {
            bool[] chosenLabels = [.. chosen.Select(i => labels[i])];
            return Of([.. chosen.Select(i => first[i])], chosenLabels) - Of([.. chosen.Select(i => second[i])], chosenLabels);
        });

    private static Interval Bootstrap(int rows, int resamples, Random random, Func<int[], double> figure)
    {
        var values = new double[resamples];
        var chosen = new int[rows];
        for (var i = 0; i < resamples; i++)
        {
            for (var j = 0; j < rows; j++)
            {
                chosen[j] = random.Next(rows);
            }

            values[i] = figure(chosen);
        }

        Array.Sort(values);
        return new(figure([.. Enumerable.Range(0, rows)]), At(values, 0.025), At(values, 0.975));
    }

    /// <summary>The value that a share of ascending values lies below; not a number if there are none.</summary>
    public static double At(IReadOnlyList<double> ascending, double share) => ascending.Count == 0
        ? double.NaN
        : ascending[Math.Clamp((int)(share * ascending.Count), 0, ascending.Count - 1)];
}
