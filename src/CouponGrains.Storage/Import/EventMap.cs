using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Storage.Import;

/// <summary>How the rows of a file become events.</summary>
public sealed record EventMap
{
    /// <summary>The fields an event has, in the words of <c>--columns</c>. <c>price</c> is that of one piece and makes
    /// the amount where that is not given; without <c>id</c> the event's id is made from the row.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "id", "user", "kind", "at", "item", "quantity", "amount", "price", "currency", "order", "dwellSeconds", "query",
        "offer", "couponCode", "rating", "propensity",
    ];

    /// <summary>The map for files with columns named like the fields.</summary>
    public static EventMap Plain { get; } = new() { Name = "events", Fields = Fields.SameNames(Known) };

    /// <summary>Names the source; the ids of its events begin with it.</summary>
    public required string Name { get; init; }

    /// <summary>How the rows are written; null to tell it from the file's name.</summary>
    public RowFormat? Format { get; init; }

    /// <summary>Where the fields come from.</summary>
    public required Fields Fields { get; init; }

    /// <summary>Refuses rows that the source has and that are no events; null refuses none.</summary>
    public Func<Row, Refusal?>? Refuse { get; init; }

    /// <summary>True if a row that repeats an earlier one in every column is a mistake of the source; false if it is a
    /// second event.</summary>
    public bool RefuseDuplicates { get; init; }

    /// <summary>The outcome of every row of a file, in its order.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name, for the format.</param>
    /// <param name="now">Events may not lie after it.</param>
    public IEnumerable<RowOutcome<UserEvent>> Read(TextReader text, string path, DateTimeOffset now)
    {
        var identity = new RowIdentity(Name);
        foreach (var (line, row, refusal) in (Format ?? RowFormat.Of(path)).Read(text, Fields.Columns))
        {
            yield return row is null ? new(line, null, refusal) : Map(row, identity, now);
        }
    }

    private RowOutcome<UserEvent> Map(Row row, RowIdentity identity, DateTimeOffset now)
    {
        if (Refuse?.Invoke(row) is { } foreign)
        {
            return new(row.Line, null, foreign);
        }

        var draft = new RowDraft(row, Fields);
        var user = draft.Id("user", RefusalCodes.MissingUser);
        var kind = draft.Choice<EventKind>("kind", RefusalCodes.UnknownEventKind);
        var at = draft.Instant("at");
        var item = draft.OptionalId("item", id => new ItemId(id));
        var offer = draft.OptionalId("offer", id => new OfferId(id));
        var quantity = draft.Whole("quantity", 1);
        if (quantity < 1)
        {
            draft.Refuse(RefusalCodes.QuantityNotPositive, $"The quantity must be at least 1, but was {quantity}.", "quantity");
        }

        var price = draft.Number("price");
        if (price < 0)
        {
            draft.Refuse(RefusalCodes.NegativePrice, $"The price must not be negative, but was {price}.", "price");
        }

        var amount = draft.Given("price") && !draft.Given("amount")
            ? draft.InMinorUnits(price * quantity, "price")
            : draft.Amount("amount");
        var dwell = draft.Given("dwellSeconds") ? TimeSpan.FromSeconds((double)draft.Number("dwellSeconds")) : (TimeSpan?)null;
        var rating = draft.Given("rating") ? draft.Whole("rating") : (int?)null;
        var propensity = draft.Given("propensity") ? (double)draft.Number("propensity") : (double?)null;
        var given = draft.Given("id") ? draft.Id("id") : null;
        if (draft.Refusal is not null)
        {
            return new(row.Line, null, draft.Refusal);
        }

        var (id, before) = given is null ? identity.Next(row) : (given, 0);
        if (before > 0 && RefuseDuplicates)
        {
            return new(row.Line, null, new(RefusalCodes.DuplicateRow, "The row repeats an earlier one in every column."));
        }

        var e = new UserEvent
        {
            Id = new(id), User = new(user), Kind = kind, At = at, Item = item, Quantity = quantity, Amount = amount,
            Order = draft.Optional("order"), Dwell = dwell, Query = draft.Optional("query"), Offer = offer,
            CouponCode = draft.Optional("couponCode"), Rating = rating, Propensity = propensity,
        };
        return EventRules.Check(e, now) is { } broken ? new(row.Line, null, broken) : new(row.Line, e, null);
    }
}
