using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Grains.Tests;

/// <summary>A model store whose disk can rot: the chunks of a version come back with a bit flipped,
/// and the manifests fail to be read.</summary>
internal sealed class RottingModels(IModelStore inner) : IModelStore
{
    public ModelVersion Rotten { get; set; }

    /// <summary>How many of the next readings of the manifests fail.</summary>
    public int Faults { get; set; }

    /// <summary>True if the store does not answer at all.</summary>
    public bool Gone { get; set; }

    /// <summary>Stores a model with its manifest.</summary>
    public Task<ModelManifest> Store(ModelSnapshot model, DateTimeOffset at, ModelMetrics? metrics = null)
    {
        var artifact = ModelArtifact.Write(model);
        return Write(artifact, version => new()
        {
            Version = version,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(artifact)),
            Length = artifact.Length,
            CreatedAt = at,
            Metrics = metrics ?? new(0.5, 0.4, 0.3, 0.2, 10),
        }, CancellationToken.None);
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunks(ModelVersion version, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var chunk in inner.ReadChunks(version, cancel))
        {
            var bytes = chunk.ToArray();
            bytes[^1] ^= (byte)(version == Rotten ? 1 : 0);
            yield return bytes;
        }
    }

    public Task<ModelManifest> Write(ReadOnlyMemory<byte> artifact, Func<ModelVersion, ModelManifest> describe, CancellationToken cancel) =>
        inner.Write(artifact, describe, cancel);

    public Task<IReadOnlyList<ModelManifest>> List(CancellationToken cancel) => Faults > 0
        ? throw new InvalidDataException($"A manifest is damaged; {--Faults} more faults to come.")
        : inner.List(cancel);

    public Task<ModelVersion> Current(CancellationToken cancel) =>
        Gone ? throw new IOException("The store is gone.") : inner.Current(cancel);

    public Task<bool> Promote(
        ModelVersion version, ModelVersion expected, string reason, DateTimeOffset at, CancellationToken cancel,
        AuditEntry? audit = null) => inner.Promote(version, expected, reason, at, cancel, audit);

    public Task<IReadOnlyList<ModelPromotion>> History(CancellationToken cancel) => inner.History(cancel);
}
