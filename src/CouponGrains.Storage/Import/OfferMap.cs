using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Storage.Import;

/// <summary>How the rows of a file become offers. Whether a campaign accepts one is the campaign's to say.</summary>
public sealed record OfferMap
{
    /// <summary>The fields an offer has, in the words of <c>--columns</c>; lists are separated by <c>|</c>, and amounts
    /// are in major units of <c>currency</c>. Tiers are <c>spend:save</c>; <c>getCategories</c> are those of what is
    /// got, and <c>with</c> the classes beside which a coupon may be used.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "id", "campaign", "title", "kind", "percentBasisPoints", "amount", "cap", "gift", "minimumSpend", "currency",
        "items", "categories", "brands", "excluded", "firstOrderOnly", "validDays",
        "repeatsMax", "tiers", "pointsPrice", "pointsFactor", "pointsStep", "buy", "get", "getCategories", "ordersMin", "ordersMax",
        "stock", "usesMax", "stacking", "class", "with", "priority",
    ];

    /// <summary>The map for files with columns named like the fields.</summary>
    public static OfferMap Plain { get; } = new() { Name = "coupons", Fields = Fields.SameNames(Known) };

    /// <summary>Names the source.</summary>
    public required string Name { get; init; }

    /// <summary>How the rows are written; null to tell it from the file's name.</summary>
    public RowFormat? Format { get; init; }

    /// <summary>Where the fields come from.</summary>
    public required Fields Fields { get; init; }

    /// <summary>The outcome of every row of a file, in its order.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name, for the format.</param>
    public IEnumerable<RowOutcome<Offer>> Read(TextReader text, string path)
    {
        foreach (var (line, row, refusal) in (Format ?? RowFormat.Of(path)).Read(text, Fields.Columns))
        {
            yield return row is null ? new(line, null, refusal) : Map(row);
        }
    }

    private RowOutcome<Offer> Map(Row row)
    {
        var draft = new RowDraft(row, Fields);
        var id = draft.Id("id");
        var campaign = draft.Id("campaign");
        var kind = draft.Choice<OfferKind>("kind", RefusalCodes.InvalidValue);
        var percent = draft.Whole("percentBasisPoints");
        var amount = draft.Amount("amount");
        var cap = draft.Amount("cap");
        var minimum = draft.Amount("minimumSpend");
        var gift = draft.OptionalId("gift", g => new ItemId(g));
        var firstOrderOnly = draft.Flag("firstOrderOnly", false);
        var days = draft.Number("validDays", 14);
        if (days is <= 0 or > 3_650)
        {
            draft.Refuse(RefusalCodes.InvalidValue, $"validDays must be above 0 and at most 3650, but was {days}.", "validDays");
        }

        var items = Items(draft, "items");
        var excluded = Items(draft, "excluded");
        var parts = OfferParts.Read(draft);
        return draft.Refusal is not null
            ? new(row.Line, null, draft.Refusal)
            : new(row.Line, parts.Of(new()
            {
                Id = new(id), Campaign = new(campaign), Title = draft.Optional("title") ?? id, Kind = kind,
                PercentBasisPoints = percent, Amount = amount, Cap = cap, MinimumSpend = minimum, Gift = gift,
                Scope = new()
                {
                    Items = items, Excluded = excluded, Categories = draft.List("categories"), Brands = draft.List("brands"),
                },
                FirstOrderOnly = firstOrderOnly, ValidFor = TimeSpan.FromDays((double)days), Source = OfferSource.Imported,
            }), null);
    }

    private static List<ItemId> Items(RowDraft draft, string field)
    {
        var ids = draft.List(field);
        if (ids.FirstOrDefault(i => !IdRules.IsValid(i)) is { } bad)
        {
            draft.Refuse(RefusalCodes.InvalidId, $"'{bad}' is no item id.", field);
            return [];
        }

        return [.. ids.Select(i => new ItemId(i))];
    }
}
