using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Webhooks;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The endpoints and what is on its way to them.</summary>
internal sealed class PostgresWebhookStore(PostgresDatabase database) : IWebhookStore
{
    private const string Columns = "id, url, types, secret, previous, previous_until, status, failing_since, at";

    private const string Deliverables = """
        SELECT o.id, o.type, o.at, o.data, d.state, d.attempts, d.next_at, d.last
        FROM deliveries d JOIN outbox o ON o.number = d.message
        """;

    public Task Put(WebhookEndpoint endpoint, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            var written = await session.Run($"""
                INSERT INTO webhook_endpoints ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (id) DO UPDATE SET url = excluded.url, types = excluded.types, secret = excluded.secret,
                  previous = excluded.previous, previous_until = excluded.previous_until, status = excluded.status,
                  failing_since = excluded.failing_since
                """, endpoint.Id, endpoint.Url, endpoint.Types.ToArray(), endpoint.Secret, endpoint.PreviousSecret,
                endpoint.PreviousUntil?.UtcTicks, (int)endpoint.Status, endpoint.FailingSince?.UtcTicks,
                endpoint.At.UtcTicks);
            await PostgresAuditLog.Record(session, audit);
            return written;
        }, cancel);

    public Task<WebhookEndpoint?> Get(string id, CancellationToken cancel) => database.Read(session => session.First(
        $"SELECT {Columns} FROM webhook_endpoints WHERE id = $1", ReadEndpoint, id), cancel);

    public async Task<IReadOnlyList<WebhookEndpoint>> List(CancellationToken cancel) => await database.Read(session =>
        session.All($"SELECT {Columns} FROM webhook_endpoints ORDER BY id", ReadEndpoint), cancel);

    public Task<bool> Delete(string id, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            var deleted = await session.Run("DELETE FROM webhook_endpoints WHERE id = $1", id) == 1;
            await PostgresAuditLog.Record(session, deleted ? audit : null);
            return deleted;
        }, cancel);

    public Task Send(string id, OutboxMessage message, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            await session.Run(PostgresOutbox.Insert, message.Id, message.Type, message.At.UtcTicks, message.Data);
            var sent = await session.Run("""
                INSERT INTO deliveries (endpoint, message, state, next_at)
                SELECT $1, number, 1, $2 FROM outbox WHERE id = $3
                ON CONFLICT DO NOTHING
                """, id, message.At.UtcTicks, message.Id);
            await PostgresAuditLog.Record(session, audit);
            return sent;
        }, cancel);

    public async Task<IReadOnlyList<WebhookDelivery>> Due(
        string id, DateTimeOffset now, int limit, CancellationToken cancel) =>
        await database.Read(session => session.All($"""
            {Deliverables} WHERE d.endpoint = $1 AND d.state = 1 AND (d.next_at <= $2 OR d.next_at > $3)
            ORDER BY d.next_at, d.message LIMIT $4
            """, ReadDelivery, id, now.UtcTicks, (now + WebhookRules.PauseMax).UtcTicks, limit), cancel);

    public Task Settle(WebhookEndpoint endpoint, IReadOnlyList<WebhookDelivery> tried, CancellationToken cancel) =>
        database.Write(async session =>
        {
            await session.Run("""
                UPDATE deliveries d SET state = n.state, attempts = n.attempts, next_at = n.next_at, last = n.last
                FROM unnest($2::text[], $3::integer[], $4::integer[], $5::bigint[], $6::text[])
                  AS n (id, state, attempts, next_at, last) JOIN outbox o ON o.id = n.id
                WHERE d.endpoint = $1 AND d.message = o.number
                """, endpoint.Id, tried.Select(d => d.Message.Id).ToArray(), tried.Select(d => (int)d.State).ToArray(),
                tried.Select(d => d.Attempts).ToArray(), tried.Select(d => d.NextAt.UtcTicks).ToArray(),
                tried.Select(d => PostgresRow.Escape(d.Last)).ToArray());
            return await session.Run("UPDATE webhook_endpoints SET status = $1, failing_since = $2 WHERE id = $3",
                (int)endpoint.Status, endpoint.FailingSince?.UtcTicks, endpoint.Id);
        }, cancel);

    public Task<int> Replay(
        string id, DateTimeOffset since, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            var again = await session.Run($"""
                INSERT INTO deliveries (endpoint, message, state, next_at)
                SELECT e.id, o.number, 1, $1 FROM outbox o JOIN webhook_endpoints e ON e.id = $2
                WHERE o.at >= $3 AND o.type <> '{MessageTypes.Test}' AND {PostgresOutbox.Wants}
                ON CONFLICT (endpoint, message) DO UPDATE SET state = 1, attempts = 0, next_at = excluded.next_at
                """, now.UtcTicks, id, since.UtcTicks);
            await PostgresAuditLog.Record(session, audit);
            return again;
        }, cancel);

    public async Task<IReadOnlyList<WebhookDelivery>> Deliveries(string id, int limit, CancellationToken cancel) =>
        await database.Read(session => session.All(
            $"{Deliverables} WHERE d.endpoint = $1 ORDER BY d.message DESC LIMIT $2", ReadDelivery, id, limit), cancel);

    public Task<int> Forget(DateTimeOffset before, CancellationToken cancel) => database.Write(async session =>
    {
        await session.Run("""
            DELETE FROM deliveries d USING outbox o WHERE o.number = d.message AND o.at < $1 AND d.state <> 1
            """, before.UtcTicks);
        return await session.Run("""
            DELETE FROM outbox o WHERE o.at < $1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = o.number)
            """, before.UtcTicks);
    }, cancel);

    private static WebhookEndpoint ReadEndpoint(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Url = row.GetString(1),
        Types = row.GetFieldValue<string[]>(2),
        Secret = row.GetString(3),
        PreviousSecret = row.TextOrNull(4),
        PreviousUntil = row.InstantOrNull(5),
        Status = (WebhookStatus)row.GetInt32(6),
        FailingSince = row.InstantOrNull(7),
        At = row.Instant(8),
    };

    private static WebhookDelivery ReadDelivery(NpgsqlDataReader row) => new()
    {
        Message = new(row.GetString(0), row.GetString(1), row.Instant(2), row.GetString(3)),
        State = (DeliveryState)row.GetInt32(4),
        Attempts = row.GetInt32(5),
        NextAt = row.Instant(6),
        Last = row.FreeTextOrNull(7),
    };
}
