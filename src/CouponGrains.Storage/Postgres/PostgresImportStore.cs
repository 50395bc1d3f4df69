using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Transfers;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>Files until they are worked off.</summary>
internal sealed class PostgresImportStore(PostgresDatabase database) : IImportStore
{
    public Task<bool> Begin(FileImport import, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            var begun = await session.Run("""
                INSERT INTO imports (id, revision, state, ended_at, data) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (id) DO NOTHING
                """, import.Id, import.Revision, (int)import.State, import.EndedAt?.UtcTicks, StoreJson.Write(import)) == 1;
            await PostgresAuditLog.Record(session, begun ? audit : null);
            return begun;
        }, cancel);

    /// <summary>The import is locked: no part comes after its end.</summary>
    public Task<bool> Add(string id, int part, ReadOnlyMemory<byte> lines, CancellationToken cancel) =>
        database.Write(async session => await session.Run("""
            INSERT INTO import_parts (import, part, lines)
            SELECT id, $2, $3 FROM (SELECT id FROM imports WHERE id = $1 AND state = 1 FOR SHARE) AS open
            ON CONFLICT (import, part) DO UPDATE SET lines = excluded.lines
            """, id, part, lines.ToArray()) == 1, cancel);

    public Task<FileImport?> Get(string id, CancellationToken cancel) => database.Read(session =>
        session.First("SELECT data FROM imports WHERE id = $1", Read, id), cancel);

    public async Task<IReadOnlyList<FileImport>> List(string? after, int limit, CancellationToken cancel) =>
        await database.Read(session => session.All("""
            SELECT data FROM imports
            WHERE $1::text IS NULL OR number < (SELECT number FROM imports WHERE id = $1) ORDER BY number DESC LIMIT $2
            """, Read, after, limit), cancel);

    public async Task<IReadOnlyList<string>> Open(CancellationToken cancel) => await database.Read(session => session.All(
        "SELECT id FROM imports WHERE state IN (1, 2) ORDER BY number", row => row.GetString(0)), cancel);

    public Task<byte[]?> Part(string id, int part, CancellationToken cancel) => database.Read(session => session.First(
        "SELECT lines FROM import_parts WHERE import = $1 AND part = $2", row => row.Bytes(0), id, part), cancel);

    public Task<bool> Save(FileImport import, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            var saved = await session.Run("""
                UPDATE imports SET revision = $1, state = $2, ended_at = $3, data = $4 WHERE id = $5 AND revision = $1 - 1
                """, import.Revision, (int)import.State, import.EndedAt?.UtcTicks, StoreJson.Write(import), import.Id) == 1;
            if (saved)
            {
                await session.Run("DELETE FROM import_parts WHERE import = $1 AND part < $2",
                    import.Id, import.IsOpen ? import.PartsDone : int.MaxValue);
                await PostgresAuditLog.Record(session, audit);
            }

            return saved;
        }, cancel);

    public Task Forget(DateTimeOffset endedBefore, CancellationToken cancel) => database.Write(session =>
        session.Run("DELETE FROM imports WHERE ended_at < $1", endedBefore.UtcTicks), cancel);

    private static FileImport Read(NpgsqlDataReader row) => StoreJson.Read<FileImport>(row.GetString(0));
}
