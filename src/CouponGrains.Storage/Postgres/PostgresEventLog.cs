using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The event log. Appends gather into batches: a small one is one statement over arrays, a large one a
/// COPY.</summary>
internal sealed class PostgresEventLog : IEventLog, IAsyncDisposable
{
    private const int BatchMax = 10_000;
    private const int Lanes = 2;

    public const string Columns = """
        seq, id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query, offer_id, coupon_code,
          rating, propensity, exposure
        """;

    private const string SelectUser = $"SELECT {Columns} FROM events WHERE user_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

    private const string SelectAll = $"SELECT {Columns} FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";

    private const string SelectPlaces = $"""
        SELECT DISTINCT ON (seq) {Columns} FROM unnest($1::bigint[]) AS place (before)
        CROSS JOIN LATERAL (SELECT * FROM events WHERE seq > place.before ORDER BY seq LIMIT 1) AS next
        WHERE seq <= $2 ORDER BY seq
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresWriter<IReadOnlyList<UserEvent>, AppendResult[]> _writer;

    public PostgresEventLog(PostgresDatabase database, ILogger log)
    {
        _database = database;
        _writer = new(database, AppendBatch, events => events.Count, BatchMax, Lanes, log);
    }

    public Task<AppendResult[]> Append(IReadOnlyList<UserEvent> events, CancellationToken cancel) =>
        events.Count == 0 ? Task.FromResult<AppendResult[]>([]) : _writer.Write(events, cancel);

    public async Task<IReadOnlyList<RecordedEvent>> ReadUser(
        UserId user, long afterSequence, int limit, CancellationToken cancel) => await _database.Read(
            session => session.All(SelectUser, Read, user.Value, afterSequence, limit), cancel);

    public IAsyncEnumerable<RecordedEvent> ReadAll(long afterSequence, CancellationToken cancel) => EventPages.All(
        afterSequence,
        async (after, token) => await _database.Read(
            session => session.All(SelectAll, Read, after, EventPages.Size), token),
        cancel);

    public IAsyncEnumerable<RecordedEvent> ReadSample(int most, CancellationToken cancel) => EventPages.Sample(
        this, most,
        async (from, end, after, size, token) =>
        {
            // Where the log has a gap several places may share one event.
            long[] places = [.. Enumerable.Range(from, end - from)
                .Select(i => Math.Max(after, (long)((Int128)size.LastSequence * i / most)))];
            return await _database.Read(
                session => session.All(SelectPlaces, Read, places, size.LastSequence), token);
        },
        cancel);

    public Task<EventLogSize> Size(CancellationToken cancel) => _database.Read(session => session.First(
        "SELECT value, (SELECT coalesce(max(seq), 0) FROM events) FROM counters WHERE name = $1",
        row => new EventLogSize(row.GetInt64(0), row.GetInt64(1)), PostgresCounters.Events), cancel);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    internal static RecordedEvent Read(NpgsqlDataReader row) => new(row.GetInt64(0), new()
    {
        Id = new(row.GetString(1)),
        User = new(row.GetString(2)),
        Kind = (EventKind)row.GetInt32(3),
        At = row.Instant(4),
        Item = row.TextOrNull(5) is { } item ? new(item) : null,
        Quantity = row.GetInt32(6),
        Amount = row.Int64OrNull(7) is { } amount ? new(amount, new(row.GetString(8))) : null,
        Order = row.TextOrNull(9),
        Dwell = row.Int64OrNull(10) is { } dwell ? TimeSpan.FromTicks(dwell) : null,
        Query = row.FreeTextOrNull(11),
        Offer = row.TextOrNull(12) is { } offer ? new(offer) : null,
        CouponCode = row.TextOrNull(13),
        Rating = row.Int32OrNull(14),
        Propensity = row.DoubleOrNull(15),
        Exposure = row.TextOrNull(16) is { } exposure ? StoreJson.Read<Exposure>(exposure) : null,
    });

    private static async Task<Outcome<AppendResult[]>[]> AppendBatch(
        PostgresSession session, IReadOnlyList<IReadOnlyList<UserEvent>> appends)
    {
        UserEvent[] all = [.. appends.SelectMany(events => events)];
        var results = PostgresEventCopy.Suits(all)
            ? await PostgresEventCopy.Append(session, all)
            : await PostgresEvents.Append(session, all);
        var outcomes = new Outcome<AppendResult[]>[appends.Count];
        for (int i = 0, from = 0; i < outcomes.Length; from += appends[i++].Count)
        {
            outcomes[i] = new(results[from..(from + appends[i].Count)]);
        }

        return outcomes;
    }
}
