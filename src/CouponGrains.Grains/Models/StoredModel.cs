using System.Security.Cryptography;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Grains.Models;

/// <summary>Reads stored artifacts and holds them against their manifests.</summary>
internal static class StoredModel
{
    /// <summary>The manifest of a version, or null.</summary>
    public static async Task<ModelManifest?> Manifest(IModelStore models, ModelVersion version, CancellationToken cancel) =>
        (await models.List(cancel)).FirstOrDefault(m => m.Version == version);

    /// <summary>The whole artifact. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.UnknownModel"/>
    /// or <see cref="RefusalCodes.ArtifactCorrupt"/>.</summary>
    public static async Task<byte[]> Read(IModelStore models, ModelVersion version, CancellationToken cancel)
    {
        var manifest = await Manifest(models, version, cancel)
            ?? throw new RefusedException(RefusalCodes.UnknownModel, $"There is no model {version}.");
        // Pinned: a large array that lives long is never moved by the collector.
        var artifact = GC.AllocateUninitializedArray<byte>(checked((int)manifest.Length), pinned: true);
        var filled = 0;
        await foreach (var chunk in models.ReadChunks(version, cancel))
        {
            if (chunk.Length > artifact.Length - filled)
            {
                throw Corrupt($"has more than the {manifest.Length} bytes of its manifest");
            }

            chunk.Span.CopyTo(artifact.AsSpan(filled));
            filled += chunk.Length;
        }

        if (filled < artifact.Length)
        {
            throw Corrupt($"has {filled} bytes instead of the {manifest.Length} of its manifest");
        }

        return Convert.ToHexStringLower(SHA256.HashData(artifact)) == manifest.Sha256
            ? artifact
            : throw Corrupt("does not have the SHA-256 of its manifest");

        RefusedException Corrupt(string how) => new(RefusalCodes.ArtifactCorrupt, $"The artifact of model {version} {how}.");
    }
}
