using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Training.Models.Response;

/// <summary>The stage of a training run that makes the response model from the coupons in the log.</summary>
/// <remarks>Issues are cut in time: those before the cut, <see cref="EarlierShare"/> of them, teach nothing; a model of
/// the behaviour before the cut, which no outcome can have touched, gives the numbers of the later ones. Each user's
/// profile is folded from the log up to the issue and no further. Only what an item is like, its factors, comes from
/// the model that is published. A logistic regression is trained too, and is kept unless the network is better on the
/// newest part.</remarks>
internal sealed class ResponseStage(
    IEventLog log, ICatalogStore catalog, ICampaignStore campaigns, IUserStore? users, TimeProvider time, ILogger logger)
{
    /// <summary>The fewest issues whose outcome is known.</summary>
    public const int IssuesMin = 200;

    /// <summary>The fewest of them redeemed, and not redeemed.</summary>
    public const int OutcomesMin = 20;

    /// <summary>The share of the issues before the cut.</summary>
    public const double EarlierShare = 0.3;

    private const int WordsMax = 64;
    private const int WordUsersMin = 10;

    /// <summary>The response model, or null where too little became of too few coupons, or where what was learned of
    /// the earlier issues does not stand on the newest ones. A new model that loses to the one in force there is not
    /// carried; the one in force is carried on if it can be computed with the new factors and stands itself.</summary>
    public async Task<TrainedResponse?> Train(
        IssueLog issues, ModelSnapshot model, ModelSnapshot? before, TrainingOptions options, long lastSequence,
        ITrainingWatch watch, CancellationToken cancel)
    {
        var begin = time.GetTimestamp();
        if (issues.Unknown > 0)
        {
            logger.UnknownCoupons(issues.Unknown);
        }

        var (vocabulary, records) = await Records(issues, cancel);
        var reader = await Index(issues, model, options, lastSequence, cancel) is { } index
            ? new IssueReader(issues, index, Terms(model, vocabulary, before, options), records, options.Weights)
            : null;
        await Read(reader, lastSequence, cancel);
        if (reader is null || !IsEnough(reader.Examples.Select(e => e.Outcomes)))
        {
            watch.Report(new("respond", TrainingSteps.Of(options).Designed,
                $"No response model: it takes {IssuesMin} coupons whose end is known, {OutcomesMin} redeemed and "
                + $"{OutcomesMin} not."));
            return null;
        }

        var told = new ResponseWatch(watch, TrainingSteps.Of(options).Designed, reader.Examples.Count);
        var (tried, metrics, instead) = Try(reader, model, before, options, told, cancel);
        told.Chart = TrainingCharts.ResponseKept;
        if (metrics is not null && ModelGate.CheckResponse(metrics) is { } refusal)
        {
            var then = instead is null ? "None is." : "The one in force is carried on.";
            logger.ResponseDropped(refusal.Detail, then);
            watch.Report(new("respond", TrainingSteps.Of(options).Designed, $"{refusal.Detail} {then}"));
            return instead;
        }

        var contexts = reader.Contexts(reader.Examples, 0);
        var fit = tried is null
            ? Best(contexts, model, options, told, cancel).Fit
            : ResponseTraining.Train(contexts, tried, told.Of(tried), cancel);
        logger.Response(fit.Weights.Shape.Encoder, fit.Weights.Shape.FirstWidth, contexts.Count, fit.ValidationLoss,
            time.GetElapsedTime(begin).TotalSeconds);
        var prior = ResponsePrior.Of(reader.Examples.Select(e => (e.Orders, e.Kind, e.Outcomes)));
        return new(new(fit.Weights, vocabulary, prior), metrics);
    }

    // The terms of the new model, and those of the response model in force: with the new factors if they fit it.
    private static IReadOnlyList<IssueTerms> Terms(
        ModelSnapshot model, IReadOnlyList<string> vocabulary, ModelSnapshot? before, TrainingOptions options)
    {
        var terms = new IssueTerms(model, vocabulary, options.ResponseEncoder != ResponseEncoder.None);
        return before?.Response is { } current && current.Fits(before.Factors.Rank)
            ? [terms, new(current.Fits(model.Factors.Rank) ? model : before, current.Vocabulary,
                current.Shape.Encoder != ResponseEncoder.None)]
            : [terms];
    }

    // Trains on the earlier issues and measures on the newest. Nothing where the earlier ones are too few.
    private (ResponseOptions? Options, ResponseMetrics? Metrics, TrainedResponse? Instead) Try(
        IssueReader reader, ModelSnapshot model, ModelSnapshot? before, TrainingOptions options, ResponseWatch told,
        CancellationToken cancel)
    {
        var (earlier, newest) = ResponseHeldOut.Part(reader.Examples);
        if (!IsEnough(earlier.Select(e => e.Outcomes), OutcomesMin))
        {
            return default;
        }

        var (tried, fit) = Best(reader.Contexts(earlier, 0), model, options, told, cancel);
        var learned = ResponseHeldOut.Redemptions(new(fit.Weights), reader.Contexts(newest, 0));
        var prior = ResponseHeldOut.Redemptions(earlier, newest);
        var current = reader.Terms > 1
            ? ResponseHeldOut.Redemptions(before!.Response!.Network, reader.Contexts(newest, 1)) : null;
        var metrics = ResponseHeldOut.Measure(newest, learned, prior, current);
        logger.ResponseMeasured(
            metrics.Issues, metrics.LogLoss, metrics.PriorLogLoss, metrics.CurrentLogLoss, metrics.Auc);
        var kept = current is null || !before!.Response!.Fits(model.Factors.Rank)
            ? null : new TrainedResponse(before.Response, ResponseHeldOut.Measure(newest, current, prior, current));
        return (tried, metrics, kept?.Metrics is { } m && ModelGate.CheckResponse(m) is null ? kept : null);
    }

    private async Task Read(IssueReader? reader, long lastSequence, CancellationToken cancel)
    {
        if (reader is null)
        {
            return;
        }

        await foreach (var recorded in log.ReadAll(0, cancel).WithCancellation(cancel))
        {
            if (recorded.Sequence > lastSequence)
            {
                break;
            }

            reader.Add(recorded);
        }
    }

    private static (ResponseOptions Options, ResponseFit Fit) Best(
        IReadOnlyList<ResponseContext> contexts, ModelSnapshot model, TrainingOptions options, ResponseWatch told,
        CancellationToken cancel)
    {
        var network = new ResponseOptions
        {
            Encoder = options.ResponseEncoder, EventWidth = EventFeatures.Width(model.Factors.Rank),
            Seed = options.Seed,
        };
        return ((ResponseOptions[])[ResponseOptions.Logistic with { Seed = options.Seed }, network])
            .Select(o => (Options: o, Fit: ResponseTraining.Train(contexts, o, told.Of(o), cancel)))
            .MinBy(f => f.Fit.ValidationLoss);
    }

    /// <summary>True if enough outcomes are known.</summary>
    internal static bool IsEnough(IEnumerable<float[]> outcomes, int issuesMin = IssuesMin)
    {
        var known = outcomes.Select(o => o[(int)ResponseHead.Redeem]).Where(y => !float.IsNaN(y)).ToList();
        return known.Count >= issuesMin && known.Count(y => y == 1) >= OutcomesMin && known.Count(y => y == 0) >= OutcomesMin;
    }

    // The issued offers with the numbers of the behaviour before the cut.
    private async Task<IssueIndex?> Index(
        IssueLog issues, ModelSnapshot model, TrainingOptions options, long lastSequence, CancellationToken cancel)
    {
        var times = issues.Issues.Select(e => e.At).Order().ToArray();
        if (times.Length < IssuesMin)
        {
            return null;
        }

        var cut = times[(int)(EarlierShare * times.Length)];
        var (now, newest) = (time.GetUtcNow(), DateTimeOffset.MinValue);
        var behaviour = new BehaviourAccumulator(options.Weights, DateTimeOffset.MaxValue);
        await foreach (var recorded in log.ReadAll(0, cancel).WithCancellation(cancel))
        {
            if (recorded.Sequence > lastSequence)
            {
                break;
            }

            // A clock that is ahead ends no coupon.
            newest = recorded.Event.At > newest && recorded.Event.At <= now ? recorded.Event.At : newest;
            if (recorded.Event.At < cut)
            {
                behaviour.Add(recorded.Event);
            }
        }

        var matrix = behaviour.TakeMatrix(cancel);
        if (matrix.Users.Count < 2 || matrix.Items.Count < 2)
        {
            return null;
        }

        var training = new SpectralTraining(options, time, logger, ITrainingWatch.None);
        var earlier = training.Fit(matrix, new(options.Spectral with { Rank = options.Rank }, false, new(0, 0, 0, 0, 0)), null, cancel);
        var offers = await Offers(issues, cancel);
        var items = new CatalogIndex(await catalog.ReadAll(cancel).ToListAsync(cancel));
        return new(OfferIndex.Build(earlier.Model, offers, items), cut, newest);
    }

    private async Task<List<(Campaign Campaign, IReadOnlyList<Offer> Offers)>> Offers(IssueLog issues, CancellationToken cancel)
    {
        var offers = new List<Offer>();
        foreach (var id in issues.Issues.Select(e => e.Offer).Distinct().Order())
        {
            if (await campaigns.GetOffer(id, cancel) is { } offer)
            {
                offers.Add(offer);
            }
        }

        var found = new List<(Campaign, IReadOnlyList<Offer>)>();
        foreach (var group in offers.GroupBy(o => o.Campaign))
        {
            if (await campaigns.Get(group.Key, cancel) is { } campaign)
            {
                found.Add((campaign with { Status = CampaignStatus.Active }, [.. group]));
            }
        }

        return found;
    }

    private async Task<(IReadOnlyList<string> Vocabulary, Dictionary<UserId, UserRecord> Records)> Records(
        IssueLog issues, CancellationToken cancel)
    {
        var wanted = issues.Issues.Select(e => e.User).ToHashSet();
        var records = new Dictionary<UserId, UserRecord>();
        if (users is not null && wanted.Count > 0)
        {
            await foreach (var record in users.ReadAll(null, cancel).WithCancellation(cancel))
            {
                if (wanted.Contains(record.Id))
                {
                    records[record.Id] = record;
                }
            }
        }

        var words = records.Values.Where(r => r.Consent).SelectMany(r => r.Attributes.Select(a => UserFeatures.Word(a.Key, a.Value)))
            .GroupBy(w => w).Where(g => g.Count() >= WordUsersMin)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(WordsMax).Select(g => g.Key);
        return ([.. words], records);
    }
}

/// <summary>The offers that were issued, as they looked at the cut.</summary>
/// <param name="Index">With the model of the behaviour before the cut.</param>
/// <param name="Cut">Issues from here on teach.</param>
/// <param name="Newest">The newest event that is not ahead of the clock: what should have ended before it has.</param>
internal sealed record IssueIndex(OfferIndex Index, DateTimeOffset Cut, DateTimeOffset Newest);

/// <summary>The response model that a run puts into its artifact.</summary>
/// <param name="Model">The model.</param>
/// <param name="Metrics">On the newest issues; null if the earlier ones were too few to train on without them.</param>
internal sealed record TrainedResponse(ResponseModel Model, ResponseMetrics? Metrics);
