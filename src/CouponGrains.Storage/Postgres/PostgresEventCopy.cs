using CouponGrains.Domain.Events;
using Npgsql;
using NpgsqlTypes;

namespace CouponGrains.Storage.Postgres;

/// <summary>Appends many events at once inside a transaction of the caller, who ends it soon: those that nobody has
/// recorded yet go in by binary COPY.</summary>
/// <remarks>Places are given under a lock that is kept until the commit, one append after the other. What takes long
/// without writing, to look which events and users are known, is done before it; under it only what was appended since
/// then is looked at again.</remarks>
internal static class PostgresEventCopy
{
    /// <summary>Fewer events than these go in quicker by one statement.</summary>
    private const int Fewest = 200;

    // OFFSET 0: one look-up after the other, also by a plan that was made while the log was empty.
    private const string Known = $"""
        SELECT e.* FROM unnest($1::text[]) AS k (id)
        CROSS JOIN LATERAL (SELECT {PostgresEventLog.Columns} FROM events WHERE id = k.id OFFSET 0) AS e
        """;

    private const string Last = "SELECT coalesce(max(seq), 0) FROM events";

    // OFFSET 0: by place, and not by each id. An end that is always far has any plan expect few, and so use the index.
    private const string KnownSince = $"""
        SELECT e.* FROM unnest($2::text[]) AS k (id)
        JOIN (SELECT {PostgresEventLog.Columns} FROM events WHERE seq > $1 AND seq <= $3 OFFSET 0) AS e USING (id)
        """;

    private const string UnknownUsers = """
        SELECT n.id FROM unnest($1::text[]) AS n (id)
        LEFT JOIN LATERAL (SELECT true AS known FROM users WHERE id = n.id OFFSET 0) AS u ON true WHERE u.known IS NULL
        """;

    private const string UnknownItems = """
        SELECT n.id FROM unnest($1::text[]) AS n (id)
        LEFT JOIN LATERAL (SELECT true AS known FROM items WHERE id = n.id OFFSET 0) AS i ON true WHERE i.known IS NULL
        """;

    /// <summary>Nobody else takes places meanwhile: he would hold the lock.</summary>
    private const string TakePlaces = "SELECT setval('events_seq_seq', nextval('events_seq_seq') + $1 - 1) - $1 + 1";

    private const string NewUsers = """
        INSERT INTO users (id) SELECT id FROM unnest($1::text[]) AS n (id) ORDER BY id ON CONFLICT DO NOTHING
        """;

    private const string NewItems = """
        INSERT INTO items (id) SELECT id FROM unnest($1::text[]) AS n (id) ORDER BY id ON CONFLICT DO NOTHING
        """;

    private const string Count = "UPDATE counters SET value = value + $1 WHERE name = 'events'";

    private const string Copy = $"COPY events ({PostgresEventLog.Columns}) FROM STDIN (FORMAT binary)";

    /// <summary>True for events that are many, and whose ids are kept as they are.</summary>
    public static bool Suits(UserEvent[] events) =>
        events.Length >= Fewest && !Array.Exists(events, e => PostgresSession.HasSurrogates(e.Id.Value));

    /// <summary>Records events that suit; answers in the order given.</summary>
    public static async Task<AppendResult[]> Append(PostgresSession session, UserEvent[] events)
    {
        string[] ids = [.. events.Select(e => e.Id.Value).Distinct(StringComparer.Ordinal)];
        string[] named = [.. events.Select(e => e.User.Value).Distinct(StringComparer.Ordinal)];
        string[] about = [.. events.Select(e => e.Item?.Value).OfType<string>().Distinct(StringComparer.Ordinal)];
        var recorded = new Dictionary<string, RecordedEvent>(ids.Length, StringComparer.Ordinal);
        var (last, users, items) = (0L, new List<string>(), new List<string>());
        await session.Batch()
            .Each(Last, row => last = row.GetInt64(0))
            .Each(Known, Keep, [ids])
            .Each(UnknownUsers, row => users.Add(row.GetString(0)), [named])
            .Each(UnknownItems, row => items.Add(row.GetString(0)), [about])
            .Run();
        await session.Batch().Each(PostgresEvents.Lock, _ => { }).Each(KnownSince, Keep, last, ids, long.MaxValue).Run();

        var isNew = new bool[events.Length];
        var taken = new HashSet<string>(ids.Length, StringComparer.Ordinal);
        for (var i = 0; i < events.Length; i++)
        {
            isNew[i] = !recorded.ContainsKey(events[i].Id.Value) && taken.Add(events[i].Id.Value);
        }

        if (taken.Count > 0)
        {
            UserEvent[] fresh = [.. events.Where((_, i) => isNew[i])];
            var place = await Take(session, fresh.Length, users, items);
            foreach (var e in fresh)
            {
                recorded.Add(e.Id.Value, new(place++, e));
            }

            await Write(session, fresh, place - fresh.Length);
        }

        var results = new AppendResult[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            var found = recorded[events[i].Id.Value];
            results[i] = isNew[i] ? new(AppendStatus.Accepted, found.Sequence) : PostgresEvents.Compare(found, events[i]);
        }

        return results;

        void Keep(NpgsqlDataReader row)
        {
            var known = PostgresEventLog.Read(row);
            recorded[known.Event.Id.Value] = known;
        }
    }

    /// <summary>Takes places for events, and makes their users and items known; answers the first place.</summary>
    private static async Task<long> Take(PostgresSession session, int events, List<string> users, List<string> items)
    {
        var first = 0L;
        await session.Batch()
            .Each(TakePlaces, row => first = row.GetInt64(0), (long)events)
            .Add(NewUsers, [users.ToArray()])
            .Add(NewItems, [items.ToArray()])
            .Add(Count, (long)events)
            .Run();
        return first;
    }

    private static async Task Write(PostgresSession session, UserEvent[] events, long place)
    {
        await using var rows = await session.Import(Copy);
        foreach (var e in events)
        {
            await rows.StartRowAsync(session.Cancel);
            await Number(place++);
            await Text(e.Id.Value);
            await Text(e.User.Value);
            await Small((int)e.Kind);
            await Number(e.At.UtcTicks);
            await Text(e.Item?.Value);
            await Small(e.Quantity);
            await Number(e.Amount?.Minor);
            await Text(e.Amount?.Currency.Code);
            await Text(e.Order);
            await Number(e.Dwell?.Ticks);
            await Text(PostgresRow.Escape(e.Query));
            await Text(e.Offer?.Value);
            await Text(e.CouponCode);
            await Small(e.Rating);
            await Value(e.Propensity, NpgsqlDbType.Double);
            await Text(e.Exposure is { } exposure ? StoreJson.Write(exposure) : null);
        }

        await rows.CompleteAsync(session.Cancel);

        Task Text(string? text) => text is null
            ? rows.WriteNullAsync(session.Cancel)
            : rows.WriteAsync(PostgresSession.WellFormed(text), NpgsqlDbType.Text, session.Cancel);

        Task Number(long? number) => Value(number, NpgsqlDbType.Bigint);

        Task Small(int? number) => Value(number, NpgsqlDbType.Integer);

        Task Value<T>(T? value, NpgsqlDbType type)
            where T : struct => value is { } given
                ? rows.WriteAsync(given, type, session.Cancel)
                : rows.WriteNullAsync(session.Cancel);
    }
}
