using System.Diagnostics;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>What an evaluation is asked for.</summary>
public sealed record CouponEvaluationOptions
{
    /// <summary>Rank of the brief's factorisation.</summary>
    public int BriefRank { get; init; } = 10;

    /// <summary>Rank of our factorisation.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>Seed of the random row, of the factorisations and of the bootstrap.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Resamples of the cases for the intervals; 0 leaves them out.</summary>
    public int Resamples { get; init; } = 2_000;

    /// <summary>Users of the validation sample that the spectral model's options are chosen on.</summary>
    public int ValidationUsers { get; init; } = 2_500;

    /// <summary>How far they are searched.</summary>
    public SpectralSearchOptions Search { get; init; } = new() { RankMax = 256 };

    /// <summary>The share of the cases that our weights are tuned on: the earliest campaigns that together have at
    /// least so many. All the others are reported.</summary>
    public double TuneShare { get; init; } = 0.4;
}

/// <summary>One way of ranking, measured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Map">Mean over the cases of the average precision.</param>
/// <param name="MapLow">2.5 % of the resampled means.</param>
/// <param name="MapHigh">97.5 % of them.</param>
/// <param name="HitRate10">Share of cases with a redeemed coupon among the first 10.</param>
/// <param name="Ndcg10">Mean normalised discounted cumulative gain at 10.</param>
/// <param name="AboveOwnLow">2.5 % of the resampled mean difference of average precision to the row of own
/// purchases.</param>
/// <param name="AboveOwnHigh">97.5 % of it.</param>
/// <param name="Seconds">Time for learning and scoring.</param>
public sealed record CouponRow(
    string Name, double Map, double MapLow, double MapHigh, double HitRate10, double Ndcg10, double AboveOwnLow,
    double AboveOwnHigh, double Seconds);

/// <summary>The rows over one set of campaigns.</summary>
/// <param name="Campaigns">The campaigns, by their start.</param>
/// <param name="Cases">Pairs of a campaign and a user who redeemed in it.</param>
/// <param name="Rows">The rows.</param>
public sealed record CouponTable(IReadOnlyList<CampaignId> Campaigns, int Cases, IReadOnlyList<CouponRow> Rows);

/// <summary>The result of an evaluation.</summary>
/// <param name="Reported">The campaigns that nothing was tuned on: the figures to quote.</param>
/// <param name="Tuned">The earlier campaigns that our weights were tuned on.</param>
/// <param name="All">Both, to compare with published figures; for our row this flatters.</param>
/// <param name="Weights">The weights chosen.</param>
/// <param name="Spectral">The options of the spectral model: searched on the purchases before all campaigns that are
/// measured, its repeat weight then tuned as the weights are.</param>
/// <param name="LeftOut">Campaigns without a redemption, or without a purchase before their start.</param>
public sealed record CouponEvaluationResult(
    CouponTable Reported, CouponTable Tuned, CouponTable All, MixWeights Weights, SpectralOptions Spectral,
    IReadOnlyList<CampaignId> LeftOut);

/// <summary>For each campaign: learn from all purchases before its start; for each user who redeemed in it, rank all
/// its coupons; relevant are those he redeemed. Ties are broken by the popularity of what the coupon covers, then by
/// its id, in every row alike.</summary>
public static class CouponEvaluation
{
    /// <summary>The name of the row that the others are compared with.</summary>
    public const string OwnPurchases = "own past purchases";

    /// <summary>Runs it. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.TooLittleData"/> if no
    /// campaign can be evaluated.</summary>
    public static CouponEvaluationResult Run(
        CouponHistory history, CouponEvaluationOptions options, IProgress<string> progress, CancellationToken cancel)
    {
        var campaigns = history.Campaigns.OrderBy(c => c.Start).ThenBy(c => c.Id).ToList();
        var measured = new List<CampaignScores>();
        var clock = new RowClock();
        var trace = new BehaviourTrace();
        foreach (var purchase in history.Purchases)
        {
            trace.Add(purchase);
        }

        var first = campaigns.Find(c => CampaignScores.CanMeasure(trace, c));
        var spectral = first is null ? new() : Choose(trace, first.Start, options, clock, progress, cancel);
        foreach (var campaign in campaigns)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Report($"campaign {campaign.Id}: {campaign.Coupons.Count} coupons, {campaign.Redeemed.Count} users who redeemed");
            var scores = CampaignScores.Compute(
                trace, history.Catalog, campaign, spectral, options, clock, cancel);
            if (scores is not null)
            {
                measured.Add(scores);
            }
        }

        if (measured.Count < 2)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                "At least two campaigns with redemptions and earlier purchases are needed: one to tune on and one to report.");
        }

        var cut = TuneCut(measured, options.TuneShare);
        progress.Report($"tuning on the first {cut} campaigns");
        CouponCase[] tuned = [.. measured.Take(cut).SelectMany(m => m.Cases)];
        var started = Stopwatch.GetTimestamp();
        var weights = MixWeights.Tune(tuned);
        clock.Add(CampaignScores.Ours, Stopwatch.GetElapsedTime(started));
        spectral = spectral with { RepeatWeight = SpectralParts.Tune(tuned) };
        foreach (var c in measured.SelectMany(m => m.Cases))
        {
            c.Scores[CampaignScores.Ours] = weights.Score(c);
            c.Scores[CampaignScores.Spectral] = c.Spectral.Score(spectral.RepeatWeight);
        }

        return new(
            Table([.. measured.Skip(cut)], options, clock), Table([.. measured.Take(cut)], options, clock),
            Table(measured, options, clock), weights, spectral,
            [.. campaigns.Select(c => c.Id).Except(measured.Select(m => m.Campaign))]);
    }

    /// <summary>The ranks of a case: relevance from the first rank on. The coupons stand in the order of their
    /// ids.</summary>
    internal static bool[] Ranked(CouponCase c, double[] scores) => Ranked(c.Relevant, c.Popularity, scores);

    /// <summary>The ranks of some coupons, which stand in the order of their ids: relevance from the first rank
    /// on.</summary>
    internal static bool[] Ranked(bool[] relevant, double[] popularity, double[] scores)
    {
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) =>
            scores[b].CompareTo(scores[a]) is var byScore and not 0 ? byScore
            : popularity[b].CompareTo(popularity[a]) is var byPopularity and not 0 ? byPopularity
            : a.CompareTo(b));
        return Array.ConvertAll(order, i => relevant[i]);
    }

    // By the time alone: what was bought in the newest part of all that lies before the first campaign.
    private static SpectralOptions Choose(
        BehaviourTrace trace, DateTimeOffset start, CouponEvaluationOptions options, RowClock clock,
        IProgress<string> progress, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var before = TemporalRanking.Of(trace, new(), start.AddTicks(-1), start.AddTicks(-1));
        var validation = before.Validation(options.ValidationUsers, options.Seed);
        var chosen = validation is { Users.Length: > 0 }
            ? SpectralSearch.Run(validation, options.Search, new SearchNotes(progress), cancel)
            : new();
        clock.Add(CampaignScores.Spectral, Stopwatch.GetElapsedTime(started));
        return chosen;
    }

    private static int TuneCut(List<CampaignScores> measured, double share)
    {
        var needed = share * measured.Sum(m => m.Cases.Count);
        var cut = 0;
        for (var sum = 0; cut < measured.Count - 1 && sum < needed; cut++)
        {
            sum += measured[cut].Cases.Count;
        }

        return cut;
    }

    private static CouponTable Table(List<CampaignScores> measured, CouponEvaluationOptions options, RowClock clock)
    {
        var cases = measured.SelectMany(m => m.Cases).ToList();
        var ranks = cases[0].Scores.Keys.ToDictionary(name => name, name => cases.ConvertAll(c => Ranked(c, c.Scores[name])));
        var precisions = ranks.ToDictionary(
            r => r.Key, r => r.Value.ConvertAll(ranked => RankingMetrics.AveragePrecision(ranked, ranked.Count(x => x))));
        var own = precisions[OwnPurchases];
        var rows = ranks.Select(r =>
        {
            var precision = precisions[r.Key];
            var (low, high) = Bootstrap.Interval(precision, options);
            var (above, below) = Bootstrap.Interval([.. precision.Zip(own, (a, b) => a - b)], options);
            return new CouponRow(
                r.Key, precision.Average(), low, high,
                r.Value.Average(ranked => RankingMetrics.HitRate(ranked, 10)),
                r.Value.Average(ranked => RankingMetrics.Ndcg(ranked, 10, ranked.Count(x => x))),
                above, below, clock.Seconds(r.Key));
        });
        return new([.. measured.Select(m => m.Campaign)], cases.Count, [.. rows]);
    }
}

/// <summary>Percentile intervals of a mean by resampling (Efron 1979).</summary>
internal static class Bootstrap
{
    public static (double Low, double High) Interval(IReadOnlyList<double> values, CouponEvaluationOptions options)
    {
        if (options.Resamples == 0)
        {
            return (double.NaN, double.NaN);
        }

        var random = new Random(options.Seed);
        var means = new double[options.Resamples];
        for (var r = 0; r < means.Length; r++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
            {
                sum += values[random.Next(values.Count)];
            }

            means[r] = sum / values.Count;
        }

        Array.Sort(means);
        return (means[(int)(0.025 * means.Length)], means[(int)(0.975 * means.Length)]);
    }
}

/// <summary>Time by row.</summary>
internal sealed class RowClock
{
    private readonly Dictionary<string, TimeSpan> _spent = [];

    public double Seconds(string row) => Math.Round(_spent.GetValueOrDefault(row).TotalSeconds, 3);

    public void Add(string row, TimeSpan spent) => _spent[row] = _spent.GetValueOrDefault(row) + spent;
}
