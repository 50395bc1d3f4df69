using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Storage.Import;

/// <summary>How the rows of a file become items of the catalog.</summary>
public sealed record ItemMap
{
    /// <summary>The fields an item has, in the words of <c>--columns</c>; lists are separated by <c>|</c>.</summary>
    public static readonly IReadOnlyList<string> Known =
        ["id", "title", "categories", "brand", "price", "currency", "marginBasisPoints", "stock", "attributes."];

    /// <summary>The map for files with columns named like the fields.</summary>
    public static ItemMap Plain { get; } = new() { Name = "items", Fields = Fields.SameNames(Known) };

    /// <summary>Names the source.</summary>
    public required string Name { get; init; }

    /// <summary>How the rows are written; null to tell it from the file's name.</summary>
    public RowFormat? Format { get; init; }

    /// <summary>Where the fields come from.</summary>
    public required Fields Fields { get; init; }

    /// <summary>Refuses rows that the source has and that are no items; null refuses none.</summary>
    public Func<Row, Refusal?>? Refuse { get; init; }

    /// <summary>True if the file names an item again and again (as a list of orders does) and the first row tells of
    /// it; false if a later row replaces an earlier one.</summary>
    public bool FirstRowOnly { get; init; }

    /// <summary>The outcome of every row of a file, in its order.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name, for the format.</param>
    public IEnumerable<RowOutcome<Item>> Read(TextReader text, string path)
    {
        var seen = new HashSet<string>();
        foreach (var (line, row, refusal) in (Format ?? RowFormat.Of(path)).Read(text, Fields.Columns))
        {
            yield return row is null ? new(line, null, refusal) : Map(row, seen);
        }
    }

    private RowOutcome<Item> Map(Row row, HashSet<string> seen)
    {
        var draft = new RowDraft(row, Fields);
        var id = draft.Id("id");
        var refusal = Refuse?.Invoke(row) ?? draft.Refusal;
        if (refusal is not null)
        {
            return new(row.Line, null, refusal);
        }

        if (FirstRowOnly && seen.Contains(id))
        {
            return new(row.Line, null, new(RefusalCodes.DuplicateRow, "An earlier row tells of this item."));
        }

        var price = draft.Amount("price");
        var margin = draft.Given("marginBasisPoints") ? draft.Whole("marginBasisPoints") : (int?)null;
        var stock = draft.Given("stock") ? draft.Whole("stock") : (int?)null;
        if (draft.Refusal is not null)
        {
            return new(row.Line, null, draft.Refusal);
        }

        var item = new Item
        {
            Id = new(id), Title = draft.Optional("title") ?? id, Categories = draft.List("categories"),
            Brand = draft.Optional("brand"), Price = price, MarginBasisPoints = margin, Stock = stock,
            Attributes = draft.Attributes(),
        };
        if (ItemRules.Check(item) is { } broken)
        {
            return new(row.Line, null, broken);
        }

        seen.Add(id);
        return new(row.Line, item, null);
    }
}
