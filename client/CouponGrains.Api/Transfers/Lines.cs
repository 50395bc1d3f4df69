using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CouponGrains.Api.Access;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CsvHelper;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Transfers;

/// <summary>One line of a file: a value, or why it is none.</summary>
internal sealed record Line<T>(long Number, T? Value, IReadOnlyList<Refusal>? Refusals = null)
    where T : class;

/// <summary>Reads the body of a request line by line: JSON lines, each as the routes of one take it, or CSV with a
/// heading of the same names, or Parquet with such columns (<see cref="Columns"/>).</summary>
internal static class Lines
{
    public const string Json = "application/x-ndjson";
    public const string Csv = "text/csv";

    private const int LineMax = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: false);

    public static IAsyncEnumerable<Line<T>> Read<T>(HttpContext http, CancellationToken cancel)
        where T : class => (http.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant() switch
        {
            Json => ReadJson<T>(http.Request.Body, cancel),
            Csv => ReadCsv<T>(http.Request.Body, cancel),
            ParquetRows.MediaType when http.Caller().IsClient => throw new ProblemException(Problem.Of(new Refusal(
                RefusalCodes.Forbidden, "Parquet is read of servers alone."))),
            ParquetRows.MediaType => ReadParquet<T>(http.Request.Body, cancel),
            _ => throw new ProblemException(Problem.Of(new Refusal(
                RefusalCodes.UnsupportedMediaType, $"The body must be {Json}, {Csv} or {ParquetRows.MediaType}."))),
        };

    private static async IAsyncEnumerable<Line<T>> ReadJson<T>(
        Stream body, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        using var reader = new StreamReader(body, Utf8);
        var buffer = new char[8 * 1024];
        var line = new StringBuilder();
        var number = 1L;
        var tooLong = false;
        for (int read; (read = await reader.ReadAsync(buffer, cancel)) > 0;)
        {
            for (var at = 0; at < read;)
            {
                var end = buffer.AsSpan(at, read - at).IndexOf('\n');
                var part = buffer.AsMemory(at, end < 0 ? read - at : end);
                tooLong |= line.Length + part.Length > LineMax;
                _ = tooLong ? line.Clear() : line.Append(part.Span);
                at += part.Length + 1;
                if (end < 0)
                {
                    break;
                }

                if (Parse<T>(line, number, tooLong) is { } parsed)
                {
                    yield return parsed;
                }

                (number, tooLong) = (number + 1, false);
                line.Clear();
            }
        }

        if (Parse<T>(line, number, tooLong) is { } last)
        {
            yield return last;
        }
    }

    /// <summary>The line; null if there is nothing in it.</summary>
    private static Line<T>? Parse<T>(StringBuilder text, long number, bool tooLong)
        where T : class
    {
        if (tooLong)
        {
            return new(number, null, [new(RefusalCodes.MalformedRow, $"A line has at most {LineMax} characters.")]);
        }

        var line = text.ToString().Trim();
        if (line.Length == 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line, new() { MaxDepth = 64, AllowDuplicateProperties = false });
            return Of<T>(number, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(number, null, [new(RefusalCodes.MalformedRow, "The line is not JSON, or has a field twice.")]);
        }
    }

    private static async IAsyncEnumerable<Line<T>> ReadCsv<T>(
        Stream body, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        var broken = 0L;
        await using var reader = CsvReader.Create(body, new CsvReaderOptions
        {
            Separator = ',', TrackLineNumbers = true, MaxRecordSize = LineMax, Encoding = Utf8,
            OnMalformedRecord = record => broken = record.LineNumber,
        }, leaveOpen: true);
        var columns = await Heading<T>(reader, cancel);
        while (true)
        {
            var (more, refusal) = await Next(reader, cancel);
            if (!more)
            {
                yield break;
            }

            var number = reader.LineNumber;
            if (refusal is not null)
            {
                yield return new(Math.Max(1, number), null, [refusal]);
                yield break;
            }

            var row = reader.Current.ToArray();
            yield return broken == number
                ? Malformed<T>(number, "A quotation mark is not closed, or text follows the closing one.")
                : row.Length != columns.Count
                    ? Malformed<T>(number, $"The line has {row.Length} fields, the heading {columns.Count}.")
                    : Of<T>(number, JsonSerializer.SerializeToElement(Columns.Fill(columns, row)));
        }
    }

    private static async IAsyncEnumerable<Line<T>> ReadParquet<T>(
        Stream body, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        await foreach (var (number, columns, row, refusal) in ParquetRows.Read(typeof(T), body, cancel))
        {
            yield return refusal is not null
                ? new(number, null, [refusal])
                : Of<T>(number, JsonSerializer.SerializeToElement(Columns.Fill(columns, row)));
        }
    }

    private static Line<T> Malformed<T>(long number, string detail)
        where T : class => new(number, null, [new(RefusalCodes.MalformedRow, detail)]);

    private static async Task<IReadOnlyList<Column>> Heading<T>(CsvReader reader, CancellationToken cancel)
    {
        try
        {
            await reader.ReadHeaderAsync(cancel);
        }
        catch (CsvFormatException e)
        {
            throw new ProblemException(Problem.Of(new Refusal(
                RefusalCodes.MalformedBody, $"The heading can't be read: {e.Message}")));
        }

        return reader.Headers.Count > 0
            ? Columns.Of(typeof(T), reader.Headers)
            : throw new ProblemException(Problem.Of(new Refusal(RefusalCodes.MalformedBody, "The file has no heading.")));
    }

    /// <summary>Whether there is another line, and why it can't be read, nor those after it.</summary>
    private static async Task<(bool More, Refusal? Refusal)> Next(CsvReader reader, CancellationToken cancel)
    {
        try
        {
            return (await reader.ReadAsync(cancel), null);
        }
        catch (CsvFormatException e)
        {
            return (true, new(RefusalCodes.MalformedRow, $"The line can't be read, nor those after it: {e.Message}"));
        }
    }

    private static Line<T> Of<T>(long number, JsonElement element)
        where T : class
    {
        try
        {
            return new(number, Body.Convert<T>(element));
        }
        catch (ProblemException e)
        {
            return new(number, null, e.Problem.Errors.Count > 0
                ? [.. e.Problem.Errors.Select(fault => new Refusal(fault.Code, fault.Detail, fault.Pointer))]
                : [new(e.Problem.Code, e.Problem.Detail)]);
        }
    }
}
