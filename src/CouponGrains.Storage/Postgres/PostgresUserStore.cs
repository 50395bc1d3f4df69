using System.Runtime.CompilerServices;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The users. Their order is that of the ids' code points.</summary>
internal sealed class PostgresUserStore(PostgresDatabase database) : IUserStore
{
    private const int Page = 1_000;

    private const string Upsert = """
        INSERT INTO users (id, data) SELECT * FROM unnest($1::text[], $2::text[])
        ON CONFLICT (id) DO UPDATE SET data = excluded.data
        """;

    public Task Put(IReadOnlyList<UserRecord> users, CancellationToken cancel)
    {
        var rows = PostgresRow.LastOfEach(users, user => user.Id.Value);
        var ids = Array.ConvertAll(rows, user => user.Id.Value);
        var data = Array.ConvertAll(rows, StoreJson.Write);
        return database.Write(session => session.Run(Upsert, ids, data), cancel);
    }

    public Task<UserRecord?> Get(UserId id, CancellationToken cancel) => database.Read(
        session => session.First("SELECT id, data FROM users WHERE id = $1", Read, id.Value), cancel);

    public Task<int> Forget(UserId user, CancellationToken cancel, AuditEntry? audit = null)
    {
        var data = StoreJson.Write(new UserRecord { Id = user, Consent = false });
        return database.Write(async session =>
        {
            await session.Run("UPDATE users SET data = $1 WHERE id = $2", data, user.Value);
            var erased = await session.Run(
                "DELETE FROM events WHERE user_id = $1 AND kind < $2", user.Value, (int)EventKind.Issued);
            await session.Run(
                "UPDATE counters SET value = value - $1 WHERE name = $2", (long)erased, PostgresCounters.Events);
            await PostgresAuditLog.Record(session, audit);
            return erased;
        }, cancel);
    }

    public async IAsyncEnumerable<UserRecord> ReadAll(UserId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = after?.Value ?? "";
        while (true)
        {
            var from = last;
            var page = await database.Read(session => session.All(
                "SELECT id, data FROM users WHERE id > $1 ORDER BY id LIMIT $2", Read, from, Page), cancel);
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

    private static UserRecord Read(NpgsqlDataReader row) =>
        row.TextOrNull(1) is { } data ? StoreJson.Read<UserRecord>(data) : new() { Id = new(row.GetString(0)) };
}
