using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Contracts.Models;

/// <summary>Which model is in force; there is one registry, key 0.</summary>
[Alias("cg.model-registry"), GrainInterfaceType("cg.model-registry")]
public interface IModelRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>Puts a stored model into force if <paramref name="expected"/> is in force and the gates pass.</summary>
    [Alias("publish")]
    Task<Answer<ModelManifest>> Publish(ModelVersion version, ModelVersion expected, CancellationToken cancel = default);

    /// <summary>Puts a stored model into force without asking the gates: roll back, or an operator's
    /// decision.</summary>
    [Alias("promote")]
    Task<Answer<ModelManifest>> Promote(ModelVersion version, string reason, CancellationToken cancel = default);

    /// <summary>Puts the model into force again that the one in force took the place of. Refused with
    /// <see cref="RefusalCodes.UnknownModel"/> if there was none.</summary>
    [Alias("roll-back")]
    Task<Answer<ModelManifest>> RollBack(string reason, CancellationToken cancel = default);

    /// <summary>The models, newest first, the one in force, and the steps that led there.</summary>
    [Alias("list")]
    Task<ModelList> List(CancellationToken cancel = default);
}

/// <summary>The models of the store.</summary>
/// <param name="Current">The one in force, <see cref="ModelVersion.None"/> if none.</param>
/// <param name="Models">All, newest first.</param>
/// <param name="History">Promotions, newest first.</param>
[GenerateSerializer, Immutable, Alias("cg.model-list")]
public sealed record ModelList(
    [property: Id(0)] ModelVersion Current,
    [property: Id(1)] IReadOnlyList<ModelManifest> Models,
    [property: Id(2)] IReadOnlyList<ModelPromotion> History);
