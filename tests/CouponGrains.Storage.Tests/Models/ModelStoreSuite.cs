using System.Security.Cryptography;
using CouponGrains.Domain.Models;

namespace CouponGrains.Storage.Tests.Models;

/// <summary>What every model store must do.</summary>
public abstract class ModelStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private IModelStore Models => Store.Models;

    [Theory]
    [InlineData(1)]
    [InlineData(IModelStore.ChunkBytesMax)]
    [InlineData((3 * IModelStore.ChunkBytesMax) + 17)]
    public async Task An_artifact_comes_back_in_chunks_of_at_most_a_megabyte(int length)
    {
        var artifact = Artifact(length);
        var manifest = await Write(artifact);
        var read = new List<byte>();
        await foreach (var chunk in Models.ReadChunks(manifest.Version, default))
        {
            Assert.InRange(chunk.Length, 1, IModelStore.ChunkBytesMax);
            read.AddRange(chunk.Span);
        }

        Assert.True(artifact.AsSpan().SequenceEqual(read.ToArray()));
    }

    [Fact]
    public async Task Versions_count_up_and_are_listed_newest_first_with_their_manifests()
    {
        var first = await Write(Artifact(10));
        var second = await Write(Artifact(20));
        Assert.Equal((1L, 2L), (first.Version.Number, second.Version.Number));
        var listed = await Models.List(default);
        Assert.Equal([second.Version, first.Version], listed.Select(m => m.Version));
        Assert.Equal(second.Training, listed[0].Training);
        Assert.Equal(second with { Training = first.Training }, listed[0] with { Training = first.Training });
    }

    [Fact]
    public async Task An_unknown_version_is_refused()
    {
        var read = await Assert.ThrowsAsync<RefusedException>(async () =>
        {
            await foreach (var chunk in Models.ReadChunks(new(1), default))
            {
                Assert.Fail($"There is no chunk, but got {chunk.Length} bytes.");
            }
        });
        var promote = await Assert.ThrowsAsync<RefusedException>(
            () => Models.Promote(new(1), ModelVersion.None, "test", Store.Now, default));
        Assert.Equal((RefusalCodes.UnknownModel, RefusalCodes.UnknownModel), (read.Refusal.Code, promote.Refusal.Code));
    }

    [Fact]
    public async Task A_promotion_needs_the_version_in_force()
    {
        var first = (await Write(Artifact(10))).Version;
        var second = (await Write(Artifact(10))).Version;
        Assert.Equal(ModelVersion.None, await Models.Current(default));
        Assert.False(await Models.Promote(first, second, "wrong", Store.Now, default));
        Assert.True(await Models.Promote(first, ModelVersion.None, "gates passed", Store.Now, default));
        Assert.False(await Models.Promote(second, ModelVersion.None, "late", Store.Now, default));
        Assert.True(await Models.Promote(second, first, "gates passed", Store.Now, default));
        Assert.True(await Models.Promote(first, second, "rolled back by operator", Store.Now.AddDays(1), default));
        Assert.Equal(first, await Models.Current(default));
        Assert.Equal(
            [
                new ModelPromotion(second, first, "rolled back by operator", Store.Now.AddDays(1)),
                new ModelPromotion(first, second, "gates passed", Store.Now),
                new ModelPromotion(ModelVersion.None, first, "gates passed", Store.Now),
            ],
            await Models.History(default));
    }

    [Fact]
    public async Task Of_many_promotions_at_once_one_wins()
    {
        var versions = new List<ModelVersion>();
        for (var i = 0; i < 20; i++)
        {
            versions.Add((await Write(Artifact(10))).Version);
        }

        var answers = await Task.WhenAll(versions.Select(v => Task.Run(
            () => Models.Promote(v, ModelVersion.None, "race", Store.Now, default))));
        Assert.Single(answers, won => won);
        Assert.Single(await Models.History(default));
    }

    [Fact]
    public async Task Writers_at_the_same_time_get_different_versions()
    {
        var manifests = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Write(Artifact(1_000 + i)))));
        Assert.Equal(8, manifests.Select(m => m.Version).Distinct().Count());
        foreach (var manifest in manifests)
        {
            var chunks = await Models.ReadChunks(manifest.Version, default).ToListAsync();
            Assert.Equal(manifest.Sha256, Convert.ToHexStringLower(SHA256.HashData(Assert.Single(chunks).Span)));
        }
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing_to_be_seen_and_the_next_one_works()
    {
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Models.Write(Artifact(5_000_000), version =>
        {
            source.Cancel();
            return Manifest(version, Artifact(5_000_000));
        }, source.Token));
        Assert.Empty(await Models.List(default));
        Assert.Equal(1, (await Write(Artifact(10))).Version.Number);
    }

    [Fact]
    public async Task A_manifest_that_does_not_describe_the_artifact_throws()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => Models.Write(Artifact(10), version => Manifest(version, Artifact(11)), default));
        Assert.Empty(await Models.List(default));
    }

    [Fact]
    public async Task Models_and_the_version_in_force_are_there_after_a_crash()
    {
        var manifest = await Write(Artifact(2_500_000));
        await Models.Promote(manifest.Version, ModelVersion.None, "gates passed", Store.Now, default);
        await Store.Crash();
        Assert.Equal(manifest.Version, await Models.Current(default));
        Assert.Equal(3, (await Models.ReadChunks(manifest.Version, default).ToListAsync()).Count);
    }

    private Task<ModelManifest> Write(byte[] artifact) => Models.Write(artifact, version => Manifest(version, artifact), default);

    private ModelManifest Manifest(ModelVersion version, byte[] artifact) => new()
    {
        Version = version, Sha256 = Convert.ToHexStringLower(SHA256.HashData(artifact)), Length = artifact.Length, CreatedAt = Store.Now,
        Metrics = new(0.1, 0.2, 0.3, 0.1 + 0.2, 5), Training = new Dictionary<string, string> { ["seed"] = "1", ["rank"] = "64" },
    };

    private static byte[] Artifact(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
