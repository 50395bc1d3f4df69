using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Files until they are worked off.</summary>
internal sealed class SqliteImportStore(SqliteWriter writer, SqliteReaders readers) : IImportStore
{
    public Task<bool> Begin(FileImport import, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        var begun = session["""
            INSERT INTO imports (id, revision, state, ended_at, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """].Bind(import.Id).Bind(import.Revision).Bind((int)import.State).Bind(import.EndedAt)
            .Bind(StoreJson.Write(import)).Run() == 1;
        SqliteAuditLog.Record(session, begun ? audit : null);
        return begun;
    }, cancel);

    public Task<bool> Add(string id, int part, ReadOnlyMemory<byte> lines, CancellationToken cancel) =>
        writer.Write(session => session["""
            INSERT INTO import_parts (import, part, lines) SELECT id, ?, ? FROM imports WHERE id = ? AND state = 1
            ON CONFLICT (import, part) DO UPDATE SET lines = excluded.lines
            """].Bind(part).Bind(lines.Span).Bind(id).Run() == 1, cancel);

    public Task<FileImport?> Get(string id, CancellationToken cancel) => readers.Read(session =>
        session["SELECT data FROM imports WHERE id = ?"].Bind(id).First(Read), cancel);

    public Task<IReadOnlyList<FileImport>> List(string? after, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<FileImport>>(session => session["""
            SELECT data FROM imports
            WHERE ?1 IS NULL OR number < (SELECT number FROM imports WHERE id = ?1) ORDER BY number DESC LIMIT ?2
            """].Bind(after).Bind(limit).All(Read), cancel);

    public Task<IReadOnlyList<string>> Open(CancellationToken cancel) => readers.Read<IReadOnlyList<string>>(session =>
        session["SELECT id FROM imports WHERE state IN (1, 2) ORDER BY number"].All(row => row.Text(0)), cancel);

    public Task<byte[]?> Part(string id, int part, CancellationToken cancel) => readers.Read(session =>
        session["SELECT lines FROM import_parts WHERE import = ? AND part = ?"].Bind(id).Bind(part)
            .First(row => row.Bytes(0)), cancel);

    public Task<bool> Save(FileImport import, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        var saved = session["""
            UPDATE imports SET revision = ?1, state = ?2, ended_at = ?3, data = ?4 WHERE id = ?5 AND revision = ?1 - 1
            """].Bind(import.Revision).Bind((int)import.State).Bind(import.EndedAt).Bind(StoreJson.Write(import))
            .Bind(import.Id).Run() == 1;
        if (saved)
        {
            session["DELETE FROM import_parts WHERE import = ? AND part < ?"].Bind(import.Id)
                .Bind(import.IsOpen ? import.PartsDone : int.MaxValue).Run();
            SqliteAuditLog.Record(session, audit);
        }

        return saved;
    }, cancel);

    public Task Forget(DateTimeOffset endedBefore, CancellationToken cancel) => writer.Write(session =>
        session["DELETE FROM imports WHERE ended_at < ?"].Bind(endedBefore).Run(), cancel);

    private static FileImport Read(SqliteStatement row) => StoreJson.Read<FileImport>(row.Text(0));
}
