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
internal sealed class GaussianCopula
{
    /// <summary>With more different values than this, values between two real ones are drawn too.</summary>
    private const int StepsMax = 30;
    private const double Ridge = 1e-3;

    private readonly double[][] _numbers;
    private readonly string[][] _choices;
    private readonly double[,] _root;

    private GaussianCopula(double[][] numbers, string[][] choices, double[,] root) =>
        (_numbers, _choices, _root) = (numbers, choices, root);

    /// <summary>Fits to real designs, at least two. The dice break ties between ranks.</summary>
    public static GaussianCopula Fit(IReadOnlyList<JudgedDesign> real, Random random)
    {
        var rows = real.Select(DesignSpace.Numbers).ToArray();
        var numbers = Enumerable.Range(0, DesignSpace.NumberCount)
            .Select(c => rows.Select(r => r[c]).ToArray()).ToArray();
        var levels = Enumerable.Range(0, DesignSpace.ChoiceNames.Count)
            .Select(c => real.Select(d => DesignSpace.Choices(d)[c]).ToArray()).ToArray();
        var places = levels.Select(column => column.CountBy(l => l)
            .OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal)
            .Select((l, i) => (l.Key, i)).ToDictionary(l => l.Key, l => (double)l.i)).ToArray();
        double[][] columns = [.. numbers, .. levels.Select((column, c) => Array.ConvertAll(column, l => places[c][l]))];
        var scores = Array.ConvertAll(columns, column => Scores(column, random));
        return new(
            [.. numbers.Select(column => column.Order().ToArray())],
            [.. levels.Select((column, c) => column.OrderBy(l => places[c][l]).ToArray())],
            Cholesky(Correlations(scores)));
    }

    /// <summary>Draws designs.</summary>
    public IReadOnlyList<JudgedDesign> Draw(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => Draw(random))];

    private JudgedDesign Draw(Random random)
    {
        var columns = _root.GetLength(0);
        var noise = Enumerable.Range(0, columns).Select(_ => Normal.Draw(random)).ToArray();
        var shares = new double[columns];
        for (var i = 0; i < columns; i++)
        {
            var z = 0.0;
            for (var j = 0; j <= i; j++)
            {
                z += _root[i, j] * noise[j];
            }

            shares[i] = Normal.Share(z);
        }

        return DesignSpace.Design(
            [.. _numbers.Select((column, i) => Quantile(column, shares[i]))],
            [.. _choices.Select((column, i) =>
                column[Math.Min((int)(shares[_numbers.Length + i] * column.Length), column.Length - 1)])]);
    }

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

    private static double[,] Cholesky(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var root = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i, j];
                for (var m = 0; m < j; m++)
                {
                    rest -= root[i, m] * root[j, m];
                }

                root[i, j] = i == j ? Math.Sqrt(Math.Max(rest, 1e-12)) : rest / root[j, j];
            }
        }

        return root;
    }
}
