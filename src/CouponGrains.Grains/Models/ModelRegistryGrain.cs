using CouponGrains.Contracts;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Grains.Audit;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Models;

/// <summary>Which model is in force: the store's conditional step is the truth, the silos are told.</summary>
[ServeRoleFirst, GrainType("model-registry")]
internal sealed class ModelRegistryGrain(
    IModelStore models, ReplicaHints hints, AuditDesk audit, TimeProvider time, ILogger<ModelRegistryGrain> log)
    : Grain, IModelRegistryGrain
{
    public async Task<Answer<ModelManifest>> Publish(ModelVersion version, ModelVersion expected, CancellationToken cancel)
    {
        var candidate = await StoredModel.Manifest(models, version, cancel);
        var current = await StoredModel.Manifest(models, expected, cancel);
        return candidate is not null && ModelGate.Check(candidate.Metrics, current?.Metrics) is { } held
            ? held
            : await Promote(version, expected, "gates passed", cancel);
    }

    public async Task<Answer<ModelManifest>> Promote(ModelVersion version, string reason, CancellationToken cancel) =>
        reason.Length > ModelPromotion.ReasonLengthMax
        ? new Refusal(
            RefusalCodes.InvalidValue, $"The reason must have at most {ModelPromotion.ReasonLengthMax} characters.", "/reason")
        : await Promote(version, await models.Current(cancel), reason, cancel);

    public async Task<Answer<ModelManifest>> RollBack(string reason, CancellationToken cancel)
    {
        var before = ModelPromotion.Before(await models.History(cancel));
        return before == ModelVersion.None
            ? new Refusal(RefusalCodes.UnknownModel, "No model was in force before this one.")
            : await Promote(before, reason, cancel);
    }

    public async Task<ModelList> List(CancellationToken cancel) => new(
        await models.Current(cancel), [.. await models.List(cancel)], [.. await models.History(cancel)]);

    private async Task<Answer<ModelManifest>> Promote(
        ModelVersion version, ModelVersion expected, string reason, CancellationToken cancel)
    {
        if (await StoredModel.Manifest(models, version, cancel) is not { } manifest)
        {
            return new Refusal(RefusalCodes.UnknownModel, $"There is no model {version}.");
        }

        if (await models.Current(cancel) == version)
        {
            return manifest;
        }

        if (await Unreadable(version, cancel) is { } refusal)
        {
            return refusal;
        }

        var entry = audit.Entry(
            AuditActions.ModelPromote, AuditTargets.Model(version),
            new AuditDifference("/inForce", $"{expected.Number}", $"{version.Number}"), AuditDesk.Told("/reason", reason));
        if (!await models.Promote(version, expected, reason, time.GetUtcNow(), cancel, entry))
        {
            return new Refusal(RefusalCodes.VersionConflict, $"Another model than {expected} is in force.");
        }

        ModelsLog.Promoted(log, version.Number, expected.Number, reason);
        await hints.Tell(cancel);
        return manifest;
    }

    /// <summary>Why the artifact cannot be used, or null: no silo shall be told of a model that none can
    /// read.</summary>
    private async Task<Refusal?> Unreadable(ModelVersion version, CancellationToken cancel)
    {
        try
        {
            ModelArtifact.Read(await StoredModel.Read(models, version, cancel), version);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }
}
