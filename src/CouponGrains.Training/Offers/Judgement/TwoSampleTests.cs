namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Whether two sets of designs come from one source.</summary>
internal static class TwoSampleTests
{
    private const int Folds = 5;
    private const int Neighbours = 9;

    /// <summary>The classifier test (Lopez-Paz and Oquab 2017): how well a classifier tells real from generated, each
    /// row scored by the folds that it is not in. ½: not at all; 1: always. Two classifiers, a logistic regression with
    /// interactions and nine nearest neighbours; the answer is that of the better one.</summary>
    /// <param name="real">Places of real designs, with what decides their fold: rows of one subject share it, or else
    /// the neighbours would tell a coupon by its twin.</param>
    /// <param name="made">The same of generated designs.</param>
    /// <param name="numbers">How many of a place's coordinates are numbers.</param>
    /// <param name="resamples">Bootstrap resamples for the interval.</param>
    /// <param name="random">The seeded dice of folds and resamples.</param>
    public static Interval Classifier<T>(
        IReadOnlyList<(float[] Place, T Subject)> real, IReadOnlyList<(float[] Place, T Subject)> made, int numbers,
        int resamples, Random random)
        where T : notnull
    {
        float[][] rows = [.. real.Concat(made).Select(r => r.Place)];
        bool[] labels = [.. rows.Select((_, i) => i >= real.Count)];
        var subjects = real.Concat(made).Select(r => r.Subject).Distinct().ToArray();
        random.Shuffle(subjects);
        var order = subjects.Select((subject, i) => (subject, i)).ToDictionary(s => s.subject, s => s.i);
        var folds = real.Concat(made).Select(r => order[r.Subject] % Folds).ToArray();
        var logistic = CrossValidate(
            [.. rows.Select(row => DesignSpace.Interactions(row, numbers))], labels, folds, (x, y) => LogisticRule.Fit(x, y).Score);
        var nearest = CrossValidate(rows, labels, folds, (x, y) => row => NeighbourShare(x, y, row));
        var better = AreaUnderCurve.Of(logistic, labels) >= AreaUnderCurve.Of(nearest, labels) ? logistic : nearest;
        return AreaUnderCurve.Bootstrap(better, labels, resamples, random);
    }

    /// <summary>The squared maximum mean discrepancy (Gretton et al. 2012, equation 3) with a Gaussian kernel as wide
    /// as the median distance, and the share of random re-partings that reach it.</summary>
    public static (double Square, double P) Discrepancy(float[][] real, float[][] made, int permutations, Random random)
    {
        float[][] rows = [.. real, .. made];
        var distances = DesignSpace.Distances(rows, rows);
        var sorted = distances.SelectMany((row, i) => row.Skip(i + 1)).Where(d => d > 0).Select(d => (double)d).ToArray();
        if (sorted.Length == 0)
        {
            return (0, 1);
        }

        Array.Sort(sorted);
        var width = (float)AreaUnderCurve.At(sorted, 0.5);
        var kernel = distances.Select(row => Array.ConvertAll(row, d => MathF.Exp(-d * d / (2 * width * width)))).ToArray();
        var sides = Enumerable.Range(0, rows.Length).Select(i => i < real.Length).ToArray();
        var square = Square(kernel, sides, real.Length);
        var reached = 1;
        for (var i = 0; i < permutations; i++)
        {
            random.Shuffle(sides);
            reached += Square(kernel, sides, real.Length) >= square ? 1 : 0;
        }

        return (square, reached / (permutations + 1.0));
    }

    private static double Square(float[][] kernel, bool[] sides, int first)
    {
        var second = sides.Length - first;
        var weights = Array.ConvertAll(sides, side => side ? 1f / first : -1f / second);
        return kernel.Select((row, i) =>
            (double)weights[i] * System.Numerics.Tensors.TensorPrimitives.Dot<float>(row, weights)).Sum();
    }

    private static double[] CrossValidate(
        float[][] rows, bool[] labels, int[] folds, Func<float[][], bool[], Func<float[], double>> fit)
    {
        var scores = new double[rows.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var others = Enumerable.Range(0, rows.Length).Where(i => folds[i] != fold).ToArray();
            if (others.Length == 0)
            {
                continue;
            }

            var score = fit([.. others.Select(i => rows[i])], [.. others.Select(i => labels[i])]);
            foreach (var i in Enumerable.Range(0, rows.Length).Where(i => folds[i] == fold))
            {
                scores[i] = score(rows[i]);
            }
        }

        return scores;
    }

    // The share of generated ones among the nearest; the nearer, the more a neighbour counts.
    private static double NeighbourShare(float[][] rows, bool[] labels, float[] row)
    {
        var distances = Array.ConvertAll(rows, other => System.Numerics.Tensors.TensorPrimitives.Distance<float>(other, row));
        var order = Enumerable.Range(0, rows.Length).ToArray();
        Array.Sort(distances, order);
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < Math.Min(Neighbours, order.Length); i++)
        {
            var weight = 1 / (0.1 + distances[i]);
            (sum, total) = (sum + (labels[order[i]] ? weight : 0), total + weight);
        }

        return sum / total;
    }
}
