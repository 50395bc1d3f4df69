using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>Statements that go to the server together and are answered together, in their order.</summary>
internal sealed class PostgresBatch(NpgsqlConnection connection, CancellationToken cancel)
{
    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<Action<NpgsqlDataReader>?> _rows = [];

    /// <summary>Adds a statement that answers no rows.</summary>
    public PostgresBatch Add(string sql, params object?[] values) => Add(sql, null, values);

    /// <summary>Adds a query; <paramref name="row"/> is called for each of its rows.</summary>
    public PostgresBatch Each(string sql, Action<NpgsqlDataReader> row, params object?[] values) => Add(sql, row, values);

    /// <summary>Runs them all.</summary>
    public async Task Run()
    {
        if (_commands.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        _commands.ForEach(batch.BatchCommands.Add);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        // Only statements that answer rows have a result of their own.
        foreach (var row in _rows.OfType<Action<NpgsqlDataReader>>())
        {
            while (await reader.ReadAsync(cancel))
            {
                row(reader);
            }

            await reader.NextResultAsync(cancel);
        }

        // Statements behind the last rows tell their errors here.
        while (await reader.NextResultAsync(cancel))
        {
        }
    }

    private PostgresBatch Add(string sql, Action<NpgsqlDataReader>? row, object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(PostgresSession.Parameter(value));
        }

        _commands.Add(command);
        _rows.Add(row);
        return this;
    }
}
