using System.Runtime.CompilerServices;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The users. Their order is that of the ids' code points.</summary>
internal sealed class SqliteUserStore(SqliteWriter writer, SqliteReaders readers) : IUserStore
{
    private const int Page = 1_000;

    private const string Upsert =
        "INSERT INTO users (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data";

    public Task Put(IReadOnlyList<UserRecord> users, CancellationToken cancel)
    {
        var rows = users.Select(user => (user.Id, Data: StoreJson.Write(user))).ToList();
        return writer.Write(session =>
        {
            foreach (var (id, data) in rows)
            {
                session[Upsert].Bind(id.Value).Bind(data).Run();
            }

            return rows.Count;
        }, cancel);
    }

    public Task<UserRecord?> Get(UserId id, CancellationToken cancel) => readers.Read(
        session => session["SELECT id, data FROM users WHERE id = ?"].Bind(id.Value).First(Read), cancel);

    public Task<int> Forget(UserId user, CancellationToken cancel, AuditEntry? audit = null)
    {
        var data = StoreJson.Write(new UserRecord { Id = user, Consent = false });
        return writer.Write(session =>
        {
            session["UPDATE users SET data = ? WHERE id = ?"].Bind(data).Bind(user.Value).Run();
            var erased = session["DELETE FROM events WHERE user_id = ? AND kind < ?"]
                .Bind(user.Value).Bind((int)EventKind.Issued).Run();
            SqliteCounters.Add(session, SqliteCounters.Events, -erased);
            SqliteAuditLog.Record(session, audit);
            return erased;
        }, cancel);
    }

    public async IAsyncEnumerable<UserRecord> ReadAll(UserId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = after?.Value ?? "";
        while (true)
        {
            var from = last;
            var page = await readers.Read(session =>
                session["SELECT id, data FROM users WHERE id > ? ORDER BY id LIMIT ?"].Bind(from).Bind(Page).All(Read), cancel);
            foreach (var user in page)
            {
                yield return user;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            last = page[^1].Id.Value;
        }
    }

    private static UserRecord Read(SqliteStatement row) =>
        row.TextOrNull(1) is { } data ? StoreJson.Read<UserRecord>(data) : new() { Id = new(row.Text(0)) };
}
