using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>Reads the store as any tool would: by SQL, without a line of the product.</summary>
internal sealed class StoreReader : IDisposable
{
    private readonly DbConnection _connection;

    /// <summary>Reads the file in a process's data folder.</summary>
    public StoreReader(HostPlace place)
        : this(new SqliteConnection(
            $"Data Source={Path.Combine(place.Data, "coupongrains.db")};Mode=ReadOnly;Pooling=False"))
    {
    }

    /// <summary>Reads a PostgreSQL database.</summary>
    public StoreReader(string connection)
        : this(new NpgsqlConnection(connection + ";Pooling=false"))
    {
    }

    private StoreReader(DbConnection connection)
    {
        _connection = connection;
        _connection.Open();
    }

    public bool IsFile => _connection is SqliteConnection;

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
