using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>Statements that go to the server together and are answered together, in their order.</summary>
internal sealed class PostgresBatch(NpgsqlConnection connection, CancellationToken cancel)
{
    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<Action<NpgsqlDataReader>?> _rows = [];
    private readonly List<(int Command, int Rows)> _expected = [];

    /// <summary>Adds a statement that answers no rows.</summary>
    public PostgresBatch Add(string sql, params object?[] values) => Add(sql, null, values);

    /// <summary>Adds a statement that changes one row for each of <paramref name="rows"/>, which it is left out
    /// without. Running throws if it changes others.</summary>
    public void AddFor<T>(IReadOnlyCollection<T> rows, string sql, params object?[] columns)
    {
        if (rows.Count > 0)
        {
            _expected.Add((_commands.Count, rows.Count));
            Add(sql, columns);
        }
    }

    /// <summary>Adds a query; <paramref name="row"/> is called for each of its rows.</summary>
    public PostgresBatch Each(string sql, Action<NpgsqlDataReader> row, params object?[] values) => Add(sql, row, values);

    /// <summary>The same, left out if there is nothing to ask for.</summary>
    public void EachOf<T>(IReadOnlyCollection<T> asked, string sql, Action<NpgsqlDataReader> row, params object?[] values)
    {
        if (asked.Count > 0)
        {
            Each(sql, row, values);
        }
    }

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

        foreach (var (command, rows) in _expected)
        {
            if (_commands[command].RecordsAffected != rows)
            {
                throw new InvalidOperationException($"{_commands[command].RecordsAffected} rows changed, not {rows}.");
            }
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
