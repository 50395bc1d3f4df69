using System.Diagnostics;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
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

    /// <summary>The share of the cases in the earliest campaigns, on which features were chosen: the second report
    /// leaves them out.</summary>
    public double TuneShare { get; init; } = 0.4;

    /// <summary>The models by name, the logistic regression first.</summary>
    public IReadOnlyList<(string Name, ResponseOptions Options)> Models { get; init; } =
    [
        (ResponseEvaluation.Logistic, ResponseOptions.Logistic),
        (ResponseEvaluation.Network, new() { Members = 3 }),
        ("network, GRU", new() { Encoder = ResponseEncoder.Gru }),
        ("network, convolution", new() { Encoder = ResponseEncoder.Convolution }),
    ];

    /// <summary>Coupons kept of a user who redeemed none, in training.</summary>
    public int KeptCandidates { get; init; } = 12;

    /// <summary>The share of these users that is kept.</summary>
    public double KeptShare { get; init; } = 0.3;
}

/// <summary>A campaign that is reported.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Cases">Users who redeemed in it.</param>
public readonly record struct ReportedCampaign(CampaignId Id, int Cases);

/// <summary>The result of an evaluation.</summary>
/// <param name="Protocol">What was done, in a sentence.</param>
/// <param name="Campaigns">The campaigns reported, or none.</param>
/// <param name="Offers">Offers scored.</param>
/// <param name="Redeemed">Of these, redeemed.</param>
/// <param name="Cases">Users at a moment who redeemed something.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Seconds">In all.</param>
public sealed record ResponseReport(
    string Protocol, IReadOnlyList<ReportedCampaign> Campaigns, int Offers, int Redeemed, int Cases,
    IReadOnlyList<ResponseRow> Rows, double Seconds);

/// <summary>Predicts who redeemed which coupon of past campaigns, with an origin that rolls: for each campaign the
/// models learn from the campaigns that had ended before its start, with what was known at each one's own start;
/// everything else learns from the purchases before it. Offers are all its coupons to all users whom it was for; a case
/// is a user who redeemed in it. Reported is each campaign before whose start enough was known for the trainer to make
/// a response model.</summary>
public static class ResponseEvaluation
{
    /// <summary>The name of the logistic regression.</summary>
    public const string Logistic = "logistic regression";

    /// <summary>The name of the network that reads no events.</summary>
    public const string Network = "network without events";

    /// <summary>The name of what the trainer would publish: of these two the one with the lower loss on the newest part
    /// of what it learned from.</summary>
    public const string Published = "published: the lower loss of the two";

    /// <summary>The name of the convex mix of own past purchases and what is published.</summary>
    public const string Mixed = "own past and published, mixed";

    private static readonly string[] Baselines =
        ["popularity", CouponEvaluation.OwnPurchases, "brief: SVD 10, cosine"];

    /// <summary>Runs it. Answers a report of all campaigns, and one of the later ones, after those that features were
    /// chosen on. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.TooLittleData"/> if no campaign
    /// can be reported.</summary>
    public static IReadOnlyList<ResponseReport> Run(
        ResponseHistory history, ResponseEvaluationOptions options, IProgress<string> progress, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var moments = new List<CampaignMoment>();
        foreach (var moment in new ResponseMoments(history, options.Seed).Read(Vocabulary(history), cancel))
        {
            progress.Report($"campaign {moment.Past.Campaign.Id}: {moment.Offers.Count} coupons for {moment.Users.Count} users");
            moments.Add(moment);
        }

        var clock = new RowClock();
        var scored = new List<ScoredCampaign>();
        foreach (var together in moments.GroupBy(m => m.Past.Campaign.Start))
        {
            var known = moments.Where(m => m.Past.Campaign.End <= together.Key).ToList();
            var reported = together.Where(m => m.Past.Redeemed.Count > 0).ToList();
            if (reported.Count > 0 && IsEnough(known))
            {
                scored.AddRange(Score(history, reported, known, options, clock, progress, cancel));
            }
        }

        Mix(scored);
        var later = Later(moments, options.TuneShare);
        var seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1);
        return scored.Count == 0
            ? throw new RefusedException(RefusalCodes.TooLittleData,
                "A campaign with redemptions is needed before whose start others had ended that are enough to learn from.")
            : [.. new[] { ("all campaigns", scored), ("the later ones", scored.FindAll(s => later.Contains(s.Campaign.Id))) }
                .Where(part => part.Item2.Count > 0).Select(part => Report(part.Item1, part.Item2, options, clock, seconds))];
    }

    /// <summary>The words of the attributes that users told of themselves, at most 64, the most frequent
    /// first.</summary>
    public static IReadOnlyList<string> Vocabulary(ResponseHistory history) =>
        [.. history.Users.SelectMany(u => u.Attributes.Select(a => UserFeatures.Word(a.Key, a.Value)))
            .GroupBy(w => w).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Where(g => g.Count() >= 10).Take(64).Select(g => g.Key)];

    private static bool IsEnough(List<CampaignMoment> known) =>
        ResponseStage.IsEnough(known.SelectMany(m => m.Users).SelectMany(u => u.Redeemed).Select(ResponseCandidate.Redemption));

    // The campaigns after those that hold the given share of the cases.
    private static HashSet<CampaignId> Later(List<CampaignMoment> moments, double tuneShare)
    {
        var cases = moments.ConvertAll(m => m.Past.Redeemed.Count);
        var (cut, seen, needed) = (0, 0, tuneShare * cases.Sum());
        for (; cut < moments.Count && seen < needed; cut++)
        {
            seen += cases[cut];
        }

        return [.. moments.Skip(cut).Select(m => m.Past.Campaign.Id)];
    }

    private static ResponseReport Report(
        string which, List<ScoredCampaign> scored, ResponseEvaluationOptions options, RowClock clock, double seconds)
    {
        string[] names = [.. Baselines, .. options.Models.Select(m => m.Name), Published, Mixed];
        var models = options.Models.Select(m => m.Name).Append(Published).ToHashSet();
        var rows = new ResponseFigures(options.Resamples, options.Seed).Rows(
            [.. names.Select(n => (n, models.Contains(n), clock.Seconds(n),
                (IReadOnlyList<ScoredOffers>)[.. scored.SelectMany(s => s.Rows[n])]))],
            new(CouponEvaluation.OwnPurchases, Logistic, Baselines[2]));
        var any = scored.SelectMany(s => s.Rows[names[0]]).ToList();
        return new(
            $"{which}: learn from the campaigns ended before each campaign's start, with what was known at their own; score all "
            + "its coupons for all users whom it was for; cases are users who redeemed; ties by popularity, then by id; intervals by "
            + "resampling users",
            [.. scored.Select(s => new ReportedCampaign(s.Campaign.Id, s.Rows[names[0]].Count(u => u.Ranked.Length > 0)))],
            any.Sum(u => u.Scores.Length), any.Sum(u => u.Relevant.Count(x => x)), any.Count(u => u.Ranked.Length > 0), rows, seconds);
    }

    // Campaigns that begin together know the same, so that one fit serves them all.
    private static IEnumerable<ScoredCampaign> Score(
        ResponseHistory history, List<CampaignMoment> together, List<CampaignMoment> known, ResponseEvaluationOptions options,
        RowClock clock, IProgress<string> progress, CancellationToken cancel)
    {
        var fits = new List<(string Name, bool WithEvents, ResponseFit Fit)>();
        foreach (var (name, model) in options.Models)
        {
            var before = Stopwatch.GetTimestamp();
            fits.Add((name, model.Encoder != ResponseEncoder.None,
                Fit(history, together[0].Snapshot, known, model with { Seed = options.Seed }, options, cancel)));
            clock.Add(name, Stopwatch.GetElapsedTime(before));
            progress.Report($"{together[0].Past.Campaign.Start:yyyy-MM-dd}: {name}, {Stopwatch.GetElapsedTime(before).TotalSeconds:F1} s");
        }

        var published = fits.Where(f => f.Name is Logistic or Network).MinBy(f => f.Fit.ValidationLoss).Name;
        foreach (var moment in together)
        {
            var (popularity, rows) = Baseline(history, moment, options, clock, cancel);
            foreach (var (name, withEvents, fit) in fits)
            {
                var before = Stopwatch.GetTimestamp();
                rows[name] = Predict(history, moment, popularity, fit, withEvents);
                clock.Add(name, Stopwatch.GetElapsedTime(before));
            }

            rows[Published] = rows[published];
            yield return new(moment.Past.Campaign, popularity, rows);
        }
    }

    // The weight of each campaign's mix is the best of those scored that had ended before its start; a half without
    // any.
    private static void Mix(List<ScoredCampaign> scored)
    {
        foreach (var campaign in scored)
        {
            var earlier = scored.Where(s => s.Campaign.End <= campaign.Campaign.Start).Select(Part).ToList();
            var weight = ResponseMix.Choose(earlier);
            campaign.Rows[Mixed] = ResponseMix.Of(Part(campaign), weight);
        }

        static MixPart Part(ScoredCampaign s) =>
            new(s.Popularity, s.Rows[CouponEvaluation.OwnPurchases], s.Rows[Published]);
    }

    private static (double[] Popularity, Dictionary<string, IReadOnlyList<ScoredOffers>> Rows) Baseline(
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
        var cases = moment.Users.Select(u => (u.User, Case: scorer.Case(u.User, ids, u.Redeemed))).ToList();
        return (cases[0].Case.Popularity, Baselines.ToDictionary(name => name, IReadOnlyList<ScoredOffers> (name) =>
            [.. cases.Select(c => ScoredOffers.Of(c.User.Value, c.Case.Popularity, c.Case.Scores[name], c.Case.Relevant))]));
    }

    private static ResponseFit Fit(
        ResponseHistory history, ModelSnapshot described, List<CampaignMoment> known, ResponseOptions model,
        ResponseEvaluationOptions options, CancellationToken cancel)
    {
        var withEvents = model.Encoder != ResponseEncoder.None;
        var examples = known.SelectMany(m => m.Contexts(described, history.Catalog, withEvents)).ToList();
        var thinned = ResponseExamples.Thin(examples, options.KeptCandidates, options.KeptShare, new(options.Seed));
        var width = withEvents ? EventFeatures.Width(described.Factors.Rank) : 0;
        return ResponseTraining.Train(thinned, model with { EventWidth = width }, null, cancel);
    }

    private static List<ScoredOffers> Predict(
        ResponseHistory history, CampaignMoment moment, double[] popularity, ResponseFit fit, bool withEvents)
    {
        var network = new ResponseNetwork(fit.Weights);
        return [.. moment.Contexts(moment.Snapshot, history.Catalog, withEvents).Zip(moment.Users, (c, user) =>
            ScoredOffers.Of(user.User.Value, popularity, [.. ResponseLogits.Probabilities(network, c).Select(s => (double)s.Redeem)],
                [.. c.Candidates.Select(x => x.IsRedeemed)]))];
    }
}

/// <summary>A campaign scored by every row.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Popularity">Of its coupons, for ties.</param>
/// <param name="Rows">By the name of the row, the users in one order.</param>
internal sealed record ScoredCampaign(
    Domain.Campaigns.Campaign Campaign, double[] Popularity, Dictionary<string, IReadOnlyList<ScoredOffers>> Rows);
