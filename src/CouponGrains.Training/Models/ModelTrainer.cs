using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Training.Models;

/// <summary>Trains the model: reads the log, measures on the newest part, factorises the whole, trains the offer
/// generator, and writes the artifact. Nothing is random but what <see cref="TrainingOptions.Seed"/>
/// decides.</summary>
public sealed class ModelTrainer(
    IEventLog log, ICatalogStore catalog, ICampaignStore campaigns, TimeProvider time, ILogger<ModelTrainer> logger)
    : ITrainer
{
    /// <summary>Up to this many users, their vectors travel in the artifact (for «similar users»); beyond it, none
    /// do.</summary>
    public const int UsersMax = 200_000;

    /// <inheritdoc/>
    public async Task<TrainedModel> Train(
        TrainingOptions options, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        TrainingRules.Check(options);
        logger.Begins(options.Rank, options.Seed, options.OfferEpochs, options.Reason);
        var begin = time.GetTimestamp();
        var (behaviour, feedback) = await Read(options, progress, cancel);
        logger.Read(behaviour.Events, behaviour.Users, behaviour.Items, time.GetElapsedTime(begin).TotalSeconds);
        var svd = new SvdOptions { Rank = options.Rank, Seed = options.Seed };
        var metrics = Measure(behaviour, svd, progress, cancel);
        var matrix = behaviour.TakeMatrix(cancel);
        if (matrix.Users.Count < 2 || matrix.Items.Count < 2)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                "Training needs behaviour of at least 2 users on at least 2 items, but the log has "
                + $"{matrix.Users.Count} users and {matrix.Items.Count} items with views, carts or purchases.");
        }

        svd = svd with { Rank = Math.Min(options.Rank, Math.Min(matrix.Users.Count, matrix.Items.Count)) };
        var (model, factors) = Factorise(matrix, options, svd, progress, cancel);
        var offers = new GeneratorTraining(catalog, campaigns, time, logger);
        model = model with { Tensors = await offers.Train(matrix, factors, feedback, options, progress, cancel) };
        var artifact = ModelArtifact.Write(model);
        logger.Ends(artifact.Length, time.GetElapsedTime(begin).TotalSeconds);
        progress.Report(new("publish", 1, $"The model is ready: {artifact.Length:N0} bytes."));
        return new(artifact, metrics, TrainingRules.Describe(options, behaviour, matrix, factors));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Offer>> Design(
        ModelSnapshot model, CampaignId campaign, Guardrails guardrails, int count, int seed, CancellationToken cancel)
    {
        if (OfferRules.Check(guardrails) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var index = new CatalogIndex(await catalog.ReadAll(cancel).ToListAsync(cancel));
        var history = DesignExamples.Offers(await GeneratorTraining.ReadOffers(campaigns, cancel),
            new(index, model.Factors));
        var designer = new OfferDesigner(model, index, history);
        var offers = designer.Design(campaign, guardrails, count, seed, cancel);
        logger.Designed(offers.Count, count, designer.Refused, designer.Repeated);
        return offers;
    }

    private async Task<(BehaviourAccumulator Behaviour, OfferFeedback Feedback)> Read(
        TrainingOptions options, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        const int ReportEvery = 50_000;
        var size = await log.Size(cancel);
        var split = await Split(options, cancel);
        var (behaviour, feedback) = (new BehaviourAccumulator(options.Weights, split), new OfferFeedback());
        var read = 0L;
        progress.Report(new("read", 0, $"Reading {size.Events:N0} events."));
        await foreach (var recorded in log.ReadAll(0, cancel).WithCancellation(cancel))
        {
            if (recorded.Sequence > size.LastSequence)
            {
                break;
            }

            behaviour.Add(recorded.Event);
            feedback.Add(recorded.Event);
            if (++read % ReportEvery == 0)
            {
                progress.Report(new("read", TrainingSteps.Read * Math.Min(1, (double)read / size.Events),
                    $"Read {read:N0} of {size.Events:N0} events."));
            }
        }

        return (behaviour, feedback);
    }

    // From a sample, so that the stream can be parted while it is read: exact for logs up to its size.
    private async Task<DateTimeOffset> Split(TrainingOptions options, CancellationToken cancel)
    {
        const int SampleMax = 65_536;
        if (options.HoldOutShare == 0)
        {
            return DateTimeOffset.MaxValue;
        }

        var sample = new List<UserEvent>();
        await foreach (var recorded in log.ReadSample(SampleMax, cancel).WithCancellation(cancel))
        {
            sample.Add(recorded.Event);
        }

        return BehaviourAccumulator.FindSplit(sample, options.Weights, options.HoldOutShare);
    }

    private ModelMetrics Measure(
        BehaviourAccumulator behaviour, SvdOptions svd, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (behaviour.Split == DateTimeOffset.MaxValue)
        {
            return new(0, 0, 0, 0, 0);
        }

        progress.Report(new("measure", TrainingSteps.Read,
            $"Measuring on the events after {behaviour.Split:yyyy-MM-dd HH:mm}."));
        var metrics = HeldOutMetrics.Measure(behaviour, svd, cancel);
        logger.Measured(metrics.HitRate10, metrics.Ndcg10, metrics.PopularityHitRate10, metrics.PopularityNdcg10,
            metrics.Users);
        progress.Report(new("measure", TrainingSteps.Measured,
            $"Over {metrics.Users:N0} users: HR@10 {metrics.HitRate10:F4}, NDCG@10 {metrics.Ndcg10:F4} "
            + $"(popularity {metrics.PopularityHitRate10:F4}, {metrics.PopularityNdcg10:F4})."));
        return metrics;
    }

    private (ModelSnapshot Model, SvdFactors Factors) Factorise(
        BehaviourMatrix matrix, TrainingOptions options, SvdOptions svd, IProgress<TrainingProgress> progress,
        CancellationToken cancel)
    {
        progress.Report(new("factorise", TrainingSteps.Measured,
            $"Factorising {matrix.Users.Count:N0} x {matrix.Items.Count:N0} "
            + $"with {matrix.Entries.NonZeros:N0} entries at rank {svd.Rank}."));
        var begin = time.GetTimestamp();
        var factors = TruncatedSvd.Decompose(matrix.Entries, svd, cancel);
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        logger.Factorised(matrix.Entries.NonZeros, factors.Rank, factors.Iterations, factors.Residual, seconds);
        progress.Report(new("factorise", TrainingSteps.Factorised,
            $"Rank {factors.Rank}: {factors.Iterations} passes in {seconds:F2} s, residual {factors.Residual:E1}."));
        return (new()
        {
            Version = ModelVersion.None,
            Factors = new(matrix.Items, factors.Rank, factors.V),
            SingularValues = factors.SingularValues,
            Popularity = matrix.Popularity(),
            Weights = options.Weights,
            Reference = matrix.Reference,
            Users = matrix.Users.Count <= UsersMax ? new(matrix.Users, factors.Rank, factors.UserVectors) : null,
        }, factors);
    }
}
