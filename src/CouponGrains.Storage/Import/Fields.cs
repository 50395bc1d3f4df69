using System.Globalization;
using CouponGrains.Domain;

namespace CouponGrains.Storage.Import;

/// <summary>The fields that a map knows how to read, by name, with the columns that they need.</summary>
public sealed class Fields
{
    private readonly Dictionary<string, Field> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _columns = [];

    /// <summary>The names of the fields.</summary>
    public IReadOnlyCollection<string> Names => _fields.Keys;

    /// <summary>The columns without which no row can be read.</summary>
    public IReadOnlyCollection<string> Columns => _columns;

    /// <summary>A field that is the text of a column.</summary>
    public Fields Column(string field, string column)
    {
        _columns.Add(column);
        return Computed(field, row => row[column]);
    }

    /// <summary>A field that is the same in every row.</summary>
    public Fields Fixed(string field, string value) => Computed(field, _ => value);

    /// <summary>A field that is computed from the row.</summary>
    public Fields Computed(string field, Field read)
    {
        _fields[field] = read;
        return this;
    }

    /// <summary>The field's text in a row; empty if the map or the row does not give it.</summary>
    public string Read(string field, Row row) => _fields.TryGetValue(field, out var read) ? read(row) : "";

    /// <summary>Fields of the same names as columns, for files that are written in our own words. Those that a file
    /// lacks are not given.</summary>
    public static Fields SameNames(IEnumerable<string> names)
    {
        var fields = new Fields();
        foreach (var name in names)
        {
            fields.Computed(name, row => row[name]);
        }

        return fields;
    }

    /// <summary>Reads <c>field=column,field=column</c>; a column that begins with <c>=</c> is a fixed value, as in
    /// <c>kind==Purchase</c>. Throws <see cref="RefusedException"/> for anything else and for a field that is not in
    /// <paramref name="known"/> (a name that ends with a dot stands for all that begin so).</summary>
    public static Fields Parse(string text, IReadOnlyCollection<string> known)
    {
        var fields = new Fields();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == part.Length - 1)
            {
                throw new RefusedException(RefusalCodes.InvalidValue,
                    $"A column map reads field=column,field==fixed value; '{part}' is neither.");
            }

            var field = part[..at];
            if (!known.Any(k => k.EndsWith('.') ? field.StartsWith(k, StringComparison.Ordinal) : k == field))
            {
                throw new RefusedException(RefusalCodes.InvalidValue,
                    $"There is no field '{field}'; the fields are {string.Join(", ", known)}.");
            }

            _ = part[at + 1] == '='
                ? fields.Fixed(field, part[(at + 2)..])
                : fields.Column(field, part[(at + 1)..]);
        }

        return fields;
    }
}

/// <summary>Reads the fields of one row and remembers the first that is wrong.</summary>
internal sealed class RowDraft(Row row, Fields fields)
{
    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK",
    ];

    /// <summary>The first refusal, or null.</summary>
    public Refusal? Refusal { get; private set; }

    public bool Given(string field) => Text(field).Length > 0;

    public string Text(string field) => fields.Read(field, row);

    public string? Optional(string field) => Text(field) is { Length: > 0 } text ? text : null;

    public void Refuse(string code, string detail, string? field = null) =>
        Refusal ??= new(code, detail, field is null ? null : "/" + field);

    /// <summary>A required identifier; <paramref name="missing"/> is the code if it is not given.</summary>
    public string Id(string field, string missing = RefusalCodes.MissingField)
    {
        var text = Text(field);
        if (text.Length == 0)
        {
            Refuse(missing, $"The row names no {field}.", field);
        }
        else if (!IdRules.IsValid(text))
        {
            Refuse(RefusalCodes.InvalidId, $"{field} must have 1 to {IdRules.LengthMax} characters, none of them a control character.", field);
        }

        return Refusal is null ? text : "refused";
    }

    public T? OptionalId<T>(string field, Func<string, T> make)
        where T : struct => Given(field) && Id(field) is { } id && Refusal is null ? make(id) : null;

    public DateTimeOffset Instant(string field)
    {
        var text = Text(field);
        if (text.Length == 0)
        {
            Refuse(RefusalCodes.MissingField, $"The row tells no time ({field}).", field);
            return default;
        }

        if (DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            return at;
        }

        if (text.Length <= 12 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799));
        }

        Refuse(RefusalCodes.DateOutOfRange, $"'{Shortened(text)}' is not a time; write 2026-11-24T10:30:00Z or Unix seconds.", field);
        return default;
    }

    /// <summary>A number, or <paramref name="otherwise"/> if it is not given.</summary>
    public decimal Number(string field, decimal otherwise = 0)
    {
        var text = Text(field);
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e12m)
        {
            return number;
        }

        Refuse(RefusalCodes.InvalidValue, $"'{Shortened(text)}' is not a number.", field);
        return otherwise;
    }

    /// <summary>A whole number, or <paramref name="otherwise"/> if it is not given.</summary>
    public int Whole(string field, int otherwise = 0)
    {
        var number = Number(field, otherwise);
        if (number == decimal.Truncate(number) && Math.Abs(number) <= int.MaxValue)
        {
            return (int)number;
        }

        Refuse(RefusalCodes.InvalidValue, $"{field} must be a whole number, but was {number}.", field);
        return otherwise;
    }

    /// <summary>An amount in major units of the row's <c>currency</c>, rounded half away from zero to minor units; null
    /// if it is not given.</summary>
    public Money? Amount(string field) => Given(field) ? InMinorUnits(Number(field), field) : null;

    /// <summary><paramref name="major"/> units of the row's currency as money.</summary>
    public Money? InMinorUnits(decimal major, string field)
    {
        var code = Text("currency");
        if (!Currency.IsValid(code))
        {
            Refuse(RefusalCodes.MissingField, $"An amount needs a currency of three capital letters, but was '{Shortened(code)}'.", "currency");
        }

        if (Refusal is not null)
        {
            return null;
        }

        var currency = new Currency(code);
        var scale = currency.Digits switch { 0 => 1m, 3 => 1_000m, _ => 100m };
        if (Math.Abs(major) < 1e15m)
        {
            return new Money((long)Math.Round(major * scale, MidpointRounding.AwayFromZero), currency);
        }

        Refuse(RefusalCodes.InvalidValue, $"{field} is too large.", field);
        return null;
    }

    public bool Flag(string field, bool otherwise)
    {
        var text = Text(field).ToUpperInvariant();
        switch (text)
        {
            case "":
                return otherwise;
            case "1" or "TRUE" or "YES" or "Y":
                return true;
            case "0" or "FALSE" or "NO" or "N":
                return false;
            default:
                Refuse(RefusalCodes.InvalidValue, $"'{Shortened(text)}' is neither true nor false.", field);
                return otherwise;
        }
    }

    /// <summary>A value of an enumeration by name, in any case and with or without underscores, or by number.</summary>
    public T Choice<T>(string field, string code)
        where T : struct, Enum
    {
        var text = Text(field);
        if (Enum.TryParse<T>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value))
        {
            return value;
        }

        Refuse(code, $"There is no {field} '{Shortened(text)}'; there are {string.Join(", ", Enum.GetNames<T>())}.", field);
        return default;
    }

    /// <summary>The parts of a text that are separated by <c>|</c>.</summary>
    public IReadOnlyList<string> List(string field) =>
        Text(field).Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The fields, and else the columns, whose names begin with <c>attributes.</c>, without those that are
    /// empty.</summary>
    public IReadOnlyDictionary<string, string> Attributes()
    {
        const string Prefix = "attributes.";
        var attributes = new Dictionary<string, string>();
        foreach (var name in fields.Names.Concat(row.Columns.Keys).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var value = fields.Names.Contains(name) ? Text(name) : row[name];
            if (value.Length > 0)
            {
                attributes.TryAdd(name[Prefix.Length..], value);
            }
        }

        return attributes;
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
