using CouponGrains.Storage.Tests.Postgres;
using Npgsql;

namespace CouponGrains.Benchmarks.Ledger;

/// <summary>Where the server's time went, by statement.</summary>
internal static class Statements
{
    /// <summary>Prints the statements that took the most, if the server counts them.</summary>
    public static async Task Print(PostgresServer server, string database)
    {
        if (!(await server.Value<string>(database, "SHOW shared_preload_libraries")).Contains("pg_stat_statements", StringComparison.Ordinal))
        {
            return;
        }

        await server.Execute(database, "CREATE EXTENSION pg_stat_statements");
        await using var connection = new NpgsqlConnection(server.Connection(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            SELECT calls, total_exec_time, rows, left(regexp_replace(query, '\s+', ' ', 'g'), 90) FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY total_exec_time DESC LIMIT 24
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var table = new Table(["#calls", "#ms", "#rows", "statement"]);
        while (await reader.ReadAsync())
        {
            table.Add($"{reader.GetInt64(0)}", $"{reader.GetDouble(1):F0}", $"{reader.GetInt64(2)}", reader.GetString(3));
        }

        table.Print();
    }
}
