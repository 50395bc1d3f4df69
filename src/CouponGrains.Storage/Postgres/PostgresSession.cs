using System.Text;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>One connection while one caller has it. Parameters are given in their order: <c>$1</c>, <c>$2</c>, … The
/// driver prepares by itself what is run again and again.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, CancellationToken cancel, int? seconds = null)
{
    /// <summary>Long enough for whatever reads or changes a large table whole.</summary>
    private const int PatientSeconds = 1_800;

    /// <summary>Stops what is run in this session.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>Runs a statement that answers no rows; answers how many rows it changed.</summary>
    public async Task<int> Run(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Runs a query; answers what <paramref name="read"/> makes of each row.</summary>
    public async Task<List<T>> All<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs a query; answers what <paramref name="read"/> makes of its first row, or the default.</summary>
    public async Task<T?> First<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? read(reader) : default;
    }

    /// <summary>The same connection, for what must be done also after a cancellation.</summary>
    public PostgresSession Uncancelled() => new(connection, CancellationToken.None, seconds);

    /// <summary>The same connection, for statements that may take long or wait for another process.</summary>
    public PostgresSession Patient() => new(connection, cancel, PatientSeconds);

    /// <summary>Statements that go to the server in one round trip.</summary>
    public PostgresBatch Batch() => new(connection, cancel);

    /// <summary>Begins to write rows by binary COPY; they are there once it is completed.</summary>
    public Task<NpgsqlBinaryImporter> Import(string sql) => connection.BeginBinaryImportAsync(sql, cancel);

    internal static NpgsqlParameter Parameter(object? value) => new()
    {
        Value = value switch
        {
            null => DBNull.Value,
            string text => WellFormed(text),
            string?[] texts => Array.ConvertAll(texts, text => text is null ? null : WellFormed(text)),
            _ => value,
        },
    };

    /// <summary>Half a surrogate pair is no character and cannot be sent: it becomes U+FFFD, as it does in every
    /// encoder that replaces.</summary>
    internal static string WellFormed(string text) =>
        HasSurrogates(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>True if characters of it may be halves.</summary>
    internal static bool HasSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        if (seconds is { } patience && command.CommandTimeout != 0)
        {
            command.CommandTimeout = Math.Max(patience, command.CommandTimeout);
        }

        foreach (var value in values)
        {
            command.Parameters.Add(Parameter(value));
        }

        return command;
    }
}
