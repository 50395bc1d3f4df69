using System.Diagnostics;
using CouponGrains.Domain.Events;
using CouponGrains.Storage.Tests.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace CouponGrains.Benchmarks.Events;

/// <summary>The floor: the same rows by one binary COPY in one transaction, which asks for nothing and answers
/// nothing.</summary>
internal static class RawCopy
{
    private const string Columns =
        "id, user_id, kind, at, item_id, quantity, amount, currency, order_id, dwell, query";

    /// <summary>Makes the tables that it writes to.</summary>
    public static Task Prepare(PostgresServer server, string database) => server.Execute(database, """
        CREATE TABLE events_copied (LIKE events INCLUDING ALL);
        CREATE TABLE events_bare (LIKE events INCLUDING IDENTITY);
        """);

    public static async Task<IngestLeg> Run(
        PostgresServer server, string database, string table, UserEvent[] events)
    {
        await using var connection = new NpgsqlConnection(server.Connection(database) + ";Pooling=false");
        await connection.OpenAsync();
        var before = ProcessorTime.Now(server.ProcessId);
        var begun = Stopwatch.GetTimestamp();
        await using (var rows = await connection.BeginBinaryImportAsync($"COPY {table} ({Columns}) FROM STDIN (FORMAT binary)"))
        {
            foreach (var e in events)
            {
                Write(rows, e);
            }

            await rows.CompleteAsync();
        }

        return new(events.Length, Stopwatch.GetElapsedTime(begun), ProcessorTime.Now(server.ProcessId) - before);
    }

    private static void Write(NpgsqlBinaryImporter rows, UserEvent e)
    {
        rows.StartRow();
        rows.Write(e.Id.Value, NpgsqlDbType.Text);
        rows.Write(e.User.Value, NpgsqlDbType.Text);
        rows.Write((int)e.Kind, NpgsqlDbType.Integer);
        rows.Write(e.At.UtcTicks, NpgsqlDbType.Bigint);
        Text(e.Item?.Value);
        rows.Write(e.Quantity, NpgsqlDbType.Integer);
        Number(e.Amount?.Minor);
        Text(e.Amount?.Currency.Code);
        Text(e.Order);
        Number(e.Dwell?.Ticks);
        Text(e.Query);

        void Text(string? text)
        {
            if (text is null)
            {
                rows.WriteNull();
            }
            else
            {
                rows.Write(text, NpgsqlDbType.Text);
            }
        }

        void Number(long? number)
        {
            if (number is { } given)
            {
                rows.Write(given, NpgsqlDbType.Bigint);
            }
            else
            {
                rows.WriteNull();
            }
        }
    }
}
