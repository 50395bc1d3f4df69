using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Api.Transfers;

/// <summary>How the text of a field is read.</summary>
internal enum ColumnKind
{
    /// <summary>As it stands.</summary>
    Text = 1,

    /// <summary>A whole number.</summary>
    Whole = 2,

    /// <summary>A number.</summary>
    Number = 3,

    /// <summary>True or false, as JSON writes them.</summary>
    Flag = 4,

    /// <summary>Texts with <c>|</c> between.</summary>
    List = 5,

    /// <summary>A JSON object.</summary>
    Map = 6,
}

/// <summary>A column: the names on the way to the field, and how it is read.</summary>
internal sealed record Column(IReadOnlyList<string> Path, ColumnKind Kind)
{
    public string Name => string.Join('.', Path);
}

/// <summary>The columns of CSV and Parquet files: the names of the fields in JSON, with a dot where one stands in
/// another (<c>price.minor</c>). An empty field is one that is left out.</summary>
internal static class Columns
{
    private static readonly Dictionary<Type, IReadOnlyList<Column>> Known = new()
    {
        [typeof(UserEvent)] =
        [
            Text("id"), Text("user"), Text("kind"), Text("at"), Text("item"), Whole("quantity"), Whole("amount.minor"),
            Text("amount.currency"), Text("order"), Number("dwellSeconds"), Text("query"), Text("offer"), Text("couponCode"),
            Whole("rating"), Number("propensity"),
        ],
        [typeof(Item)] =
        [
            Text("id"), Text("title"), new(["categories"], ColumnKind.List), Text("brand"), Whole("price.minor"),
            Text("price.currency"), Whole("marginBasisPoints"), Whole("stock"), new(["attributes"], ColumnKind.Map),
            Flag("described"),
        ],
        [typeof(UserRecord)] = [Text("id"), new(["attributes"], ColumnKind.Map), Flag("consent")],
        [typeof(Coupon)] =
        [
            Text("code"), Text("user"), Text("offer"), Text("campaign"), Text("issueKey"), Text("state"), Whole("usesMax"),
            Whole("uses"), Text("issuedAt"), Text("expiresAt"), Text("viewedAt"), Text("claimedAt"), Whole("rating"),
            Text("model"), Number("score"), Number("propensity"), Number("redemptionProbability"),
        ],
        [typeof(Redemption)] =
        [
            Text("key"), Text("code"), Text("user"), Text("campaign"), Text("order"), Whole("discount.total.minor"),
            Text("discount.total.currency"), Text("at"), Text("rolledBackAt"),
        ],
        [typeof(Campaigns.Budget)] =
        [
            Text("campaign"), Whole("limit.minor"), Text("limit.currency"), Whole("spent.minor"), Whole("reserved.minor"),
            Whole("left.minor"), Whole("issued"), Whole("redeemed"),
        ],
    };

    /// <summary>All columns of a type, in the order in which they are written.</summary>
    public static IReadOnlyList<Column> Of(Type type) => Known[type];

    /// <summary>The columns that a heading names. Throws <see cref="ProblemException"/> for one that there is not, or
    /// twice.</summary>
    public static IReadOnlyList<Column> Of(Type type, IReadOnlyList<string> heading)
    {
        var known = Known[type];
        var columns = heading.Select(name => known.FirstOrDefault(column => column.Name == name.Trim())
            ?? throw Refuse(RefusalCodes.UnknownField, $"There is no column '{name}'; there are "
                + string.Join(", ", known.Select(column => column.Name)) + ".")).ToArray();
        return columns.Distinct().Count() == columns.Length
            ? columns
            : throw Refuse(RefusalCodes.DuplicateField, "The heading names a column twice.");
    }

    /// <summary>A row as JSON. What is no number where one should be stays text, for the reader to refuse with its
    /// place.</summary>
    public static JsonObject Fill(IReadOnlyList<Column> columns, IReadOnlyList<string> row)
    {
        var value = new JsonObject();
        for (var i = 0; i < columns.Count; i++)
        {
            if (row[i].Length == 0)
            {
                continue;
            }

            var at = value;
            foreach (var name in columns[i].Path.SkipLast(1))
            {
                at = (at[name] ??= new JsonObject()).AsObject();
            }

            at[columns[i].Path[^1]] = Read(columns[i].Kind, row[i]);
        }

        return value;
    }

    /// <summary>The fields of a value as texts, in the order of the columns.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<Column> columns, JsonElement value)
    {
        foreach (var column in columns)
        {
            var (at, there) = (value, true);
            foreach (var name in column.Path)
            {
                there = there && at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out at);
            }

            yield return !there ? "" : column.Kind switch
            {
                ColumnKind.List => string.Join('|', at.EnumerateArray().Select(entry => entry.GetString())),
                ColumnKind.Map => at.EnumerateObject().Any() ? at.GetRawText() : "",
                ColumnKind.Flag => at.GetRawText(),
                _ => at.ToString(),
            };
        }
    }

    private static JsonNode? Read(ColumnKind kind, string text) => kind switch
    {
        ColumnKind.Flag when bool.TryParse(text, out var flag) => flag,
        ColumnKind.Whole or ColumnKind.Number when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
            whole,
        ColumnKind.Whole or ColumnKind.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => number,
        ColumnKind.List => new JsonArray([.. text.Split('|').Select(entry => (JsonNode?)entry)]),
        ColumnKind.Map => Map(text),
        _ => text,
    };

    private static JsonNode? Map(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static Column Text(string name) => new(name.Split('.'), ColumnKind.Text);

    private static Column Whole(string name) => new(name.Split('.'), ColumnKind.Whole);

    private static Column Number(string name) => new(name.Split('.'), ColumnKind.Number);

    private static Column Flag(string name) => new(name.Split('.'), ColumnKind.Flag);

    private static ProblemException Refuse(string code, string detail) => new(Problem.Of(new Refusal(code, detail)));
}
