using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The event log: one row for each event, found again by its id and by its user.</summary>
internal sealed class SqliteEventLog(SqliteWriter writer, SqliteReaders readers) : IEventLog
{

    private const string Columns =
        "seq, id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query, offer_id, coupon_code, rating, propensity, exposure";

    private const string Insert = """
        INSERT INTO events (id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query, offer_id,
          coupon_code, rating, propensity, exposure)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string SelectById = $"SELECT {Columns} FROM events WHERE id = ?";

    private const string SelectUser = $"SELECT {Columns} FROM events WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?";

    private const string SelectAll = $"SELECT {Columns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?";

    public Task<AppendResult[]> Append(IReadOnlyList<UserEvent> events, CancellationToken cancel) =>
        writer.Write(session => Append(session, events), cancel);

    public Task<IReadOnlyList<RecordedEvent>> ReadUser(
        UserId user, long afterSequence, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<RecordedEvent>>(
            session => session[SelectUser].Bind(user.Value).Bind(afterSequence).Bind(limit).All(Read), cancel);

    public IAsyncEnumerable<RecordedEvent> ReadAll(long afterSequence, CancellationToken cancel) => EventPages.All(
        afterSequence,
        async (after, token) => await readers.Read(
            session => session[SelectAll].Bind(after).Bind(EventPages.Size).All(Read), token),
        cancel);

    public IAsyncEnumerable<RecordedEvent> ReadSample(int most, CancellationToken cancel) => EventPages.Sample(
        this, most,
        async (from, end, after, size, token) => await readers.Read(
            session => ReadSample(session, from, end, most, after, size.LastSequence), token),
        cancel);

    public Task<EventLogSize> Size(CancellationToken cancel) => readers.Read(session => new EventLogSize(
        SqliteCounters.Read(session, SqliteCounters.Events),
        session["SELECT coalesce(max(seq), 0) FROM events"].First(row => row.Int64(0))), cancel);

    /// <summary>Records events inside a transaction of the caller.</summary>
    internal static AppendResult[] Append(SqliteSession session, IReadOnlyList<UserEvent> events)
    {
        var results = new AppendResult[events.Count];
        var users = new HashSet<UserId>();
        var items = new HashSet<ItemId>();
        var accepted = 0;
        for (var i = 0; i < events.Count; i++)
        {
            results[i] = Append(session, events[i]);
            if (results[i].Status != AppendStatus.Accepted)
            {
                continue;
            }

            accepted++;
            users.Add(events[i].User);
            if (events[i].Item is { } item)
            {
                items.Add(item);
            }
        }

        foreach (var user in users)
        {
            session["INSERT INTO users (id) VALUES (?) ON CONFLICT DO NOTHING"].Bind(user.Value).Run();
        }

        foreach (var item in items)
        {
            session["INSERT INTO items (id) VALUES (?) ON CONFLICT DO NOTHING"].Bind(item.Value).Run();
        }

        SqliteCounters.Add(session, SqliteCounters.Events, accepted);
        return results;
    }

    // The events at, or next behind, the even places first to end − 1 of most, each found by the primary key.
    private static List<RecordedEvent> ReadSample(
        SqliteSession session, int first, int end, int most, long after, long lastSequence)
    {
        var sample = new List<RecordedEvent>();
        for (var i = first; i < end; i++)
        {
            var before = Math.Max(after, (long)((Int128)lastSequence * i / most));
            var found = session[SelectAll].Bind(before).Bind(1).First(Read);
            if (found is null || found.Sequence > lastSequence)
            {
                break;
            }

            sample.Add(found);
            after = found.Sequence;
        }

        return sample;
    }

    private static AppendResult Append(SqliteSession session, UserEvent e)
    {
        var inserted = session[Insert]
            .Bind(e.Id.Value).Bind(e.User.Value).Bind((int)e.Kind).Bind(e.At).Bind(e.Item?.Value).Bind(e.Quantity)
            .Bind(e.Amount?.Minor).Bind(e.Amount?.Currency.Code).Bind(e.Order).Bind(e.Dwell?.Ticks).Bind(e.Query)
            .Bind(e.Offer?.Value).Bind(e.CouponCode).Bind(e.Rating).Bind(e.Propensity)
            .Bind(e.Exposure is { } exposure ? StoreJson.Write(exposure) : null)
            .Run();
        if (inserted == 1)
        {
            return new(AppendStatus.Accepted, session.LastInserted);
        }

        var recorded = session[SelectById].Bind(e.Id.Value).First(Read)
            ?? throw new InvalidOperationException("An event that conflicts is in the log.");
        return recorded.Event == e ? new(AppendStatus.Duplicate, recorded.Sequence) : new(AppendStatus.Conflict, 0);
    }

    private static RecordedEvent Read(SqliteStatement row) => new(row.Int64(0), new()
    {
        Id = new(row.Text(1)),
        User = new(row.Text(2)),
        Kind = (EventKind)row.Int32(3),
        At = row.Instant(4),
        Item = row.TextOrNull(5) is { } item ? new(item) : null,
        Quantity = row.Int32(6),
        Amount = row.Int64OrNull(7) is { } amount ? new(amount, new(row.Text(8))) : null,
        Order = row.TextOrNull(9),
        Dwell = row.Int64OrNull(10) is { } dwell ? TimeSpan.FromTicks(dwell) : null,
        Query = row.TextOrNull(11),
        Offer = row.TextOrNull(12) is { } offer ? new(offer) : null,
        CouponCode = row.TextOrNull(13),
        Rating = row.Int32OrNull(14),
        Propensity = row.DoubleOrNull(15),
        Exposure = row.TextOrNull(16) is { } exposure ? StoreJson.Read<Exposure>(exposure) : null,
    });
}
