using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models.Response;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Training.Models;

/// <summary>Trains the model: reads the log, chooses options and measures on the newest part, fits the whole, trains
/// the offer generator and the response model, and writes the artifact. Nothing is random but what
/// <see cref="TrainingOptions.Seed"/> decides.</summary>
public sealed class ModelTrainer(
    IEventLog log, ICatalogStore catalog, ICampaignStore campaigns, TimeProvider time, ILogger<ModelTrainer> logger,
    IUserStore? users = null)
    : ITrainer
{
    /// <inheritdoc/>
    public async Task<TrainedModel> Train(
        TrainingOptions options, ModelSnapshot? before, ITrainingWatch watch, CancellationToken cancel)
    {
        if (TrainingRules.Check(options) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        logger.Begins(options.Rank, options.Seed, options.OfferEpochs, options.Reason);
        var begin = time.GetTimestamp();
        var (behaviour, feedback, issues, last) = await Read(options, watch, cancel);
        logger.Read(behaviour.Events, behaviour.Users, behaviour.Items, time.GetElapsedTime(begin).TotalSeconds);
        var spectral = new SpectralTraining(options, time, logger, watch);
        var chosen = spectral.Choose(behaviour, cancel);
        var matrix = behaviour.TakeMatrix(cancel);
        if (matrix.Users.Count < 2 || matrix.Items.Count < 2)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                "Training needs behaviour of at least 2 users on at least 2 items, but the log has "
                + $"{matrix.Users.Count} users and {matrix.Items.Count} items with views, carts or purchases.");
        }

        var fitted = spectral.Fit(matrix, chosen, before, cancel);
        var offers = new GeneratorTraining(catalog, campaigns, time, logger);
        var (tensors, judgement) = await offers.Train(matrix, fitted.Factors, feedback, options, watch, cancel);
        var response = await new ResponseStage(log, catalog, campaigns, users, time, logger)
            .Train(issues, fitted.Model, before, options, last, watch, cancel);
        var artifact = ModelArtifact.Write(fitted.Model with { Tensors = tensors, Response = response?.Model });
        logger.Ends(artifact.Length, time.GetElapsedTime(begin).TotalSeconds);
        watch.Report(new("publish", 1, $"The model is ready: {artifact.Length:N0} bytes."));
        var description = TrainingManifest.Describe(options, fitted, before, behaviour, matrix);
        description["response"] = response?.Model.Shape is { } shape ? $"{shape.Encoder} {shape.FirstWidth}" : "none";
        if (judgement is not null)
        {
            description.Add(JudgementReport.ManifestName, judgement.ToJson());
        }

        return new(artifact, chosen.Metrics with { Response = response?.Metrics }, description)
        {
            Options = options with { Rank = chosen.Options.Rank, Spectral = chosen.Options, Tune = false },
        };
    }

    /// <inheritdoc/>
    public string? Obstacle()
    {
        try
        {
            LibTorchLoader.Ensure();
            using var probe = TorchSharp.torch.zeros(1);
            return null;
        }
        catch (Exception e)
        {
            return $"libtorch cannot be loaded: {e.Message}";
        }
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

    private async Task<(BehaviourAccumulator Behaviour, OfferFeedback Feedback, IssueLog Issues, long Last)> Read(
        TrainingOptions options, ITrainingWatch watch, CancellationToken cancel)
    {
        const int ReportEvery = 50_000;
        var size = await log.Size(cancel);
        var split = await Split(options, cancel);
        var (behaviour, feedback) = (new BehaviourAccumulator(options.Weights, split), new OfferFeedback());
        var issues = new IssueLog();
        var (read, share) = (0L, TrainingSteps.Of(options).Read);
        watch.Report(new("read", 0, $"Reading {size.Events:N0} events."));
        await foreach (var recorded in log.ReadAll(0, cancel).WithCancellation(cancel))
        {
            if (recorded.Sequence > size.LastSequence)
            {
                break;
            }

            behaviour.Add(recorded.Event);
            feedback.Add(recorded.Event);
            issues.Add(recorded);
            if (++read % ReportEvery == 0)
            {
                watch.Report(new("read", share * Math.Min(1, (double)read / size.Events),
                    $"Read {read:N0} of {size.Events:N0} events."));
            }
        }

        return (behaviour, feedback, issues, size.LastSequence);
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
}
