using System.Text.Json;
using CouponGrains.Domain;
using CsvHelper;

namespace CouponGrains.Storage.Import;

/// <summary>How the rows of a file are written.</summary>
public abstract record RowFormat
{
    /// <summary>The rows in the order of the file, streamed. Throws <see cref="RefusedException"/> only if the file as
    /// a whole cannot be read: a column of <paramref name="required"/> is not in its header.</summary>
    public abstract IEnumerable<RowOutcome<Row>> Read(TextReader text, IReadOnlyCollection<string> required);

    /// <summary>The format that a file name tells: JSON lines for <c>.jsonl</c>, <c>.ndjson</c> and <c>.json</c>,
    /// otherwise comma-separated with a header; <c>.gz</c> at the end is ignored.</summary>
    public static RowFormat Of(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".JSONL" or ".NDJSON" or ".JSON" => new JsonLines(),
            ".TSV" => new Csv('\t'),
            _ => new Csv(),
        };
    }
}

/// <summary>Separated values (RFC 4180), except that a field may not contain a line break: so one quotation mark too
/// many costs one row and not the rest of the file. Without a header the columns are named <c>0</c>, <c>1</c>,
/// <c>2</c>, …</summary>
public sealed record Csv(char Delimiter = ',', bool Header = true) : RowFormat
{
    private const int RowBytesMax = 1 << 24;

    /// <inheritdoc/>
    public override IEnumerable<RowOutcome<Row>> Read(TextReader text, IReadOnlyCollection<string> required)
    {
        var malformed = 0L;
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = Delimiter,
            HasHeader = Header,
            AllowLineBreaksInQuotes = false,
            TrackLineNumbers = true,
            MaxRecordSize = RowBytesMax,
            OnMalformedRecord = r => malformed = r.Reason == CsvMalformedReason.StrayQuote ? malformed : r.LineNumber,
        }, leaveOpen: true);
        var columns = Header ? Columns(reader.Headers, required) : null;
        while (TryRead(reader, out var refusal))
        {
            var line = reader.LineNumber;
            if (refusal is not null)
            {
                yield return new(line, null, refusal);
                yield break;
            }

            var values = reader.Current.ToArray();
            columns ??= Columns([.. values.Select((_, i) => i.ToString())], required);
            yield return malformed == line ? Malformed(line, "A quotation mark is not closed, or text follows the closing one.")
                : values.Length != columns.Count ? Malformed(line, $"The row has {values.Length} fields instead of {columns.Count}.")
                : new(line, new Row(line, columns, values), null);
        }
    }

    private static RowOutcome<Row> Malformed(long line, string detail) => new(line, null, new(RefusalCodes.MalformedRow, detail));

    private static bool TryRead(CsvReader reader, out Refusal? refusal)
    {
        refusal = null;
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException e)
        {
            refusal = new(RefusalCodes.MalformedRow, $"The row cannot be read, nor those after it: {e.Message}");
            return true;
        }
    }

    private static Dictionary<string, int> Columns(IReadOnlyList<string> names, IReadOnlyCollection<string> required)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            if (!columns.TryAdd(names[i].Trim(), i))
            {
                columns.Add($"{names[i].Trim()}#{i}", i);
            }
        }

        var missing = required.Where(c => !columns.ContainsKey(c)).ToList();
        return missing.Count == 0
            ? columns
            : throw new RefusedException(RefusalCodes.MissingField,
                $"The file has no column {string.Join(", ", missing)}; its columns are {string.Join(", ", columns.Keys)}.");
    }
}

/// <summary>One JSON object on each line. A field inside an object is named with a dot (<c>item.id</c>); the values of
/// an array are joined by <c>|</c>.</summary>
public sealed record JsonLines : RowFormat
{
    /// <inheritdoc/>
    public override IEnumerable<RowOutcome<Row>> Read(TextReader text, IReadOnlyCollection<string> required)
    {
        for (var line = 1L; text.ReadLine() is { } json; line++)
        {
            if (!string.IsNullOrWhiteSpace(json))
            {
                yield return Parse(json, line);
            }
        }
    }

    private static RowOutcome<Row> Parse(string json, long line)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new(line, null, new(RefusalCodes.MalformedRow, "The line is not a JSON object."));
            }

            var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            var values = new List<string>();
            Add(document.RootElement, "", columns, values);
            return new(line, new Row(line, columns, [.. values]), null);
        }
        catch (JsonException e)
        {
            return new(line, null, new(RefusalCodes.MalformedRow, $"The line is not JSON (byte {e.BytePositionInLine})."));
        }
    }

    private static void Add(JsonElement element, string path, Dictionary<string, int> columns, List<string> values)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                Add(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", columns, values);
            }
        }
        else if (columns.TryAdd(path, values.Count))
        {
            values.Add(element.ValueKind == JsonValueKind.Array
                ? string.Join('|', element.EnumerateArray().Select(e => e.ToString()))
                : element.ToString());
        }
    }
}

/// <summary>One user on each line, then his items, all separated by blanks (LightGCN's format): one row for each item,
/// with the columns <c>user</c> and <c>item</c>.</summary>
public sealed record UserLines : RowFormat
{
    private static readonly Dictionary<string, int> Columns = new() { ["user"] = 0, ["item"] = 1 };

    /// <inheritdoc/>
    public override IEnumerable<RowOutcome<Row>> Read(TextReader text, IReadOnlyCollection<string> required)
    {
        for (var line = 1L; text.ReadLine() is { } users; line++)
        {
            var words = users.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 1)
            {
                yield return new(line, null, new(RefusalCodes.MissingField, "The line names a user without items."));
            }

            for (var i = 1; i < words.Length; i++)
            {
                yield return new(line, new Row(line, Columns, [words[0], words[i]]), null);
            }
        }
    }
}
