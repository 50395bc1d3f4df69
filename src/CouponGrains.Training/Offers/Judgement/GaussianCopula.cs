using System.Numerics.Tensors;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>
/// A Gaussian copula over designs (Patki et al. 2016, section III): each column has its own distribution, and their
/// normal scores are jointly normal.
/// <code>
///   z_c = Φ⁻¹(rank_c / n),   L Lᵀ = corr(z),   design = (Q_c(Φ((L ε)_c)))_c,   ε ~ N(0, I)
/// </code>
/// A choice has a stretch of ranks for each level, the most frequent first, and lies anywhere in it.
/// </summary>
/// <param name="numbers">The values of each number, ascending.</param>
/// <param name="choices">The levels of each choice, the most frequent first, each as often as it was seen.</param>
/// <param name="root">L, row by row.</param>
internal sealed class GaussianCopula(double[][] numbers, string[][] choices, double[][] root)
{
    /// <summary>With more different values than this, values between two real ones are drawn too.</summary>
    private const int StepsMax = 30;
    private const double Ridge = 1e-3;
    private const int ConditionPlace = 2;

    public IReadOnlyList<double[]> Numbers => numbers;

    public IReadOnlyList<string[]> Choices => choices;

    public IReadOnlyList<double[]> Root => root;

    /// <summary>Fits to real designs, at least two. The dice break ties between ranks.</summary>
    public static GaussianCopula Fit(IReadOnlyList<JudgedDesign> real, Random random)
    {
        var rows = real.Select(DesignSpace.Numbers).ToArray();
        var values = Enumerable.Range(0, rows[0].Length)
            .Select(c => rows.Select(r => r[c]).ToArray()).ToArray();
        var levels = Enumerable.Range(0, DesignSpace.ChoiceNames.Count)
            .Select(c => real.Select(d => DesignSpace.Choices(d)[c]).ToArray()).ToArray();
        var places = levels.Select(column => column.CountBy(l => l)
            .OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal)
            .Select((l, i) => (l.Key, i)).ToDictionary(l => l.Key, l => (double)l.i)).ToArray();
        double[][] columns = [.. values, .. levels.Select((column, c) => Array.ConvertAll(column, l => places[c][l]))];
        var scores = Array.ConvertAll(columns, column => Scores(column, random));
        return new(
            [.. values.Select(column => column.Order().ToArray())],
            [.. levels.Select((column, c) => column.OrderBy(l => places[c][l]).ToArray())],
            Cholesky(Correlations(scores)));
    }

    /// <summary>Draws designs.</summary>
    public IReadOnlyList<JudgedDesign> Draw(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => Draw(random))];

    /// <summary>Draws a design with a condition, from what the copula says of the rest given that; with any condition
    /// where that one was never seen.</summary>
    public JudgedDesign Draw(string condition, Random random)
    {
        var column = choices[ConditionPlace];
        var (first, count) = (Array.IndexOf(column, condition), column.Count(level => level == condition));
        var scores = Scores(random);
        if (first >= 0)
        {
            // A joint normal draw, moved along its covariance with what is given (Hoffman and Ribak 1991).
            var given = numbers.Length + ConditionPlace;
            var miss = Normal.Quantile((first + (count * random.NextDouble())) / column.Length) - scores[given];
            var variance = TensorPrimitives.Dot<double>(root[given], root[given]);
            scores = [.. scores.Select((z, i) => z + (TensorPrimitives.Dot<double>(root[i], root[given]) / variance * miss))];
        }

        return Design(scores);
    }

    private JudgedDesign Draw(Random random) => Design(Scores(random));

    private double[] Scores(Random random)
    {
        var noise = root.Select(_ => Normal.Draw(random)).ToArray();
        return [.. root.Select(row => TensorPrimitives.Dot<double>(row, noise))];
    }

    private JudgedDesign Design(double[] scores) => DesignSpace.Design(
        [.. numbers.Select((column, i) => Quantile(column, Normal.Share(scores[i])))],
        [.. choices.Select((column, i) => column[Math.Min(
            (int)(Normal.Share(scores[numbers.Length + i]) * column.Length), column.Length - 1)])]);

    private static double Quantile(double[] ascending, double share)
    {
        var place = share * (ascending.Length - 1);
        var below = Math.Clamp((int)place, 0, Math.Max(0, ascending.Length - 2));
        return ascending.Distinct().Take(StepsMax + 1).Count() <= StepsMax || ascending.Length == 1
            ? ascending[Math.Min((int)(share * ascending.Length), ascending.Length - 1)]
            : ascending[below] + ((place - below) * (ascending[below + 1] - ascending[below]));
    }

    private static double[] Scores(double[] column, Random random)
    {
        var order = Enumerable.Range(0, column.Length).ToArray();
        random.Shuffle(order);
        var ranked = order.OrderBy(i => column[i]).ToArray();
        var scores = new double[column.Length];
        for (var rank = 0; rank < ranked.Length; rank++)
        {
            scores[ranked[rank]] = Normal.Quantile((rank + 0.5) / ranked.Length);
        }

        return scores;
    }

    private static double[,] Correlations(double[][] scores)
    {
        var correlations = new double[scores.Length, scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < scores.Length; j++)
            {
                correlations[i, j] = i == j
                    ? 1 + Ridge
                    : TensorPrimitives.Dot<double>(scores[i], scores[j])
                        / (TensorPrimitives.Norm<double>(scores[i]) * TensorPrimitives.Norm<double>(scores[j]));
            }
        }

        return correlations;
    }

    private static double[][] Cholesky(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var root = Enumerable.Range(0, n).Select(_ => new double[n]).ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i, j];
                for (var m = 0; m < j; m++)
                {
                    rest -= root[i][m] * root[j][m];
                }

                root[i][j] = i == j ? Math.Sqrt(Math.Max(rest, 1e-12)) : rest / root[j][j];
            }
        }

        return root;
    }
}
