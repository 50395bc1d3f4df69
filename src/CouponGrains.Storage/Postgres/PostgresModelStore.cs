using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Webhooks;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Postgres;

/// <summary>The models. An artifact's chunks are written one by one, each durable by itself; its manifest is written
/// last and makes them visible. One writer at a time, of all processes: he holds a lock of the connection that he
/// writes on.</summary>
internal sealed class PostgresModelStore(PostgresDatabase database, ILogger log) : IModelStore
{
    private const long Lock = 0x436F_7570_6F6E_0002;

    private const string CurrentVersion = "SELECT to_version FROM promotions ORDER BY number DESC LIMIT 1";

    public Task<ModelManifest> Write(
        ReadOnlyMemory<byte> artifact, Func<ModelVersion, ModelManifest> describe, CancellationToken cancel) =>
        database.Hold(async session =>
        {
            await session.Patient().Run("SELECT pg_advisory_lock($1)", Lock);
            try
            {
                return await Write(session, artifact, describe);
            }
            finally
            {
                await Unlock(session.Uncancelled());
            }
        }, cancel);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunks(
        ModelVersion version, [EnumeratorCancellation] CancellationToken cancel)
    {
        var count = await database.Read(async session =>
        {
            await RequireModel(session, version);
            return await session.First(
                "SELECT count(*) FROM model_chunks WHERE version = $1", row => row.GetInt64(0), version.Number);
        }, cancel);
        for (var number = 0; number < count; number++)
        {
            var wanted = number;
            yield return await database.Read(session => session.First(
                "SELECT bytes FROM model_chunks WHERE version = $1 AND number = $2", row => row.Bytes(0), version.Number, wanted), cancel)
                ?? throw new RefusedException(RefusalCodes.ArtifactCorrupt, $"Chunk {wanted} of model {version} is missing.");
        }
    }

    public async Task<IReadOnlyList<ModelManifest>> List(CancellationToken cancel) => await database.Read(session =>
        session.All("SELECT data FROM models ORDER BY version DESC", row => StoreJson.Read<ModelManifest>(row.GetString(0))), cancel);

    public Task<ModelVersion> Current(CancellationToken cancel) => database.Read(Current, cancel);

    public async Task<bool> Promote(
        ModelVersion version, ModelVersion expected, string reason, DateTimeOffset at, CancellationToken cancel,
        AuditEntry? audit = null)
    {
        var promoted = await database.Write(async session =>
        {
            await RequireModel(session, version);
            // Of two who promote at once the second must see what the first has done.
            await session.Run("LOCK TABLE promotions IN SHARE ROW EXCLUSIVE MODE");
            if (await Current(session) != expected)
            {
                return false;
            }

            var number = await session.First("""
                INSERT INTO promotions (from_version, to_version, reason, at) VALUES ($1, $2, $3, $4) RETURNING number
                """, row => row.GetInt64(0), expected.Number, version.Number, PostgresRow.Escape(reason), at.UtcTicks);
            var batch = session.Batch();
            PostgresOutbox.Add(batch, [OutboxMessages.Promoted(new(expected, version, reason, at), number)]);
            await batch.Run();
            await PostgresAuditLog.Record(session, audit);
            return true;
        }, cancel);
        if (promoted)
        {
            StorageLog.Promoted(log, expected.Number, version.Number, reason);
        }

        return promoted;
    }

    public async Task<IReadOnlyList<ModelPromotion>> History(CancellationToken cancel) => await database.Read(session =>
        session.All("SELECT from_version, to_version, reason, at FROM promotions ORDER BY number DESC",
            row => new ModelPromotion(
                new(row.GetInt64(0)), new(row.GetInt64(1)), row.FreeTextOrNull(2) ?? "", row.Instant(3))), cancel);

    private static async Task Unlock(PostgresSession session)
    {
        try
        {
            await session.Run("SELECT pg_advisory_unlock($1)", Lock);
        }
        catch (Exception e) when (e is InvalidOperationException || PostgresFaults.IsLost(e))
        {
            // The lock went with the connection; what broke that is what the caller is told.
        }
    }

    private async Task<ModelManifest> Write(
        PostgresSession session, ReadOnlyMemory<byte> artifact, Func<ModelVersion, ModelManifest> describe)
    {
        var version = await MakeRoom(session);
        var manifest = describe(version);
        RequireDescribes(manifest, version, artifact);
        var chunks = 0;
        for (var at = 0; at < artifact.Length; at += IModelStore.ChunkBytesMax)
        {
            var chunk = artifact.Slice(at, Math.Min(IModelStore.ChunkBytesMax, artifact.Length - at));
            await session.Run("INSERT INTO model_chunks (version, number, bytes) VALUES ($1, $2, $3)",
                version.Number, chunks++, chunk.ToArray());
        }

        await session.Run("INSERT INTO models (version, data) VALUES ($1, $2)", version.Number, StoreJson.Write(manifest));
        StorageLog.ModelStored(log, version.Number, artifact.Length, chunks);
        return manifest;
    }

    /// <summary>Removes what an interrupted writer left; answers the next free version.</summary>
    private async Task<ModelVersion> MakeRoom(PostgresSession session)
    {
        var orphans = await session.Run("DELETE FROM model_chunks WHERE version NOT IN (SELECT version FROM models)");
        if (orphans > 0)
        {
            StorageLog.OrphansRemoved(log, orphans);
        }

        return new(await session.First("SELECT coalesce(max(version), 0) + 1 FROM models", row => row.GetInt64(0)));
    }

    private static async Task<ModelVersion> Current(PostgresSession session) =>
        new(await session.First(CurrentVersion, row => row.GetInt64(0)));

    private static async Task RequireModel(PostgresSession session, ModelVersion version)
    {
        if (!await session.First("SELECT true FROM models WHERE version = $1", row => row.GetBoolean(0), version.Number))
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
