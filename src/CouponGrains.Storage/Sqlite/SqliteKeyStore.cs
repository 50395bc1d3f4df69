using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The keys of the API.</summary>
internal sealed class SqliteKeyStore(SqliteWriter writer, SqliteReaders readers) : IKeyStore
{
    private const string Columns = """
        id, name, kind, scopes, user_id, origins, hash, previous_hash, previous_until, at, rotated_at, expires_at,
        revoked_at
        """;

    public Task Put(AccessKey key, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        SqliteAuditLog.Record(session, audit);
        return session[$"""
            INSERT INTO access_keys ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, scopes = excluded.scopes,
              user_id = excluded.user_id, origins = excluded.origins, hash = excluded.hash,
              previous_hash = excluded.previous_hash, previous_until = excluded.previous_until, at = excluded.at,
              rotated_at = excluded.rotated_at, expires_at = excluded.expires_at, revoked_at = excluded.revoked_at
            """].Bind(key.Id).Bind(key.Name).Bind((int)key.Kind).Bind(StoreJson.Write(key.Scopes)).Bind(key.User?.Value)
            .Bind(StoreJson.Write(key.Origins)).Bind(key.Hash).Bind(key.PreviousHash).Bind(key.PreviousUntil)
            .Bind(key.At).Bind(key.RotatedAt).Bind(key.ExpiresAt).Bind(key.RevokedAt).Run();
    }, cancel);

    public Task<AccessKey?> Get(string id, CancellationToken cancel) => readers.Read(session =>
        session[$"SELECT {Columns} FROM access_keys WHERE id = ?"].Bind(id).First(Read), cancel);

    public Task<IReadOnlyList<AccessKey>> List(UserId? user, string? after, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<AccessKey>>(session =>
            session[$"SELECT {Columns} FROM access_keys WHERE user_id IS ? AND id > ? ORDER BY id LIMIT ?"]
                .Bind(user?.Value).Bind(after ?? "").Bind(limit).All(Read), cancel);

    public Task<int> Forget(DateTimeOffset before, CancellationToken cancel) => writer.Write(
        session => session["DELETE FROM access_keys WHERE user_id IS NOT NULL AND expires_at < ?"].Bind(before).Run(),
        cancel);

    private static AccessKey Read(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        Name = row.Text(1),
        Kind = (KeyKind)row.Int32(2),
        Scopes = StoreJson.Read<string[]>(row.Text(3)),
        User = row.TextOrNull(4) is { } user ? new UserId(user) : null,
        Origins = StoreJson.Read<string[]>(row.Text(5)),
        Hash = row.Text(6),
        PreviousHash = row.TextOrNull(7),
        PreviousUntil = row.InstantOrNull(8),
        At = row.Instant(9),
        RotatedAt = row.InstantOrNull(10),
        ExpiresAt = row.InstantOrNull(11),
        RevokedAt = row.InstantOrNull(12),
    };
}
