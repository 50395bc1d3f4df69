using Microsoft.Data.Sqlite;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>Reads the store's file as any tool would: by SQL, without a line of the product.</summary>
internal sealed class StoreReader : IDisposable
{
    private readonly SqliteConnection _connection;

    public StoreReader(HostPlace place)
    {
        _connection = new($"Data Source={Path.Combine(place.Data, "coupongrains.db")};Mode=ReadOnly;Pooling=False");
        _connection.Open();
    }

    public long Number(string sql) => Convert.ToInt64(Rows(sql).Single()[0]);

    public List<object[]> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Makes the store look as if a later version of the product had been here.</summary>
    public static void MakeNewer(HostPlace place)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(place.Data, "coupongrains.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO store_version (version, name, applied_at) VALUES (9999, 'later', 0)";
        command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();
}
