using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Models;
using CouponGrains.Training.Offers.Judgement;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Training.Offers;

/// <summary>The stage of a training run that makes what designing needs: segments of users, examples, and the
/// generator.</summary>
internal sealed class GeneratorTraining(
    ICatalogStore catalog, ICampaignStore campaigns, TimeProvider time, ILogger logger)
{
    /// <summary>The tensors that the model carries for <see cref="ITrainer.Design"/>: the segments, and the generator
    /// unless it was left out (no epochs) or there is nothing to learn it from; and the generator's judgement, by which
    /// it is used or not.</summary>
    public async Task<(IReadOnlyDictionary<string, ModelTensor> Tensors, JudgementReport? Judgement)> Train(
        BehaviourMatrix matrix, SvdFactors factors, OfferFeedback feedback, TrainingOptions options,
        ITrainingWatch watch, CancellationToken cancel)
    {
        var begin = time.GetTimestamp();
        var (random, steps) = (new Random(options.Seed), TrainingSteps.Of(options));
        var segments = UserSegments.Find(factors.UserVectors, factors.Rank, random);
        watch.Report(new("design", steps.Factorised, $"Found {segments.Shares.Length} segments of users."));
        var tensors = new List<KeyValuePair<string, ModelTensor>>(segments.ToTensors());
        if (options.OfferEpochs == 0)
        {
            return (new Dictionary<string, ModelTensor>(tensors), null);
        }

        var index = new CatalogIndex(await catalog.ReadAll(cancel).ToListAsync(cancel));
        var scopes = new ScopeFactors(index, new(matrix.Items, factors.Rank, factors.V));
        var source = new DesignExamples(matrix, factors, scopes, segments);
        var examples = source.Own(await ReadOffers(campaigns, cancel), feedback);
        var own = examples.Count;
        if (own < DesignExamples.OwnEnough)
        {
            examples.AddRange(
                source.FromBehaviour(DesignExamples.RowsWanted - own, TopCategories(matrix, index), random));
        }

        if (examples.Count == 0)
        {
            watch.Report(new("design", steps.Designed,
                "No generator: the shop has no offers, and no item with behaviour has a category."));
            return (new Dictionary<string, ModelTensor>(tensors), null);
        }

        var (learned, heldOut) = GeneratorJudgement.Part(examples, random);
        var weights = OfferGanTraining.Train(
            learned, scopes.Prototypes, new() { Epochs = options.OfferEpochs, Seed = options.Seed },
            passed =>
            {
                watch.Mark(new(TrainingCharts.Generator, "distance", passed.Epoch, passed.Distance));
                watch.Mark(new(TrainingCharts.Generator, "critic", passed.Epoch, passed.CriticLoss));
                watch.Mark(new(TrainingCharts.Generator, "generator", passed.Epoch, passed.GeneratorLoss));
                watch.Report(new("design",
                    steps.Factorised
                        + ((steps.Designed - steps.Factorised) * passed.Epoch / options.OfferEpochs),
                    $"Generator, epoch {passed.Epoch} of {options.OfferEpochs}: distance {passed.Distance:F3} "
                    + $"over {learned.Count:N0} examples ({own:N0} from the shop's offers)."));
            }, cancel);
        var judge = new GeneratorJudgement(scopes, segments, index, DesignExamples.Plain);
        JudgementReport? judgement = null;
        weights = weights with { Instead = DesignJudgement.BaselineNumber(DesignJudgement.History) };
        if (judge.Real(learned, heldOut, options.Seed) is { } real)
        {
            weights = weights with { Learned = judge.Learned(real) };
            judgement = judge.Judge(weights, learned, real, options.Seed, cancel);
            watch.Report(new("design", steps.Designed, $"Designs of {judgement.Used} are used: {judgement.Why}"));
            weights = weights with { Instead = DesignJudgement.BaselineNumber(judgement.Used) };
            tensors.AddRange(judge.Copula(real, options.Seed).ToTensors());
        }
        else
        {
            watch.Report(new("design", steps.Designed,
                "Too few designs to judge the generator by: the shop's own offers are drawn again."));
        }

        tensors.AddRange(weights.ToTensors());
        logger.Generator(examples.Count, own, time.GetElapsedTime(begin).TotalSeconds);
        return (new Dictionary<string, ModelTensor>(tensors), judgement);
    }

    /// <summary>Every campaign with its offers in force.</summary>
    public static async Task<IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)>> ReadOffers(
        ICampaignStore campaigns, CancellationToken cancel)
    {
        var all = new List<(Campaign, IReadOnlyList<Offer>)>();
        foreach (var campaign in await campaigns.List(cancel))
        {
            all.Add((campaign, await campaigns.Offers(campaign.Id, cancel)));
        }

        return all;
    }

    // The place of each item's top category in the catalog's list, −1 for none.
    private static int[] TopCategories(BehaviourMatrix matrix, CatalogIndex index)
    {
        var places = index.TopCategories.Select((category, place) => (category, place))
            .ToDictionary(c => c.category, c => c.place);
        return [.. matrix.Items.Select(item => index.Get(item).Categories is [var top, ..] ? places[top] : -1)];
    }
}
