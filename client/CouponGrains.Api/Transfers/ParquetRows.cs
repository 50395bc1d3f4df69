using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using Parquet;
using Parquet.Schema;

namespace CouponGrains.Api.Transfers;

/// <summary>Parquet files with the columns of the CSV files (<see cref="Columns"/>), typed: texts, 64-bit numbers,
/// flags. One group of rows is held at a time.</summary>
internal static class ParquetRows
{
    public const string MediaType = "application/vnd.apache.parquet";

    private const int GroupRows = 10_000;
    private const int GroupRowsMax = 1_000_000;
    private const long FileBytesMax = 1L << 30;

    /// <summary>Writes all values.</summary>
    public static async Task Write<T>(IAsyncEnumerable<T> values, Stream body, CancellationToken cancel)
    {
        var columns = Columns.Of(typeof(T));
        var fields = columns.Select(Field).ToArray();
        await using var gathered = new Gathered(body);
        await using (var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), gathered, cancellationToken: cancel))
        {
            await foreach (var group in values.Chunk(GroupRows).WithCancellation(cancel))
            {
                var rows = Array.ConvertAll(group, value =>
                    Columns.Write(columns, JsonSerializer.SerializeToElement(value, WireJson.Options)).ToArray());
                await Write(writer, columns, fields, rows, cancel);
                await gathered.Drain(cancel);
            }
        }

        await gathered.Drain(cancel);
    }

    /// <summary>Reads a body, which is kept in a file meanwhile: where the columns are stands at its end. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BodyTooLarge"/>, or with
    /// <see cref="RefusalCodes.StoreNotWritable"/> where there is no room for the file.</summary>
    public static async IAsyncEnumerable<(long Number, IReadOnlyList<Column> Columns, string[] Row, Refusal? Refusal)> Read(
        Type type, Stream body, [EnumeratorCancellation] CancellationToken cancel, long bytesMax = FileBytesMax)
    {
        await using var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        await Keep(body, file, bytesMax, cancel);
        file.Position = 0;
        var (reader, fields) = await Open(file, cancel);
        await using var opened = reader;
        var columns = Columns.Of(type, [.. fields.Select(field => field.Name)]);
        var number = 0L;
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            var (cells, refusal) = await Group(reader, group, fields, cancel);
            if (refusal is not null)
            {
                yield return (number + 1, columns, [], refusal);
                yield break;
            }

            for (var row = 0; row < (cells.Length == 0 ? 0 : cells[0].Length); row++)
            {
                yield return (++number, columns, [.. cells.Select(cell => cell[row])], null);
            }
        }
    }

    private static async Task Keep(Stream body, FileStream file, long bytesMax, CancellationToken cancel)
    {
        var buffer = new byte[81_920];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (file.Length + read > bytesMax)
            {
                throw new RefusedException(RefusalCodes.BodyTooLarge,
                    $"A Parquet file may have at most {bytesMax} bytes; send its rows in several files, or as CSV.");
            }

            try
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                await file.FlushAsync(cancel);
            }
            catch (IOException)
            {
                throw new RefusedException(
                    RefusalCodes.StoreNotWritable, "There is no room to keep the file while it is read; send CSV, or later.");
            }
        }
    }

    private static DataField Field(Column column) => new(column.Name, column.Kind switch
    {
        ColumnKind.Whole => typeof(long),
        ColumnKind.Number => typeof(double),
        ColumnKind.Flag => typeof(bool),
        _ => typeof(string),
    }, isNullable: true);

    private static async Task Write(
        ParquetWriter writer, IReadOnlyList<Column> columns, DataField[] fields, string[][] rows, CancellationToken cancel)
    {
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++)
        {
            T?[] Cells<T>(Func<string, T> parse)
                where T : struct => Array.ConvertAll(rows, row => row[i].Length == 0 ? default(T?) : parse(row[i]));

            await (columns[i].Kind switch
            {
                ColumnKind.Whole => group.WriteAsync<long>(
                    fields[i], Cells(text => long.Parse(text, CultureInfo.InvariantCulture)), cancellationToken: cancel),
                ColumnKind.Number => group.WriteAsync<double>(
                    fields[i], Cells(text => double.Parse(text, CultureInfo.InvariantCulture)), cancellationToken: cancel),
                ColumnKind.Flag => group.WriteAsync<bool>(fields[i], Cells(bool.Parse), cancellationToken: cancel),
                _ => group.WriteAsync(fields[i], Array.ConvertAll(rows, row => row[i].Length == 0 ? null : row[i])),
            });
        }

        group.CompleteValidate();
    }

    /// <summary>The file with its columns, which are read when they are first asked for.</summary>
    private static async Task<(ParquetReader Reader, DataField[] Fields)> Open(FileStream file, CancellationToken cancel)
    {
        ParquetReader? reader = null;
        try
        {
            reader = await ParquetReader.CreateAsync(
                file, new ParquetOptions { TreatByteArrayAsString = true }, leaveStreamOpen: true, cancel);
            return (reader, [.. reader.Schema.Fields.Select(field => field as DataField is { MaxRepetitionLevel: 0 } plain
                ? plain
                : throw Refuse(
                    RefusalCodes.InvalidValue, $"The column '{field.Name}' is nested; texts of a list have | between."))]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (reader is not null)
            {
                await reader.DisposeAsync();
            }

            throw e as ProblemException
                ?? Refuse(RefusalCodes.MalformedBody, $"The file can't be read as Parquet: {e.Message}");
        }
    }

    /// <summary>The cells of a group by column, as texts; empty where there is nothing.</summary>
    private static async Task<(string[][] Cells, Refusal? Refusal)> Group(
        ParquetReader reader, int number, DataField[] fields, CancellationToken cancel)
    {
        try
        {
            using var group = reader.OpenRowGroupReader(number);
            if (group.RowCount is < 0 or > GroupRowsMax)
            {
                return ([], new(RefusalCodes.MalformedRow, $"A group of rows has at most {GroupRowsMax}."));
            }

            var cells = new string[fields.Length][];
            for (var i = 0; i < fields.Length; i++)
            {
                cells[i] = await Texts(group, fields[i], (int)group.RowCount, cancel);
            }

            return (cells, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ([], new(RefusalCodes.MalformedRow, $"The row can't be read, nor those after it: {e.Message}"));
        }
    }

    private static Task<string[]> Texts(
        ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancel) => Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => Values<bool>(group, field, rows, flag => flag ? "true" : "false", cancel),
            TypeCode.Byte => Numbers<byte>(group, field, rows, cancel),
            TypeCode.SByte => Numbers<sbyte>(group, field, rows, cancel),
            TypeCode.Int16 => Numbers<short>(group, field, rows, cancel),
            TypeCode.UInt16 => Numbers<ushort>(group, field, rows, cancel),
            TypeCode.Int32 => Numbers<int>(group, field, rows, cancel),
            TypeCode.UInt32 => Numbers<uint>(group, field, rows, cancel),
            TypeCode.Int64 => Numbers<long>(group, field, rows, cancel),
            TypeCode.UInt64 => Numbers<ulong>(group, field, rows, cancel),
            TypeCode.Single => Numbers<float>(group, field, rows, cancel),
            TypeCode.Double => Numbers<double>(group, field, rows, cancel),
            TypeCode.Decimal => Numbers<decimal>(group, field, rows, cancel),
            TypeCode.DateTime => Values<DateTime>(group, field, rows,
                at => DateTime.SpecifyKind(at, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture), cancel),
            _ when field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) =>
                Strings(group, field, rows, cancel),
            _ => throw new NotSupportedException($"The column '{field.Name}' is of a type that is none of ours."),
        };

    private static async Task<string[]> Strings(
        ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancel)
    {
        var values = new string?[rows];
        await group.ReadAsync(field, values.AsMemory(), cancellationToken: cancel);
        return Array.ConvertAll(values, value => value ?? "");
    }

    private static Task<string[]> Numbers<T>(
        ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancel)
        where T : struct, IFormattable =>
        Values<T>(group, field, rows, number => number.ToString(null, CultureInfo.InvariantCulture), cancel);

    private static async Task<string[]> Values<T>(
        ParquetRowGroupReader group, DataField field, int rows, Func<T, string> text, CancellationToken cancel)
        where T : struct
    {
        var values = new T?[rows];
        await group.ReadAsync<T>(field, values.AsMemory(), cancellationToken: cancel);
        return Array.ConvertAll(values, value => value is { } there ? text(there) : "");
    }

    private static ProblemException Refuse(string code, string detail) => new(Problem.Of(new Refusal(code, detail)));

    /// <summary>What the library writes, kept until it is handed on: an answer takes no writing that does not wait, and
    /// has no place that it is at.</summary>
    private sealed class Gathered(Stream body) : Stream
    {
        private readonly MemoryStream _kept = new();
        private long _handedOn;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Position;

        public override long Position
        {
            get => _handedOn + _kept.Length;
            set => throw new NotSupportedException();
        }

        public async Task Drain(CancellationToken cancel)
        {
            await body.WriteAsync(_kept.GetBuffer().AsMemory(0, (int)_kept.Length), cancel);
            _handedOn += _kept.Length;
            _kept.SetLength(0);
        }

        public override void Write(byte[] buffer, int offset, int count) => _kept.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => _kept.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _kept.Dispose();
            base.Dispose(disposing);
        }
    }
}
