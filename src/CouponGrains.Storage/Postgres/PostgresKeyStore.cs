using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Audit;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The keys of the API.</summary>
internal sealed class PostgresKeyStore(PostgresDatabase database) : IKeyStore
{
    private const string Columns = """
        id, name, kind, scopes, user_id, origins, hash, previous_hash, previous_until, at, rotated_at, expires_at,
        revoked_at
        """;

    public Task Put(AccessKey key, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(async session =>
        {
            var put = await session.Run($"""
                INSERT INTO access_keys ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, scopes = excluded.scopes,
                  user_id = excluded.user_id, origins = excluded.origins, hash = excluded.hash,
                  previous_hash = excluded.previous_hash, previous_until = excluded.previous_until, at = excluded.at,
                  rotated_at = excluded.rotated_at, expires_at = excluded.expires_at, revoked_at = excluded.revoked_at
                """, key.Id, PostgresRow.Escape(key.Name), (int)key.Kind, key.Scopes.ToArray(), key.User?.Value,
                key.Origins.ToArray(), key.Hash, key.PreviousHash, key.PreviousUntil?.UtcTicks, key.At.UtcTicks,
                key.RotatedAt?.UtcTicks, key.ExpiresAt?.UtcTicks, key.RevokedAt?.UtcTicks);
            await PostgresAuditLog.Record(session, audit);
            return put;
        }, cancel);

    public Task<AccessKey?> Get(string id, CancellationToken cancel) => database.Read(
        session => session.First($"SELECT {Columns} FROM access_keys WHERE id = $1", Read, id), cancel);

    public async Task<IReadOnlyList<AccessKey>> List(
        UserId? user, string? after, int limit, CancellationToken cancel) => user is { } one
        ? await database.Read(session => session.All(
            $"SELECT {Columns} FROM access_keys WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3", Read, one.Value,
            after ?? "", limit), cancel)
        : await database.Read(session => session.All(
            $"SELECT {Columns} FROM access_keys WHERE user_id IS NULL AND id > $1 ORDER BY id LIMIT $2", Read, after ?? "",
            limit), cancel);

    public Task<int> Forget(DateTimeOffset before, CancellationToken cancel) => database.Write(session => session.Run(
        "DELETE FROM access_keys WHERE user_id IS NOT NULL AND expires_at < $1", before.UtcTicks), cancel);

    private static AccessKey Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.FreeTextOrNull(1) ?? "",
        Kind = (KeyKind)row.GetInt32(2),
        Scopes = row.GetFieldValue<string[]>(3),
        User = row.TextOrNull(4) is { } user ? new UserId(user) : null,
        Origins = row.GetFieldValue<string[]>(5),
        Hash = row.GetString(6),
        PreviousHash = row.TextOrNull(7),
        PreviousUntil = row.InstantOrNull(8),
        At = row.Instant(9),
        RotatedAt = row.InstantOrNull(10),
        ExpiresAt = row.InstantOrNull(11),
        RevokedAt = row.InstantOrNull(12),
    };
}
