using CouponGrains.Domain;

namespace CouponGrains.Storage.Import;

/// <summary>What became of one row of a file: a value, or the reason why there is none. A dirty row is an outcome,
/// never an exception.</summary>
/// <param name="Line">The line of the file where the row begins, from 1.</param>
/// <param name="Value">The value, or default if refused.</param>
/// <param name="Refusal">Why the row was refused, or null.</param>
public readonly record struct RowOutcome<T>(long Line, T? Value, Refusal? Refusal)
    where T : class;

/// <summary>One row of a file, before it means anything: texts by column.</summary>
/// <param name="line">The line of the file where the row begins, from 1.</param>
/// <param name="columns">The place of each column.</param>
/// <param name="values">The texts, in the order of the columns.</param>
public sealed class Row(long line, IReadOnlyDictionary<string, int> columns, string[] values)
{
    /// <summary>The line of the file where the row begins, from 1.</summary>
    public long Line => line;

    /// <summary>The columns by name, with their places.</summary>
    public IReadOnlyDictionary<string, int> Columns => columns;

    /// <summary>The texts, in the order of the columns.</summary>
    public IReadOnlyList<string> Values => values;

    /// <summary>The text of a column without white space at its ends; empty if the row has no such column or if the
    /// text is one of the ways to write «nothing» (<c>NA</c>, <c>NULL</c>, <c>nan</c>).</summary>
    public string this[string column] =>
        columns.TryGetValue(column, out var at) && at < values.Length ? Cleaned(values[at]) : "";

    private static string Cleaned(string text)
    {
        var trimmed = text.Trim();
        return trimmed is "NA" or "NULL" or "null" or "nan" or "NaN" ? "" : trimmed;
    }
}

/// <summary>Reads the text of one field from a row; empty means that the field is not given.</summary>
public delegate string Field(Row row);
