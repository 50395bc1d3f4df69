using CouponGrains.Domain.Audit;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The chain of operators' changes.</summary>
internal sealed class SqliteAuditLog(SqliteWriter writer, SqliteReaders readers) : IAuditLog
{
    internal const string Columns = "number, at, actor, action, target, outcome, request, changes, previous, hash";

    public Task<AuditEvent> Append(AuditEntry entry, CancellationToken cancel) =>
        writer.Write(session => Add(session, entry), cancel);

    public Task<AuditHead> Head(CancellationToken cancel) => readers.Read(ReadHead, cancel);

    public Task<IReadOnlyList<AuditEvent>> Read(long after, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<AuditEvent>>(session => Read(session, after, limit), cancel);

    public Task<IReadOnlyList<AuditEvent>> Find(
        AuditFilter filter, long before, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<AuditEvent>>(session => session[$"""
            SELECT {Columns} FROM audit_events WHERE number < ?1
              AND (?2 IS NULL OR actor = ?2 OR substr(actor, 1, length(?2) + 1) = ?2 || ':')
              AND (?3 IS NULL OR action = ?3 OR substr(action, 1, length(?3) + 1) = ?3 || '.')
              AND (?4 IS NULL OR target = ?4) AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
            ORDER BY number DESC LIMIT ?7
            """].Bind(before).Bind(filter.Actor).Bind(filter.Action).Bind(filter.Target).Bind(filter.Since)
            .Bind(filter.Until).Bind(limit).All(ReadEvent), cancel);

    /// <summary>Records a change in the transaction that is open, if it is to be recorded.</summary>
    internal static void Record(SqliteSession session, AuditEntry? entry)
    {
        if (entry is not null)
        {
            Add(session, entry);
        }
    }

    /// <summary>How far the store has counted; if that record is gone, the hash of the last that is left.</summary>
    internal static AuditHead ReadHead(SqliteSession session) => new(
        SqliteCounters.Read(session, SqliteCounters.Audit),
        session["SELECT hash FROM audit_events ORDER BY number DESC LIMIT 1"].First(row => row.Text(0)) ?? AuditHead.NoHash);

    internal static List<AuditEvent> Read(SqliteSession session, long after, int limit) =>
        session[$"SELECT {Columns} FROM audit_events WHERE number > ? ORDER BY number LIMIT ?"]
            .Bind(after).Bind(limit).All(ReadEvent);

    private static AuditEvent Add(SqliteSession session, AuditEntry entry)
    {
        var added = AuditChain.Next(ReadHead(session), entry);
        SqliteCounters.Add(session, SqliteCounters.Audit, 1);
        session[$"INSERT INTO audit_events ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"]
            .Bind(added.Number).Bind(added.At).Bind(added.Actor.ToString()).Bind(added.Action).Bind(added.Target)
            .Bind((int)added.Outcome).Bind(added.Request).Bind(StoreJson.Write(added.Changes)).Bind(added.Previous)
            .Bind(added.Hash).Run();
        return added;
    }

    private static AuditEvent ReadEvent(SqliteStatement row) => AuditRow.Event(
        row.Int64(0), row.Instant(1), [row.Text(2), row.Text(3), row.Text(4), row.Text(6), row.Text(7), row.Text(8), row.Text(9)],
        row.Int32(5));
}
