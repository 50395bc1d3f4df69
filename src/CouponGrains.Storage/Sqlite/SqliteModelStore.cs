using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Webhooks;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The models. An artifact's chunks are written one by one, so that events and redemptions go on between them;
/// its manifest is written last and makes them visible.</summary>
internal sealed class SqliteModelStore(SqliteWriter writer, SqliteReaders readers, ILogger log) : IModelStore, IDisposable
{
    private const string CurrentVersion =
        "coalesce((SELECT to_version FROM promotions ORDER BY number DESC LIMIT 1), 0)";

    private readonly SemaphoreSlim _oneWriter = new(1);

    public async Task<ModelManifest> Write(
        ReadOnlyMemory<byte> artifact, Func<ModelVersion, ModelManifest> describe, CancellationToken cancel)
    {
        await _oneWriter.WaitAsync(cancel);
        try
        {
            var version = await writer.Write(MakeRoom, cancel);
            var manifest = describe(version);
            RequireDescribes(manifest, version, artifact);
            var chunks = 0;
            for (var at = 0; at < artifact.Length; at += IModelStore.ChunkBytesMax)
            {
                var chunk = artifact.Slice(at, Math.Min(IModelStore.ChunkBytesMax, artifact.Length - at));
                var number = chunks++;
                await writer.Write(session => session["INSERT INTO model_chunks (version, number, bytes) VALUES (?, ?, ?)"]
                    .Bind(version.Number).Bind(number).Bind(chunk.Span).Run(), cancel);
            }

            await writer.Write(session => session["INSERT INTO models (version, data) VALUES (?, ?)"]
                .Bind(version.Number).Bind(StoreJson.Write(manifest)).Run(), cancel);
            StorageLog.ModelStored(log, version.Number, artifact.Length, chunks);
            return manifest;
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunks(
        ModelVersion version, [EnumeratorCancellation] CancellationToken cancel)
    {
        var count = await readers.Read(session =>
        {
            RequireModel(session, version);
            return session["SELECT count(*) FROM model_chunks WHERE version = ?"].Bind(version.Number).First(row => row.Int32(0));
        }, cancel);
        for (var number = 0; number < count; number++)
        {
            var wanted = number;
            yield return await readers.Read(session =>
                session["SELECT bytes FROM model_chunks WHERE version = ? AND number = ?"]
                    .Bind(version.Number).Bind(wanted).First(row => row.Bytes(0))
                ?? throw new RefusedException(RefusalCodes.ArtifactCorrupt, $"Chunk {wanted} of model {version} is missing."), cancel);
        }
    }

    public Task<IReadOnlyList<ModelManifest>> List(CancellationToken cancel) => readers.Read<IReadOnlyList<ModelManifest>>(
        session => session["SELECT data FROM models ORDER BY version DESC"]
            .All(row => StoreJson.Read<ModelManifest>(row.Text(0))), cancel);

    public Task<ModelVersion> Current(CancellationToken cancel) => readers.Read(
        session => session[$"SELECT {CurrentVersion}"].First(row => new ModelVersion(row.Int64(0))), cancel);

    public async Task<bool> Promote(
        ModelVersion version, ModelVersion expected, string reason, DateTimeOffset at, CancellationToken cancel,
        AuditEntry? audit = null)
    {
        var promoted = await writer.Write(session =>
        {
            RequireModel(session, version);
            var stepped = session[$"""
                INSERT INTO promotions (from_version, to_version, reason, at)
                SELECT ?1, ?2, ?3, ?4 WHERE {CurrentVersion} = ?1
                """].Bind(expected.Number).Bind(version.Number).Bind(reason).Bind(at).Run() == 1;
            if (stepped)
            {
                var step = new ModelPromotion(expected, version, reason, at);
                SqliteOutbox.Add(session, OutboxMessages.Promoted(step, session.LastInserted));
                SqliteAuditLog.Record(session, audit);
            }

            return stepped;
        }, cancel);
        if (promoted)
        {
            StorageLog.Promoted(log, expected.Number, version.Number, reason);
        }

        return promoted;
    }

    public Task<IReadOnlyList<ModelPromotion>> History(CancellationToken cancel) =>
        readers.Read<IReadOnlyList<ModelPromotion>>(
            session => session["SELECT from_version, to_version, reason, at FROM promotions ORDER BY number DESC"]
                .All(row => new ModelPromotion(new(row.Int64(0)), new(row.Int64(1)), row.Text(2), row.Instant(3))), cancel);

    public void Dispose() => _oneWriter.Dispose();

    /// <summary>Removes what an interrupted writer left; answers the next free version.</summary>
    private ModelVersion MakeRoom(SqliteSession session)
    {
        var orphans = session["DELETE FROM model_chunks WHERE version NOT IN (SELECT version FROM models)"].Run();
        if (orphans > 0)
        {
            StorageLog.OrphansRemoved(log, orphans);
        }

        return session["SELECT coalesce(max(version), 0) + 1 FROM models"].First(row => new ModelVersion(row.Int64(0)));
    }

    private static void RequireModel(SqliteSession session, ModelVersion version)
    {
        if (session["SELECT 1 FROM models WHERE version = ?"].Bind(version.Number).First(row => row.Int64(0)) == 0)
        {
            throw new RefusedException(RefusalCodes.UnknownModel, $"There is no model {version}.");
        }
    }

    private static void RequireDescribes(ModelManifest manifest, ModelVersion version, ReadOnlyMemory<byte> artifact)
    {
        if (manifest.Version != version || manifest.Length != artifact.Length
            || manifest.Sha256 != Convert.ToHexStringLower(SHA256.HashData(artifact.Span)))
        {
            throw new ArgumentException("The manifest does not describe the artifact.", nameof(manifest));
        }
    }
}
