using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CouponGrains.Faults.Checking;

/// <summary>An event of the log.</summary>
internal sealed record EventRow(string Id, string User, int Kind, long At, string? Code, long? Minor, string? Order);

/// <summary>A coupon. States: 1 issued, 2 claimed, 3 redeemed, 4 expired, 5 voided.</summary>
internal sealed record CouponRow(
    string Code, string User, string Campaign, string Offer, string Key, int State, bool Claimed);

/// <summary>A redemption.</summary>
internal sealed record RedemptionRow(
    string Key, string Code, string User, string Campaign, string Order, long Minor, long Returned, bool RolledBack);

/// <summary>A reservation. States: 1 held, 2 redeemed, 3 released, 4 expired.</summary>
internal sealed record ReservationRow(string Key, string Code, string User, string Campaign, long Minor, int State);

/// <summary>What a campaign's budget says of itself.</summary>
internal sealed record BudgetRow(
    string Campaign, long Allowed, long Spent, long Reserved, long Issued, long Redeemed, long Held);

/// <summary>A stored model: its manifest as JSON, and what its chunks are.</summary>
internal sealed record ModelRow(long Version, string Manifest, int Chunks, int LastChunk, string Sha256);

/// <summary>A model that was put into force.</summary>
internal sealed record PromotionRow(long Number, long From, long To);

/// <summary>Everything that the database says, read in one moment, with SQL that any tool could send.</summary>
internal sealed record Books
{
    public required IReadOnlyList<EventRow> Events { get; init; }

    public required IReadOnlyList<CouponRow> Coupons { get; init; }

    public required IReadOnlyList<RedemptionRow> Redemptions { get; init; }

    public required IReadOnlyList<ReservationRow> Reservations { get; init; }

    public required IReadOnlyList<BudgetRow> Budgets { get; init; }

    public required IReadOnlyList<ModelRow> Models { get; init; }

    public required IReadOnlyList<PromotionRow> Promotions { get; init; }

    /// <summary>Reads a PostgreSQL database.</summary>
    public static async Task<Books> Read(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        return await Read(connection);
    }

    /// <summary>Reads the file of an embedded store of which no process has hold.</summary>
    public static async Task<Books> ReadFile(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        return await Read(connection);
    }

    /// <summary>Reads them. The events are in the order in which they became visible.</summary>
    private static async Task<Books> Read(DbConnection connection) => new()
    {
        Events = await Rows(connection, "SELECT id, user_id, kind, at, coupon_code, amount, order_id FROM events ORDER BY seq",
            row => new EventRow(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3),
                row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetInt64(5),
                row.IsDBNull(6) ? null : row.GetString(6))),
        Coupons = await Rows(connection,
            "SELECT code, user_id, campaign_id, offer_id, issue_key, state, claimed_at IS NOT NULL FROM coupons",
            row => new CouponRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
                row.GetString(4), row.GetInt32(5), row.GetBoolean(6))),
        Redemptions = await Rows(connection, """
            SELECT key, code, user_id, campaign_id, order_id, amount, returned, rolled_back_at IS NOT NULL FROM redemptions
            """,
            row => new RedemptionRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
                row.GetString(4), row.GetInt64(5), row.GetInt64(6), row.GetBoolean(7))),
        Reservations = await Rows(connection,
            "SELECT key, code, user_id, campaign_id, amount, state FROM reservations",
            row => new ReservationRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
                row.GetInt64(4), row.GetInt32(5))),
        Budgets = await Rows(connection,
            "SELECT campaign_id, allowed, spent, reserved, issued, redeemed, held FROM budgets",
            row => new BudgetRow(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
                row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))),
        Models = await ReadModels(connection),
        Promotions = await Rows(connection, "SELECT number, from_version, to_version FROM promotions ORDER BY number",
            row => new PromotionRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))),
    };

    private static async Task<IReadOnlyList<ModelRow>> ReadModels(DbConnection connection)
    {
        var manifests = await Rows(
            connection, "SELECT version, data FROM models ORDER BY version", row => (row.GetInt64(0), row.GetString(1)));
        var models = new List<ModelRow>();
        foreach (var (version, manifest) in manifests)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var numbers = await Rows(connection,
                $"SELECT number, bytes FROM model_chunks WHERE version = {version} ORDER BY number", row =>
                {
                    hash.AppendData(row.GetFieldValue<byte[]>(1));
                    return row.GetInt32(0);
                });
            models.Add(new(version, manifest, numbers.Count, numbers.Count == 0 ? -1 : numbers[^1],
                Convert.ToHexStringLower(hash.GetHashAndReset())));
        }

        return models;
    }

    private static async Task<List<T>> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
