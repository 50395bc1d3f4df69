using System.Diagnostics;
using CouponGrains.Training.Models.Response;

namespace CouponGrains.Training.Evaluation;

/// <summary>A coupon that was shown to somebody, all in words <c>name=value</c>.</summary>
/// <param name="Person">Who: the same words are taken for the same person.</param>
/// <param name="Situation">When and where.</param>
/// <param name="Coupon">What.</param>
/// <param name="Accepted">Whether he accepted.</param>
public sealed record ShownCoupon(
    IReadOnlyList<string> Person, IReadOnlyList<string> Situation, IReadOnlyList<string> Coupon, bool Accepted);

/// <summary>Predicts by cross-validation who accepts which of the coupons of a survey. Nothing is known of earlier
/// events, so there is nothing for an encoder to read. Folds are drawn in two ways: at random, as the published figures
/// are, and by person, so that nobody is in two folds.</summary>
public static class InVehicleEvaluation
{
    private const int Folds = 5;

    private static readonly (string Name, ResponseOptions Options)[] Models =
    [
        (ResponseEvaluation.Logistic, ResponseOptions.Logistic with { Batch = 128, WideDecay = 1e-3, LearningRate = 1e-2, ValidationShare = 0.1 }),
        ("network without events", new()
        {
            First = 96, Second = 32, Members = 3, Batch = 128, WideDecay = 1e-3, Decay = 1e-3, Dropout = 0.3, ValidationShare = 0.1,
        }),
    ];

    /// <summary>A report for each way of drawing folds.</summary>
    public static IReadOnlyList<ResponseReport> Run(
        IReadOnlyList<ShownCoupon> shown, int seed, int resamples, IProgress<string> progress, CancellationToken cancel)
    {
        var random = new Random(seed);
        var persons = shown.Select(s => string.Join('\n', s.Person)).ToList();
        var ofPerson = persons.Distinct().ToDictionary(p => p, _ => random.Next(Folds));
        var drawn = shown.Select((_, i) => i % Folds).ToArray();
        random.Shuffle(drawn);
        return
        [
            Report("five random folds", drawn), Report($"five folds by person ({ofPerson.Count} of them)", [.. persons.Select(p => ofPerson[p])]),
        ];

        ResponseReport Report(string protocol, int[] folds)
        {
            var started = Stopwatch.GetTimestamp();
            var rows = new List<(string, bool, double, IReadOnlyList<ScoredOffers>)>
            {
                ("popularity", true, 0, Scored(shown, Popularity(shown, folds))),
            };
            foreach (var (name, options) in Models)
            {
                var before = Stopwatch.GetTimestamp();
                var scores = CrossValidate(shown, folds, options with { Seed = seed }, cancel);
                rows.Add((name, true, Stopwatch.GetElapsedTime(before).TotalSeconds, Scored(shown, scores)));
                progress.Report($"{protocol}: {name}, {Stopwatch.GetElapsedTime(before).TotalSeconds:F1} s");
            }

            return new(protocol, [], shown.Count, shown.Count(s => s.Accepted), 0,
                new ResponseFigures(resamples, seed).Rows(rows, new("", ResponseEvaluation.Logistic, "")),
                Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1));
        }
    }

    private static double[] CrossValidate(
        IReadOnlyList<ShownCoupon> shown, int[] folds, ResponseOptions options, CancellationToken cancel)
    {
        var contexts = Contexts(shown);
        var scores = new double[shown.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var fit = ResponseTraining.Train([.. contexts.Where((_, i) => folds[i] != fold)], options, null, cancel);
            var network = new Domain.Models.Response.ResponseNetwork(fit.Weights);
            for (var i = 0; i < shown.Count; i++)
            {
                scores[i] = folds[i] == fold ? ResponseLogits.Probabilities(network, contexts[i])[0].Redeem : scores[i];
            }
        }

        return scores;
    }

    private static List<ResponseContext> Contexts(IReadOnlyList<ShownCoupon> shown)
    {
        var user = Numbers(shown.SelectMany(s => s.Person.Concat(s.Situation)));
        var coupon = Numbers(shown.SelectMany(s => s.Coupon));
        return [.. shown.Select(s => new ResponseContext(
            DateTimeOffset.UnixEpoch, OneHot(user, s.Person.Concat(s.Situation)), [],
            [new(OneHot(coupon, s.Coupon), [], ResponseCandidate.Redemption(s.Accepted))]))];
    }

    private static Dictionary<string, int> Numbers(IEnumerable<string> words) =>
        words.Distinct().Order(StringComparer.Ordinal).Select((w, i) => (w, i)).ToDictionary(p => p.w, p => p.i);

    private static float[] OneHot(Dictionary<string, int> numbers, IEnumerable<string> words)
    {
        var x = new float[numbers.Count];
        foreach (var word in words)
        {
            x[numbers[word]] = 1;
        }

        return x;
    }

    // The share of each coupon's kind that was accepted in the other folds.
    private static double[] Popularity(IReadOnlyList<ShownCoupon> shown, int[] folds)
    {
        var keys = shown.Select(s => string.Join('\n', s.Coupon)).ToArray();
        var rates = shown.Select((s, i) => (Key: keys[i], Fold: folds[i], s.Accepted)).ToList();
        var byFold = Enumerable.Range(0, Folds).Select(fold => rates.Where(r => r.Fold != fold).GroupBy(r => r.Key)
            .ToDictionary(g => g.Key, g => (g.Count(r => r.Accepted) + 1.0) / (g.Count() + 2))).ToArray();
        return [.. keys.Select((key, i) => byFold[folds[i]].GetValueOrDefault(key, 0.5))];
    }

    private static List<ScoredOffers> Scored(IReadOnlyList<ShownCoupon> shown, double[] scores) =>
        [.. shown.Select((s, i) => new ScoredOffers($"{i}", [scores[i]], [s.Accepted], []))];
}
