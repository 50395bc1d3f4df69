using CouponGrains.Domain;

namespace CouponGrains.Storage.Import.Maps;

/// <summary>UCI Online Retail (Daqing Chen, CC BY 4.0): one file of invoice lines, in which everything else is hidden.
/// A cancelled invoice (<c>C…</c>) is a refund of the positive quantity; lines without customer, with a quantity or a
/// price that is not positive, of fees and adjustments, and repeated lines are refused, each by its reason, in this
/// order.</summary>
public static class OnlineRetail
{
    /// <summary>Codes that are no goods: postage, fees, charges, discounts, samples, vouchers, manual
    /// corrections.</summary>
    private static readonly HashSet<string> NoItems = new(StringComparer.OrdinalIgnoreCase)
    {
        "POST", "DOT", "M", "D", "S", "B", "C2", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS",
    };

    /// <summary>Invoice lines as purchases and refunds.</summary>
    public static EventMap Events { get; } = new()
    {
        Name = "online-retail",
        Fields = new Fields()
            .Column("order", "InvoiceNo")
            .Column("item", "StockCode")
            .Column("at", "InvoiceDate")
            .Column("price", "UnitPrice")
            .Column("quantity", "Quantity").Computed("quantity", row => IsCancelled(row) ? row["Quantity"].TrimStart('-') : row["Quantity"])
            .Column("user", "CustomerID").Computed("user", Customer)
            .Computed("kind", row => IsCancelled(row) ? "Refund" : "Purchase")
            .Fixed("currency", "GBP"),
        Refuse = row =>
            row["CustomerID"].Length == 0 ? new(RefusalCodes.MissingUser, "The line names no customer.")
            : NoItem(row) is { } foreign ? foreign
            : IsCancelled(row) != row["Quantity"].StartsWith('-') || row["Quantity"] == "0"
                ? new(RefusalCodes.QuantityNotPositive, $"The quantity is {row["Quantity"]} on invoice {row["InvoiceNo"]}.")
            : row["UnitPrice"] is "0" or "0.0" or "0.00" || row["UnitPrice"].StartsWith('-')
                ? new(RefusalCodes.PriceNotPositive, $"The price is {row["UnitPrice"]}.")
            : null,
        RefuseDuplicates = true,
    };

    /// <summary>The goods, each by the first line that names it with a description and a price.</summary>
    public static ItemMap Items { get; } = new()
    {
        Name = "online-retail",
        Fields = new Fields()
            .Column("id", "StockCode").Column("title", "Description").Column("price", "UnitPrice").Fixed("currency", "GBP"),
        Refuse = row => NoItem(row)
            ?? (row["Description"].Length == 0 ? new(RefusalCodes.MissingField, "The line has no description.")
            : row["UnitPrice"] is "0" or "0.0" or "0.00" || row["UnitPrice"].StartsWith('-')
                ? new(RefusalCodes.PriceNotPositive, $"The price is {row["UnitPrice"]}.")
            : null),
        FirstRowOnly = true,
    };

    /// <summary>The customers with their country.</summary>
    public static UserMap Users { get; } = new()
    {
        Name = "online-retail",
        Fields = new Fields().Column("id", "CustomerID").Computed("id", Customer).Column("attributes.country", "Country"),
        FirstRowOnly = true,
    };

    private static bool IsCancelled(Row row) => row["InvoiceNo"].StartsWith('C');

    private static string Customer(Row row) =>
        row["CustomerID"] is var id && id.EndsWith(".0", StringComparison.Ordinal) ? id[..^2] : id;

    private static Refusal? NoItem(Row row) =>
        NoItems.Contains(row["StockCode"]) || row["StockCode"].StartsWith("gift_", StringComparison.Ordinal)
            ? new(RefusalCodes.NotAnItem, $"{row["StockCode"]} is a fee or an adjustment.")
            : null;
}
