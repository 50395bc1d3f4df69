using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models;

/// <summary>What a training run is asked for. Everything that decides the result is in here or in the log.</summary>
public sealed record TrainingOptions
{
    /// <summary>k, the rank of the SVD; 1 to 512. Lowered to what the data has if it has less. Where the options are
    /// searched for, the largest one that is tried.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>What is made of the behaviour matrix; its rank is <see cref="Rank"/>.</summary>
    public SpectralOptions Spectral { get; init; } = SpectralOptions.Shop;

    /// <summary>True has the options of <see cref="Spectral"/>, and the rank, searched for on the held-out
    /// part.</summary>
    public bool Tune { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Epochs of the GAN; 0 leaves it out.</summary>
    public int OfferEpochs { get; init; } = 300;

    /// <summary>How the response model reads a user's events.</summary>
    public ResponseEncoder ResponseEncoder { get; init; } = ResponseEncoder.None;

    /// <summary>How behaviour is weighted.</summary>
    public BehaviourWeights Weights { get; init; } = new();

    /// <summary>The share of newest events held out for the metrics, 0 to 0.5.</summary>
    public double HoldOutShare { get; init; } = 0.1;

    /// <summary>Why the run was started: <c>first start</c>, <c>schedule</c>, <c>operator</c>, …; at most
    /// <see cref="ModelPromotion.ReasonLengthMax"/> characters.</summary>
    public string Reason { get; init; } = "operator";
}

/// <summary>How far a run is.</summary>
/// <param name="Stage">One of <c>read</c>, <c>tune</c>, <c>measure</c>, <c>factorise</c>, <c>design</c>,
/// <c>respond</c>, <c>publish</c>.</param>
/// <param name="Share">0 to 1 over the whole run.</param>
/// <param name="Message">For people: what happens now, with figures.</param>
public sealed record TrainingProgress(string Stage, double Share, string Message);

/// <summary>What a run made.</summary>
/// <param name="Artifact">The bytes, as <see cref="ModelArtifact"/> writes them.</param>
/// <param name="Metrics">On the held-out part.</param>
/// <param name="Training">Options, seed, backend and data range, for the manifest.</param>
public sealed record TrainedModel(
    ReadOnlyMemory<byte> Artifact, ModelMetrics Metrics, IReadOnlyDictionary<string, string> Training)
{
    /// <summary>The options that make such a model again: those of the run, with what a search chose.</summary>
    public TrainingOptions Options { get; init; } = new();
}

/// <summary>Who watches a training run. Told by one thread at a time.</summary>
public interface ITrainingWatch : IProgress<TrainingProgress>
{
    /// <summary>Nobody.</summary>
    public static ITrainingWatch None { get; } = new Nobody();

    /// <summary>A value of a curve is known.</summary>
    void Mark(TrainingPoint point);

    private sealed class Nobody : ITrainingWatch
    {
        public void Report(TrainingProgress value)
        {
        }

        public void Mark(TrainingPoint point)
        {
        }
    }
}

/// <summary>Trains models. Runs for minutes on the caller's thread: call it outside a grain's turn.</summary>
public interface ITrainer
{
    /// <summary>Trains on the whole log. The factors of <paramref name="before"/>, the model in force, are where the
    /// solver begins: it needs fewer passes, and order and signs of the factors stay. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.TooLittleData"/> if there are fewer than 2 users or
    /// 2 items with behaviour, and <see cref="OperationCanceledException"/> when cancelled.</summary>
    Task<TrainedModel> Train(
        TrainingOptions options, ModelSnapshot? before, ITrainingWatch watch, CancellationToken cancel);

    /// <summary>Designs up to <paramref name="count"/> different legal offers inside <paramref name="guardrails"/> with
    /// the generator of <paramref name="model"/>, each for the taste of a segment of users. Fewer, or none, if the
    /// guardrails allow no more. The ids are derived from <paramref name="campaign"/>, the model version and a number,
    /// so that asking again designs the same offers again.</summary>
    Task<IReadOnlyList<Offer>> Design(
        ModelSnapshot model, CampaignId campaign, Guardrails guardrails, int count, int seed, CancellationToken cancel);

    /// <summary>What keeps it from training on this machine, in one line, or null. Loads what training needs, so the
    /// first call may take seconds.</summary>
    string? Obstacle();
}
