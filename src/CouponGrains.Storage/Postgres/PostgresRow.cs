using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>What rows are written from and read into: columns that may be null, instants, free text.</summary>
internal static class PostgresRow
{
    public static string? TextOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static long? Int64OrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt64(column);

    public static int? Int32OrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt32(column);

    public static double? DoubleOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetDouble(column);

    public static DateTimeOffset Instant(this NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? InstantOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Instant(column);

    public static byte[] Bytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    /// <summary>The last record of each id, in the order of the ids: no row is written twice in one statement, and
    /// whoever writes the same rows locks them in the same order.</summary>
    public static T[] LastOfEach<T>(IEnumerable<T> records, Func<T, string> id) =>
        [.. records.GroupBy(id, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Last())];

    /// <summary>Text that was written with <see cref="Escape"/>.</summary>
    public static string? FreeTextOrNull(this NpgsqlDataReader row, int column) =>
        row.TextOrNull(column) is { } text ? Unescape(text) : null;

    /// <summary>PostgreSQL keeps every character but NUL: in text that people wrote it stands as <c>\0</c>, and a
    /// backslash as two.</summary>
    public static string? Escape(string? text) => text is null || text.AsSpan().IndexOfAny('\\', '\0') < 0
        ? text
        : text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\0", @"\0", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var whole = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            whole.Append(text[i] != '\\' ? text[i] : text[++i] == '0' ? '\0' : text[i]);
        }

        return whole.ToString();
    }
}
