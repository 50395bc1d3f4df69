using CouponGrains.Domain.Events;

namespace CouponGrains.Storage.Postgres;

/// <summary>Appends to the event log inside a transaction of the caller, who ends it soon: everybody else waits to
/// append.</summary>
internal static class PostgresEvents
{
    /// <summary>Taken before a place is given and kept until the commit: see the table.</summary>
    public const string Lock = "SELECT value FROM counters WHERE name = 'events' FOR UPDATE";

    private const string Insert = """
        WITH given AS (
          SELECT * FROM unnest(
            $1::text[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::integer[], $7::bigint[], $8::text[],
              $9::text[],
            $10::bigint[], $11::text[], $12::text[], $13::text[], $14::integer[], $15::double precision[],
            $16::text[]) WITH ORDINALITY AS
            g (id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query, offer_id,
              coupon_code, rating,
            propensity, exposure, place)
        ), appended AS (
          INSERT INTO events (id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query,
            offer_id,
            coupon_code, rating, propensity, exposure)
          SELECT id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query, offer_id,
            coupon_code, rating,
            propensity, exposure FROM given ORDER BY place
          ON CONFLICT (id) DO NOTHING
          RETURNING seq, id, user_id, item_id
        ), new_users AS (
          INSERT INTO users (id) SELECT DISTINCT user_id FROM appended ORDER BY user_id ON CONFLICT DO NOTHING
        ), new_items AS (
          INSERT INTO items (id) SELECT DISTINCT item_id FROM appended WHERE item_id IS NOT NULL ORDER BY item_id
          ON CONFLICT DO NOTHING
        ), counted AS (
          UPDATE counters SET value = value + (SELECT count(*) FROM appended) WHERE name = 'events'
        )
        SELECT seq, id FROM appended
        """;

    private const string Select = """
        SELECT seq, id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query, offer_id,
          coupon_code,
          rating, propensity, exposure FROM events WHERE id = ANY ($1)
        """;

    /// <summary>Records events; answers in the order given. The statements of <paramref name="before"/> go with them,
    /// in the same round trip.</summary>
    public static async Task<AppendResult[]> Append(
        PostgresSession session, UserEvent[] events, PostgresBatch? before = null)
    {
        var places = new Dictionary<string, long>(events.Length, StringComparer.Ordinal);
        await (before ?? session.Batch())
            .Each(Lock, _ => { })
            .Each(Insert, row => places.Add(row.GetString(1), row.GetInt64(0)), Values(events))
            .Run();
        var first = new Dictionary<string, RecordedEvent>(places.Count, StringComparer.Ordinal);
        var results = new AppendResult[events.Length];
        var known = new List<int>();
        for (var i = 0; i < events.Length; i++)
        {
            var e = events[i];
            if (first.TryGetValue(e.Id.Value, out var earlier))
            {
                results[i] = Compare(earlier, e);
            }
            else if (places.TryGetValue(e.Id.Value, out var place))
            {
                first.Add(e.Id.Value, new(place, e));
                results[i] = new(AppendStatus.Accepted, place);
            }
            else
            {
                known.Add(i);
            }
        }

        if (known.Count > 0)
        {
            await CompareStored(session, events, known, results);
        }

        return results;
    }

    private static async Task CompareStored(PostgresSession session, UserEvent[] events, List<int> known, AppendResult[] results)
    {
        string[] ids = [.. known.Select(i => events[i].Id.Value).Distinct(StringComparer.Ordinal)];
        var stored = (await session.All(Select, PostgresEventLog.Read, [ids])).ToDictionary(r => r.Event.Id);
        foreach (var i in known)
        {
            results[i] = stored.TryGetValue(events[i].Id, out var recorded)
                ? Compare(recorded, events[i])
                : new(AppendStatus.Conflict, 0); // Its id holds half a character and is kept as another.
        }
    }

    /// <summary>What becomes of an event whose id is recorded.</summary>
    public static AppendResult Compare(RecordedEvent recorded, UserEvent e) =>
        recorded.Event == e ? new(AppendStatus.Duplicate, recorded.Sequence) : new(AppendStatus.Conflict, 0);

    private static object?[] Values(UserEvent[] events) =>
    [
        Array.ConvertAll(events, e => e.Id.Value),
        Array.ConvertAll(events, e => e.User.Value),
        Array.ConvertAll(events, e => (int)e.Kind),
        Array.ConvertAll(events, e => e.At.UtcTicks),
        Array.ConvertAll(events, e => e.Item?.Value),
        Array.ConvertAll(events, e => e.Quantity),
        Array.ConvertAll(events, e => e.Amount?.Minor),
        Array.ConvertAll(events, e => e.Amount?.Currency.Code),
        Array.ConvertAll(events, e => e.Order),
        Array.ConvertAll(events, e => e.Dwell?.Ticks),
        Array.ConvertAll(events, e => PostgresRow.Escape(e.Query)),
        Array.ConvertAll(events, e => e.Offer?.Value),
        Array.ConvertAll(events, e => e.CouponCode),
        Array.ConvertAll(events, e => e.Rating),
        Array.ConvertAll(events, e => e.Propensity),
        Array.ConvertAll(events, e => e.Exposure is { } exposure ? StoreJson.Write(exposure) : null),
    ];
}
