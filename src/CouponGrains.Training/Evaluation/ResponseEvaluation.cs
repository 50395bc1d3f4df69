using System.Diagnostics;
using CouponGrains.Domain;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Models;
using CouponGrains.Training.Models.Response;

namespace CouponGrains.Training.Evaluation;

/// <summary>What an evaluation of responses is asked for.</summary>
public sealed record ResponseEvaluationOptions
{
    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Resamples for the intervals; 0 leaves them out.</summary>
    public int Resamples { get; init; } = 2_000;

    /// <summary>The share of the cases in the earliest campaigns, which are learned from and not reported.</summary>
    public double TuneShare { get; init; } = 0.4;

    /// <summary>The models by name, the logistic regression first.</summary>
    public IReadOnlyList<(string Name, ResponseOptions Options)> Models { get; init; } =
    [
        (ResponseEvaluation.Logistic, ResponseOptions.Logistic),
        ("network without events", new() { Members = 3 }),
        ("network, GRU", new() { Encoder = ResponseEncoder.Gru }),
        ("network, convolution", new() { Encoder = ResponseEncoder.Convolution }),
    ];

    /// <summary>Coupons kept of a user who redeemed none, in training.</summary>
    public int KeptCandidates { get; init; } = 12;

    /// <summary>The share of these users that is kept.</summary>
    public double KeptShare { get; init; } = 0.3;
}

/// <summary>The result of an evaluation.</summary>
/// <param name="Protocol">What was done, in a sentence.</param>
/// <param name="Campaigns">The campaigns reported, or none.</param>
/// <param name="Offers">Offers scored.</param>
/// <param name="Redeemed">Of these, redeemed.</param>
/// <param name="Cases">Users at a moment who redeemed something.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Seconds">In all.</param>
public sealed record ResponseReport(
    string Protocol, IReadOnlyList<CampaignId> Campaigns, int Offers, int Redeemed, int Cases, IReadOnlyList<ResponseRow> Rows,
    double Seconds);

/// <summary>Predicts who redeemed which coupon of past campaigns. For each campaign reported: the models learn from the
/// campaigns that had ended before its start, with what was known at each one's own start; everything else learns from the
/// purchases before it. Offers are all its coupons to all users whom it was for; a case is a user who redeemed in it.</summary>
public static class ResponseEvaluation
{
    /// <summary>The name of the logistic regression.</summary>
    public const string Logistic = "logistic regression";

    private static readonly string[] Baselines =
        ["popularity", CouponEvaluation.OwnPurchases, "brief: SVD 10, cosine"];

    /// <summary>Runs it. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.TooLittleData"/> if no campaign
    /// can be reported.</summary>
    public static ResponseReport Run(
        ResponseHistory history, ResponseEvaluationOptions options, IProgress<string> progress, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var moments = new List<CampaignMoment>();
        foreach (var moment in new ResponseMoments(history, options.Seed).Read(Vocabulary(history), cancel))
        {
            progress.Report($"campaign {moment.Past.Campaign.Id}: {moment.Offers.Count} coupons for {moment.Users.Count} users");
            moments.Add(moment);
        }

        var reported = Reported(moments, options.TuneShare);
        var scored = new Dictionary<string, List<ScoredOffers>>();
        var clock = new RowClock();
        foreach (var moment in reported)
        {
            var (popularity, baselines) = Baseline(history, moment, options, clock, cancel);
            foreach (var (name, users) in baselines)
            {
                Add(scored, name, users);
            }

            var known = moments.Where(m => m.Past.Campaign.End <= moment.Past.Campaign.Start).ToList();
            foreach (var (name, model) in options.Models)
            {
                var before = Stopwatch.GetTimestamp();
                var users = Predict(history, moment, popularity, known, model with { Seed = options.Seed }, options, cancel);
                clock.Add(name, Stopwatch.GetElapsedTime(before));
                Add(scored, name, users);
                progress.Report($"campaign {moment.Past.Campaign.Id}: {name}, {Stopwatch.GetElapsedTime(before).TotalSeconds:F1} s");
            }
        }

        var names = Baselines.Concat(options.Models.Select(m => m.Name)).ToList();
        var rows = new ResponseFigures(options.Resamples, options.Seed).Rows(
            [.. names.Select(n => (n, !Baselines.Contains(n), clock.Seconds(n), (IReadOnlyList<ScoredOffers>)scored[n]))],
            CouponEvaluation.OwnPurchases, Logistic);
        var any = scored[names[0]];
        return new(
            "learn from the campaigns ended before each campaign's start, with what was known at their own; score all its coupons for "
            + "all users whom it was for; cases are users who redeemed; ties by popularity, then by id",
            [.. reported.Select(m => m.Past.Campaign.Id)], any.Sum(u => u.Scores.Length), any.Sum(u => u.Relevant.Count(x => x)),
            any.Count(u => u.Ranked.Length > 0), rows, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1));
    }

    /// <summary>The words of the attributes that users told of themselves, at most 64, the most frequent first.</summary>
    public static IReadOnlyList<string> Vocabulary(ResponseHistory history) =>
        [.. history.Users.SelectMany(u => u.Attributes.Select(a => UserFeatures.Word(a.Key, a.Value)))
            .GroupBy(w => w).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Where(g => g.Count() >= 10).Take(64).Select(g => g.Key)];

    private static List<CampaignMoment> Reported(List<CampaignMoment> moments, double tuneShare)
    {
        var cases = moments.ConvertAll(m => m.Past.Redeemed.Count);
        var (cut, seen, needed) = (0, 0, tuneShare * cases.Sum());
        for (; cut < moments.Count && seen < needed; cut++)
        {
            seen += cases[cut];
        }

        var reported = moments.Skip(cut).Where(m => m.Past.Redeemed.Count > 0).ToList();
        return reported.Count > 0 ? reported : throw new RefusedException(RefusalCodes.TooLittleData,
            "At least two campaigns with redemptions and earlier purchases are needed: one to learn from and one to report.");
    }

    private static void Add(Dictionary<string, List<ScoredOffers>> scored, string name, IEnumerable<ScoredOffers> users)
    {
        scored.TryAdd(name, []);
        scored[name].AddRange(users);
    }

    private static (double[] Popularity, IReadOnlyList<(string Name, IEnumerable<ScoredOffers> Users)> Rows) Baseline(
        ResponseHistory history, CampaignMoment moment, ResponseEvaluationOptions options, RowClock clock, CancellationToken cancel)
    {
        var trace = new BehaviourTrace();
        foreach (var e in history.Events)
        {
            trace.Add(e);
        }

        var until = moment.Past.Campaign.Start.AddTicks(-1);
        var scorer = new CampaignScorer(
            history.Catalog, trace.Matrix(CampaignScores.Undecayed, until), trace.Matrix(new(), until),
            [.. moment.Offers.Select(o => o.Scope.Items)], new(), new() { Seed = options.Seed }, clock, cancel);
        var ids = moment.Offers.Select(o => o.Id).ToArray();
        var cases = moment.Users.Select(u => scorer.Case(u.User, ids, u.Redeemed)).ToList();
        return (cases[0].Popularity, [.. Baselines.Select(name =>
            (name, (IEnumerable<ScoredOffers>)cases.Select(c => Scored(c.Popularity, c.Scores[name], c.Relevant))))]);
    }

    private static List<ScoredOffers> Predict(
        ResponseHistory history, CampaignMoment moment, double[] popularity, List<CampaignMoment> known, ResponseOptions model,
        ResponseEvaluationOptions options, CancellationToken cancel)
    {
        var withEvents = model.Encoder != ResponseEncoder.None;
        var examples = known.SelectMany(m => m.Contexts(moment.Snapshot, history.Catalog, withEvents)).ToList();
        var thinned = ResponseExamples.Thin(examples, options.KeptCandidates, options.KeptShare, new(options.Seed));
        var width = withEvents ? EventFeatures.Width(moment.Snapshot.Factors.Rank) : 0;
        var fit = ResponseTraining.Train(thinned, model with { EventWidth = width }, null, cancel);
        var network = new ResponseNetwork(fit.Weights);
        return [.. moment.Contexts(moment.Snapshot, history.Catalog, withEvents)
            .Select(c => Scored(popularity, [.. ResponseLogits.Probabilities(network, c).Select(s => (double)s.Redeem)],
                [.. c.Candidates.Select(x => x.IsRedeemed)]))];
    }

    private static ScoredOffers Scored(double[] popularity, double[] scores, bool[] relevant) =>
        new(scores, relevant, relevant.Contains(true) ? CouponEvaluation.Ranked(relevant, popularity, scores) : []);
}
