using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Postgres;

/// <summary>Writes messages into the outbox, in the transaction of what they tell.</summary>
internal static class PostgresOutbox
{
    /// <summary>True where the endpoint <c>e</c> wants the message <c>o</c>.</summary>
    public const string Wants = "(cardinality(e.types) = 0 OR o.type = ANY (e.types))";

    /// <summary>Without regard to what is wanted.</summary>
    public const string Insert = """
        INSERT INTO outbox (id, type, at, data) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING
        """;

    private const string InsertWanted = $"""
        INSERT INTO outbox (id, type, at, data)
        SELECT o.id, o.type, o.at, o.data
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) WITH ORDINALITY AS o (id, type, at, data, place)
        WHERE EXISTS (SELECT 1 FROM webhook_endpoints e WHERE {Wants}) ORDER BY o.place
        ON CONFLICT (id) DO NOTHING
        """;

    private const string Deliver = $"""
        INSERT INTO deliveries (endpoint, message, state, next_at)
        SELECT e.id, o.number, 1, o.at FROM outbox o JOIN webhook_endpoints e ON e.status = 1 AND {Wants}
        WHERE o.id = ANY ($1)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Adds the statements that write messages if an endpoint wants them, and send them to those that are
    /// enabled.</summary>
    public static void Add(PostgresBatch batch, IReadOnlyList<OutboxMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        string[] ids = [.. messages.Select(message => message.Id)];
        batch.Add(InsertWanted, ids, messages.Select(message => message.Type).ToArray(),
            messages.Select(message => message.At.UtcTicks).ToArray(), messages.Select(message => message.Data).ToArray());
        batch.Add(Deliver, [ids]);
    }
}
