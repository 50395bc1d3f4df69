using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The endpoints and what is on its way to them.</summary>
internal sealed class SqliteWebhookStore(SqliteWriter writer, SqliteReaders readers) : IWebhookStore
{
    private const string Columns = "id, url, types, secret, previous, previous_until, status, failing_since, at";

    private const string Deliverables = """
        SELECT o.id, o.type, o.at, o.data, d.state, d.attempts, d.next_at, d.last
        FROM deliveries d JOIN outbox o ON o.number = d.message
        """;

    public Task Put(WebhookEndpoint endpoint, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        SqliteAuditLog.Record(session, audit);
        return session[$"""
            INSERT INTO webhook_endpoints ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET url = excluded.url, types = excluded.types, secret = excluded.secret,
              previous = excluded.previous, previous_until = excluded.previous_until, status = excluded.status,
              failing_since = excluded.failing_since
            """].Bind(endpoint.Id).Bind(endpoint.Url).Bind(StoreJson.Write(endpoint.Types)).Bind(endpoint.Secret)
            .Bind(endpoint.PreviousSecret).Bind(endpoint.PreviousUntil).Bind((int)endpoint.Status)
            .Bind(endpoint.FailingSince).Bind(endpoint.At).Run();
    }, cancel);

    public Task<WebhookEndpoint?> Get(string id, CancellationToken cancel) => readers.Read(session =>
        session[$"SELECT {Columns} FROM webhook_endpoints WHERE id = ?"].Bind(id).First(ReadEndpoint), cancel);

    public Task<IReadOnlyList<WebhookEndpoint>> List(CancellationToken cancel) =>
        readers.Read<IReadOnlyList<WebhookEndpoint>>(session =>
            session[$"SELECT {Columns} FROM webhook_endpoints ORDER BY id"].All(ReadEndpoint), cancel);

    public Task<bool> Delete(string id, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        var deleted = session["DELETE FROM webhook_endpoints WHERE id = ?"].Bind(id).Run() == 1;
        SqliteAuditLog.Record(session, deleted ? audit : null);
        return deleted;
    }, cancel);

    public Task Send(
        string id, OutboxMessage message, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        SqliteAuditLog.Record(session, audit);
        SqliteOutbox.Insert(session, message);
        return session["""
            INSERT INTO deliveries (endpoint, message, state, next_at) SELECT ?, number, 1, ? FROM outbox WHERE id = ?
            ON CONFLICT DO NOTHING
            """].Bind(id).Bind(message.At).Bind(message.Id).Run();
    }, cancel);

    public Task<IReadOnlyList<WebhookDelivery>> Due(
        string id, DateTimeOffset now, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<WebhookDelivery>>(session => session[$"""
            {Deliverables} WHERE d.endpoint = ? AND d.state = 1 AND (d.next_at <= ? OR d.next_at > ?)
            ORDER BY d.next_at, d.message LIMIT ?
            """].Bind(id).Bind(now).Bind(now + WebhookRules.PauseMax).Bind(limit).All(ReadDelivery), cancel);

    public Task Settle(WebhookEndpoint endpoint, IReadOnlyList<WebhookDelivery> tried, CancellationToken cancel) =>
        writer.Write(session =>
        {
            foreach (var delivery in tried)
            {
                session["""
                    UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last = ?
                    WHERE endpoint = ? AND message = (SELECT number FROM outbox WHERE id = ?)
                    """].Bind((int)delivery.State).Bind(delivery.Attempts).Bind(delivery.NextAt).Bind(delivery.Last)
                    .Bind(endpoint.Id).Bind(delivery.Message.Id).Run();
            }

            return session["UPDATE webhook_endpoints SET status = ?, failing_since = ? WHERE id = ?"]
                .Bind((int)endpoint.Status).Bind(endpoint.FailingSince).Bind(endpoint.Id).Run();
        }, cancel);

    public Task<int> Replay(
        string id, DateTimeOffset since, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null) =>
        writer.Write(session =>
        {
            SqliteAuditLog.Record(session, audit);
            return session[$"""
                INSERT INTO deliveries (endpoint, message, state, next_at)
                SELECT e.id, o.number, 1, ?1 FROM outbox o JOIN webhook_endpoints e ON e.id = ?2
                WHERE o.at >= ?3 AND o.type <> '{MessageTypes.Test}' AND {SqliteOutbox.Wants}
                ON CONFLICT (endpoint, message) DO UPDATE SET state = 1, attempts = 0, next_at = excluded.next_at
                """].Bind(now).Bind(id).Bind(since).Run();
        }, cancel);

    public Task<IReadOnlyList<WebhookDelivery>> Deliveries(string id, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<WebhookDelivery>>(session =>
            session[$"{Deliverables} WHERE d.endpoint = ? ORDER BY d.message DESC LIMIT ?"]
                .Bind(id).Bind(limit).All(ReadDelivery), cancel);

    public Task<int> Forget(DateTimeOffset before, CancellationToken cancel) => writer.Write(session =>
    {
        session["""
            DELETE FROM deliveries WHERE state <> 1 AND message IN (SELECT number FROM outbox WHERE at < ?)
            """].Bind(before).Run();
        return session["""
            DELETE FROM outbox WHERE at < ?
              AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = outbox.number)
            """].Bind(before).Run();
    }, cancel);

    private static WebhookEndpoint ReadEndpoint(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        Url = row.Text(1),
        Types = StoreJson.Read<string[]>(row.Text(2)),
        Secret = row.Text(3),
        PreviousSecret = row.TextOrNull(4),
        PreviousUntil = row.InstantOrNull(5),
        Status = (WebhookStatus)row.Int32(6),
        FailingSince = row.InstantOrNull(7),
        At = row.Instant(8),
    };

    private static WebhookDelivery ReadDelivery(SqliteStatement row) => new()
    {
        Message = new(row.Text(0), row.Text(1), row.Instant(2), row.Text(3)),
        State = (DeliveryState)row.Int32(4),
        Attempts = row.Int32(5),
        NextAt = row.Instant(6),
        Last = row.TextOrNull(7),
    };
}
