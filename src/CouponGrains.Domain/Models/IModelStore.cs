using CouponGrains.Domain.Models.Drift;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Models;

/// <summary>What is known of a stored model without reading it.</summary>
public sealed record ModelManifest
{
    /// <summary>Its version.</summary>
    public required ModelVersion Version { get; init; }

    /// <summary>SHA-256 of the artifact, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of the artifact in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it was measured at, on the held-out time part.</summary>
    public required ModelMetrics Metrics { get; init; }

    /// <summary>How it was trained: option names and values, seed, backend, data range.</summary>
    public IReadOnlyDictionary<string, string> Training { get; init; } = new Dictionary<string, string>();
}

/// <summary>Metrics on the held-out time part: each user's later purchases ranked among all items.</summary>
/// <param name="HitRate10">Share of users with at least one later purchase among their first 10.</param>
/// <param name="Ndcg10">Mean normalised discounted cumulative gain at 10.</param>
/// <param name="PopularityHitRate10">The same of the popularity baseline.</param>
/// <param name="PopularityNdcg10">The same of the popularity baseline.</param>
/// <param name="Users">Users measured; 0 if the data has no later part, and then the other figures are 0 too.</param>
public sealed record ModelMetrics(
    double HitRate10, double Ndcg10, double PopularityHitRate10, double PopularityNdcg10, int Users)
{
    /// <summary>Of the response model; null without one.</summary>
    public ResponseMetrics? Response { get; init; }
}

/// <summary>Metrics of the response model's redemption head on the newest held-out issues.</summary>
/// <param name="Issues">Issues measured.</param>
/// <param name="LogLoss">Mean negative log likelihood, natural logarithm.</param>
/// <param name="Auc">The area under the receiver operating characteristic; 0.5 if all or none were redeemed.</param>
/// <param name="CalibrationError">The expected calibration error.</param>
/// <param name="PriorLogLoss">The log loss of the segments' base rates on the same issues.</param>
public sealed record ResponseMetrics(
    int Issues, double LogLoss, double Auc, double CalibrationError, double PriorLogLoss)
{
    /// <summary>The log loss, on the same issues, of the response model in force when the run began; null if there was
    /// none.</summary>
    public double? CurrentLogLoss { get; init; }

    /// <summary>Its area under the curve on the same issues; null if there was none.</summary>
    public double? CurrentAuc { get; init; }

    /// <summary>The redemptions that it expected of these issues and those that came, in the bins of
    /// <see cref="Drift.Calibration"/>; null where they were not kept.</summary>
    public IReadOnlyList<CalibrationBin>? Bins { get; init; }
}

/// <summary>Where model artifacts are kept: written in chunks, promoted by one conditional step.</summary>
public interface IModelStore
{
    /// <summary>The largest chunk in bytes.</summary>
    public const int ChunkBytesMax = 1_000_000;

    /// <summary>Stores an artifact under the next free version and answers its manifest. Nothing of it can be seen
    /// before the last chunk is durable; what a killed writer left is removed by the next call.</summary>
    /// <param name="artifact">The bytes, as <see cref="ModelArtifact"/> writes them.</param>
    /// <param name="describe">Makes the manifest for the version that was chosen.</param>
    /// <param name="cancel">Stops before the manifest is written.</param>
    Task<ModelManifest> Write(
        ReadOnlyMemory<byte> artifact, Func<ModelVersion, ModelManifest> describe, CancellationToken cancel);

    /// <summary>The artifact's chunks in order. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.UnknownModel"/> if there is none of this version.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunks(ModelVersion version, CancellationToken cancel);

    /// <summary>All stored models, newest first.</summary>
    Task<IReadOnlyList<ModelManifest>> List(CancellationToken cancel);

    /// <summary>The version in force, <see cref="ModelVersion.None"/> if none.</summary>
    Task<ModelVersion> Current(CancellationToken cancel);

    /// <summary>Puts <paramref name="version"/> in force if <paramref name="expected"/> is in force now, and remembers
    /// the step with its reason, and in the same transaction what is given to be recorded; false if another version is
    /// in force.</summary>
    Task<bool> Promote(
        ModelVersion version, ModelVersion expected, string reason, DateTimeOffset at, CancellationToken cancel,
        AuditEntry? audit = null);

    /// <summary>Every promotion, newest first.</summary>
    Task<IReadOnlyList<ModelPromotion>> History(CancellationToken cancel);
}

/// <summary>A step from one version in force to another.</summary>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
/// <param name="Reason">For example <c>gates passed</c> or <c>rolled back by operator</c>.</param>
/// <param name="At">When.</param>
public sealed record ModelPromotion(ModelVersion From, ModelVersion To, string Reason, DateTimeOffset At)
{
    /// <summary>The most characters of a reason, of a promotion or of a training run.</summary>
    public const int ReasonLengthMax = 256;

    /// <summary>The version that was in force before the current one, or none. A step back to it undoes the one that
    /// had left it, so that stepping back twice goes two versions back.</summary>
    /// <param name="history">All steps, newest first.</param>
    public static ModelVersion Before(IEnumerable<ModelPromotion> history)
    {
        var versions = new List<ModelVersion>();
        foreach (var step in history.Reverse())
        {
            if (versions.Count == 0)
            {
                versions.Add(step.From);
            }

            if (versions.Count > 1 && versions[^2] == step.To)
            {
                versions.RemoveAt(versions.Count - 1);
            }
            else
            {
                versions.Add(step.To);
            }
        }

        return versions.Count > 1 ? versions[^2] : ModelVersion.None;
    }
}
