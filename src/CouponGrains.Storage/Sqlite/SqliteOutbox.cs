using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Writes messages into the outbox, in the transaction of what they tell.</summary>
internal static class SqliteOutbox
{
    /// <summary>True where the endpoint <c>e</c> wants the message <c>o</c>.</summary>
    public const string Wants =
        "(e.types = '[]' OR EXISTS (SELECT 1 FROM json_each(e.types) AS wanted WHERE wanted.value = o.type))";

    /// <summary>Writes a message if an endpoint wants it, and sends it to those that are enabled.</summary>
    public static void Add(SqliteSession session, OutboxMessage message)
    {
        var wanted = session[$"""
            SELECT EXISTS (SELECT 1 FROM webhook_endpoints e, (SELECT ? AS type) AS o WHERE {Wants})
            """].Bind(message.Type).First(row => row.Int32(0)) == 1;
        if (!wanted)
        {
            return;
        }

        Insert(session, message);
        session[$"""
            INSERT INTO deliveries (endpoint, message, state, next_at)
            SELECT e.id, o.number, 1, o.at FROM webhook_endpoints e, outbox o
            WHERE o.id = ? AND e.status = 1 AND {Wants}
            ON CONFLICT DO NOTHING
            """].Bind(message.Id).Run();
    }

    public static void Insert(SqliteSession session, OutboxMessage message) => session["""
        INSERT INTO outbox (id, type, at, data) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """].Bind(message.Id).Bind(message.Type).Bind(message.At).Bind(message.Data).Run();
}
