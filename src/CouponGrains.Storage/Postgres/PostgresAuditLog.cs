using CouponGrains.Domain.Audit;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The chain of operators' changes. Whoever appends holds the counter until he commits, so that any number of
/// silos make one chain.</summary>
internal sealed class PostgresAuditLog(PostgresDatabase database) : IAuditLog
{
    private const string Columns = "number, at, actor, action, target, outcome, request, changes, previous, hash";

    public Task<AuditEvent> Append(AuditEntry entry, CancellationToken cancel) =>
        database.Write(session => Add(session, entry), cancel);

    public Task<AuditHead> Head(CancellationToken cancel) => database.ReadMoment(ReadHead, cancel);

    public async Task<IReadOnlyList<AuditEvent>> Read(long after, int limit, CancellationToken cancel) =>
        await database.Read(session => Read(session, after, limit), cancel);

    public async Task<IReadOnlyList<AuditEvent>> Find(
        AuditFilter filter, long before, int limit, CancellationToken cancel) =>
        await database.Read(session => session.All($"""
            SELECT {Columns} FROM audit_events WHERE number < $1
              AND ($2::text IS NULL OR actor = $2 OR substr(actor, 1, length($2) + 1) = $2 || ':')
              AND ($3::text IS NULL OR action = $3 OR substr(action, 1, length($3) + 1) = $3 || '.')
              AND ($4::text IS NULL OR target = $4) AND ($5::bigint IS NULL OR at >= $5)
              AND ($6::bigint IS NULL OR at < $6)
            ORDER BY number DESC LIMIT $7
            """, ReadEvent, before, filter.Actor, filter.Action, filter.Target, filter.Since?.UtcTicks,
            filter.Until?.UtcTicks, limit), cancel);

    /// <summary>Records a change in the transaction that is open, if it is to be recorded. Goes last: what it locks is
    /// waited for by every other change.</summary>
    internal static Task Record(PostgresSession session, AuditEntry? entry) =>
        entry is null ? Task.CompletedTask : Add(session, entry);

    /// <summary>How far the store has counted; if that record is gone, the hash of the last that is left.</summary>
    internal static async Task<AuditHead> ReadHead(PostgresSession session) => new(
        await session.First("SELECT value FROM counters WHERE name = $1", row => row.GetInt64(0), PostgresCounters.Audit),
        await LastHash(session));

    internal static Task<List<AuditEvent>> Read(PostgresSession session, long after, int limit) => session.All(
        $"SELECT {Columns} FROM audit_events WHERE number > $1 ORDER BY number LIMIT $2", ReadEvent, after, limit);

    private static async Task<AuditEvent> Add(PostgresSession session, AuditEntry entry)
    {
        var number = await session.First(
            "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value", row => row.GetInt64(0), PostgresCounters.Audit);
        var added = AuditChain.Next(new(number - 1, await LastHash(session)), entry);
        await session.Run($"INSERT INTO audit_events ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            added.Number, added.At.UtcTicks, added.Actor.ToString(), added.Action, added.Target, (int)added.Outcome,
            added.Request, StoreJson.Write(added.Changes), added.Previous, added.Hash);
        return added;
    }

    private static async Task<string> LastHash(PostgresSession session) => await session.First(
        "SELECT hash FROM audit_events ORDER BY number DESC LIMIT 1", row => row.GetString(0)) ?? AuditHead.NoHash;

    private static AuditEvent ReadEvent(NpgsqlDataReader row) => AuditRow.Event(row.GetInt64(0), row.Instant(1),
        [row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9)],
        row.GetInt32(5));
}
