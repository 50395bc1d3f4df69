using System.Globalization;
using System.Text.Json;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Import;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Cli.Offers;

/// <summary>Designs in a file, so that any generator's can be judged: <c>.csv</c> with a header, or <c>.ndjson</c> with
/// one object on a line, both with the names of <see cref="Names"/>. Only <c>kind</c> must be there.</summary>
internal static class DesignFile
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["condition", "kind", "category", "depth", "minimum_spend", "valid_days", "items", "price", "redeemed"];

    /// <summary>Reads a file. Rows that are no legal design are counted by refusal code.</summary>
    public static DesignDraw Read(string path)
    {
        var (designs, unread) = (new List<JudgedDesign>(), new SortedDictionary<string, int>());
        using var file = ImportFile.Open(path);
        foreach (var (_, row, malformed) in RowFormat.Of(path).Read(file.Text, ["kind"]))
        {
            var (design, refusal) = row is null ? (null, malformed) : Design(row);
            if (design is not null)
            {
                designs.Add(design);
            }
            else
            {
                unread[refusal!.Code] = unread.GetValueOrDefault(refusal.Code) + 1;
            }
        }

        var draw = DesignDraw.Of(designs);
        foreach (var (code, count) in draw.Refused)
        {
            unread[code] = unread.GetValueOrDefault(code) + count;
        }

        return draw with { Refused = unread };
    }

    /// <summary>Writes designs as csv, or as ndjson where the name ends so.</summary>
    public static void Write(string path, IReadOnlyList<JudgedDesign> designs)
    {
        using var file = new StreamWriter(path);
        var json = Path.GetExtension(path) is ".ndjson" or ".jsonl";
        if (!json)
        {
            file.WriteLine(string.Join(',', Names));
        }

        foreach (var design in designs)
        {
            var cells = Cells(design);
            file.WriteLine(json
                ? JsonSerializer.Serialize(Names.Zip(cells).Where(c => c.Second.Length > 0)
                    .ToDictionary(c => c.First, c => c.Second))
                : string.Join(',', cells.Select(Quoted)));
        }
    }

    private static string[] Cells(JudgedDesign d) =>
    [
        d.Condition, JsonNamingPolicy.SnakeCaseLower.ConvertName(d.Kind.ToString()), d.Category, Text(d.Depth),
        Text(d.MinimumSpend), Text(d.ValidDays), Text(d.Items), Text(d.Price),
        d.Redeemed is { } redeemed ? redeemed ? "true" : "false" : "",
    ];

    private static string Text(double value) => Math.Round(value, 4).ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static (JudgedDesign? Design, Refusal? Refusal) Design(Row row)
    {
        try
        {
            return (new()
            {
                Condition = row["condition"],
                Kind = Kind(row["kind"]),
                Category = row["category"],
                Depth = Number(row, "depth", 0),
                MinimumSpend = Number(row, "minimum_spend", 0),
                ValidDays = Number(row, "valid_days", 0),
                Items = (int)Math.Clamp(Math.Round(Number(row, "items", 1)), int.MinValue, int.MaxValue),
                Price = Number(row, "price", 0),
                Redeemed = Told(row["redeemed"]),
            }, null);
        }
        catch (RefusedException e)
        {
            return (null, e.Refusal);
        }
    }

    private static bool? Told(string text) => text.ToLowerInvariant() switch
    {
        "" => null,
        "1" or "true" or "yes" => true,
        "0" or "false" or "no" => false,
        _ => throw new RefusedException(RefusalCodes.InvalidValue, $"redeemed is true or false, not '{text}'."),
    };

    private static OfferKind Kind(string text) =>
        Enum.GetValues<OfferKind>().Where(k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString()) == text)
            .Cast<OfferKind?>().FirstOrDefault()
        ?? throw new RefusedException(RefusalCodes.InvalidValue, $"There is no kind of offer '{text}'.");

    private static double Number(Row row, string name, double missing) =>
        row[name] is not { Length: > 0 } text ? missing
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : throw new RefusedException(RefusalCodes.InvalidValue, $"{name} is a number, not '{text}'.");
}
