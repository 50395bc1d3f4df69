using CouponGrains.Domain.Models;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Evaluation;

/// <summary>One way of predicting, measured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Auc">Area under the receiver operating characteristic over all offers, resampled by user for the
/// interval.</param>
/// <param name="AveragePrecision">Over all offers in one list.</param>
/// <param name="LogLoss">Mean; null where the scores are no probabilities.</param>
/// <param name="CalibrationError">Mean difference of predicted and true shares in ten bins of equal size; null where
/// the scores are no probabilities.</param>
/// <param name="HitRate10">Share of cases with a redeemed coupon among the first 10.</param>
/// <param name="Ndcg10">Mean normalised discounted cumulative gain at 10.</param>
/// <param name="Map">Mean over the cases of the average precision.</param>
/// <param name="AboveOwn">Mean difference of average precision to own past purchases.</param>
/// <param name="AboveLogistic">The same to the logistic regression.</param>
/// <param name="OverBrief">Its mean average precision as a multiple of that of the brief's pipeline.</param>
/// <param name="Seconds">For training and scoring.</param>
public sealed record ResponseRow(
    string Name, Interval Auc, double AveragePrecision, double? LogLoss, double? CalibrationError, double HitRate10,
    double Ndcg10, Interval Map, Interval? AboveOwn, Interval? AboveLogistic, Interval? OverBrief,
    double Seconds);

/// <summary>The rows that the others are compared with, by name. One that is missing is compared with by
/// none.</summary>
internal sealed record ComparedRows(string Own, string Logistic, string Brief);

/// <summary>A user with a score for each coupon that he was offered at one moment.</summary>
/// <param name="User">Who: what is of one user is resampled together.</param>
/// <param name="Scores">The scores.</param>
/// <param name="Relevant">Those that he redeemed.</param>
/// <param name="Ranked">The same from the first rank on; empty if he redeemed none.</param>
internal sealed record ScoredOffers(string User, double[] Scores, bool[] Relevant, bool[] Ranked)
{
    /// <summary>With the ranks of a user who redeemed something; ties by popularity.</summary>
    public static ScoredOffers Of(string user, double[] popularity, double[] scores, bool[] relevant) =>
        new(user, scores, relevant, relevant.Contains(true) ? CouponEvaluation.Ranked(relevant, popularity, scores) : []);
}

/// <summary>Makes the figures of rows that scored the same offers. Intervals come from resampling users, each with all
/// that he was offered: what one user does in two campaigns is not independent.</summary>
internal sealed class ResponseFigures(int resamples, int seed)
{
    private const int Bins = 10;
    private const int AucResamples = 200;

    /// <summary>The rows, in the order given.</summary>
    public IReadOnlyList<ResponseRow> Rows(
        IReadOnlyList<(string Name, bool IsProbability, double Seconds, IReadOnlyList<ScoredOffers> Users)> scored,
        ComparedRows compared)
    {
        var precisions = scored.ToDictionary(s => s.Name, s => s.Users.Where(u => u.Ranked.Length > 0)
            .Select(u => RankingMetrics.AveragePrecision(u.Ranked, u.Ranked.Count(x => x))).ToArray());
        return [.. scored.Select(s => Row(s.Name, s.IsProbability, s.Seconds, s.Users, precisions, compared))];
    }

    private ResponseRow Row(
        string name, bool isProbability, double seconds, IReadOnlyList<ScoredOffers> users,
        Dictionary<string, double[]> precisions, ComparedRows compared)
    {
        var cases = users.Where(u => u.Ranked.Length > 0).Select(u => u.Ranked).ToList();
        var scores = users.SelectMany(u => u.Scores).ToArray();
        var labels = users.SelectMany(u => u.Relevant).ToArray();
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]));
        return new(
            name, Auc(users), RankingMetrics.AveragePrecision(Array.ConvertAll(order, i => labels[i]), labels.Count(x => x)),
            isProbability ? LogLoss(scores, labels) : null, isProbability ? CalibrationError(scores, labels, order) : null,
            cases.Select(r => RankingMetrics.HitRate(r, 10)).DefaultIfEmpty().Average(),
            cases.Select(r => RankingMetrics.Ndcg(r, 10, r.Count(x => x))).DefaultIfEmpty().Average(),
            Compare(users, precisions[name], null, (sum, _, count) => sum / count), Above(compared.Own), Above(compared.Logistic),
            Other(compared.Brief) is { } brief ? Compare(users, precisions[name], brief, (sum, other, _) => sum / other) : null,
            Math.Round(seconds, 2));

        double[]? Other(string other) => name == other ? null : precisions.GetValueOrDefault(other);

        Interval? Above(string other) => Other(other) is { } others
            ? Compare(users, precisions[name], others, (sum, rest, count) => (sum - rest) / count) : null;
    }

    /// <summary>Mean log loss of probabilities.</summary>
    public static double LogLoss(double[] scores, bool[] labels) =>
        scores.Zip(labels, (p, y) => -Math.Log(Math.Clamp(y ? p : 1 - p, 1e-9, 1))).Average();

    /// <summary>Expected calibration error (Naeini et al. 2015) in bins of equal size.</summary>
    /// <param name="scores">Probabilities.</param>
    /// <param name="labels">What happened.</param>
    /// <param name="order">Places in the order of the scores.</param>
    public static double CalibrationError(double[] scores, bool[] labels, int[] order)
    {
        var error = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var part = order[(bin * order.Length / Bins)..((bin + 1) * order.Length / Bins)];
            error += Math.Abs(part.Sum(i => scores[i]) - part.Count(i => labels[i]));
        }

        return error / Math.Max(1, order.Length);
    }

    /// <summary>The area over all offers; the interval by resampling users with all their offers.</summary>
    public Interval Auc(IReadOnlyList<ScoredOffers> users)
    {
        var numbers = Numbers(users);
        var entries = users.SelectMany(u => u.Scores.Select((s, j) => (Score: s, User: numbers[u.User], Label: u.Relevant[j]))).ToArray();
        Array.Sort(entries, (a, b) => a.Score.CompareTo(b.Score));
        var ones = Enumerable.Repeat(1, numbers.Count).ToArray();
        if (resamples == 0)
        {
            return new(Area(entries, ones), double.NaN, double.NaN);
        }

        var random = new Random(seed);
        var areas = new double[Math.Min(resamples, AucResamples)];
        for (var r = 0; r < areas.Length; r++)
        {
            areas[r] = Area(entries, Draw(numbers.Count, random));
        }

        Array.Sort(areas);
        return new(Area(entries, ones), areas[(int)(0.025 * areas.Length)], areas[(int)(0.975 * areas.Length)]);
    }

    private static double Area((double Score, int User, bool Label)[] ascending, int[] times)
    {
        var (area, positives, negatives) = (0.0, 0.0, 0.0);
        for (var first = 0; first < ascending.Length;)
        {
            var (ones, zeros, last) = (0.0, 0.0, first);
            for (; last < ascending.Length && ascending[last].Score == ascending[first].Score; last++)
            {
                var weight = times[ascending[last].User];
                ones += ascending[last].Label ? weight : 0;
                zeros += ascending[last].Label ? 0 : weight;
            }

            area += ones * (negatives + (zeros / 2));
            positives += ones;
            negatives += zeros;
            first = last;
        }

        return positives > 0 && negatives > 0 ? area / (positives * negatives) : 0.5;
    }

    private static Dictionary<string, int> Numbers(IEnumerable<ScoredOffers> users) =>
        users.Select(u => u.User).Distinct().Select((user, i) => (user, i)).ToDictionary(p => p.user, p => p.i);

    // How often each of some users is drawn.
    private static int[] Draw(int users, Random random)
    {
        var times = new int[users];
        for (var i = 0; i < users; i++)
        {
            times[random.Next(users)]++;
        }

        return times;
    }

    /// <summary>A figure of the sums of a row's precisions, of another row's (0 without one) and of the number of
    /// cases.</summary>
    private Interval Compare(
        IReadOnlyList<ScoredOffers> users, double[] row, double[]? other, Func<double, double, double, double> figure)
    {
        var cases = users.Where(u => u.Ranked.Length > 0).ToList();
        if (cases.Count == 0)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        var numbers = Numbers(cases);
        var sums = new (double Row, double Other, int Count)[numbers.Count];
        for (var i = 0; i < cases.Count; i++)
        {
            var (a, b, count) = sums[numbers[cases[i].User]];
            sums[numbers[cases[i].User]] = (a + row[i], b + (other?[i] ?? 0), count + 1);
        }

        var random = new Random(seed);
        var figures = new double[resamples];
        for (var r = 0; r < resamples; r++)
        {
            figures[r] = Of(Draw(sums.Length, random));
        }

        Array.Sort(figures);
        var all = Of([.. Enumerable.Repeat(1, sums.Length)]);
        return resamples == 0
            ? new(all, double.NaN, double.NaN) : new(all, figures[(int)(0.025 * resamples)], figures[(int)(0.975 * resamples)]);

        double Of(int[] times) => figure(
            times.Zip(sums, (n, s) => n * s.Row).Sum(), times.Zip(sums, (n, s) => n * s.Other).Sum(),
            times.Zip(sums, (n, s) => (double)n * s.Count).Sum());
    }
}
