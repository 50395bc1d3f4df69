namespace CouponGrains.Storage.Import.Maps;

/// <summary>The Complete Journey (dunnhumby / 84.51°, as the R package completejourney has it): what can be read row by
/// row. Times are the shop's local ones and are taken as UTC. See <see cref="CompleteJourney"/> for the campaigns and
/// coupons, which take several files.</summary>
public static class CompleteJourneyMaps
{
    /// <summary>The id of a campaign of the data.</summary>
    public static string CampaignId(string number) => $"cj-{number}";

    /// <summary>The id of a coupon of a campaign of the data.</summary>
    public static string OfferId(string campaign, string coupon) => $"cj-{campaign}-{coupon}";

    /// <summary><c>transactions.csv</c>: what the household paid is what the shop received less the maker's part of the
    /// coupon. Lines without pieces (corrections of the till) are refused.</summary>
    public static EventMap Purchases { get; } = new()
    {
        Name = "cj",
        Fields = new Fields()
            .Column("user", "household_id").Column("item", "product_id").Column("quantity", "quantity")
            .Column("at", "transaction_timestamp").Column("order", "basket_id").Fixed("kind", "Purchase")
            .Column("amount", "sales_value").Computed("amount", Paid).Fixed("currency", "USD"),
    };

    /// <summary><c>coupon_redemptions.csv</c>: the day is known, not the hour, so noon is taken.</summary>
    public static EventMap Redemptions { get; } = new()
    {
        Name = "cj-redemptions",
        Fields = new Fields()
            .Column("user", "household_id").Column("at", "redemption_date").Column("offer", "coupon_upc")
            .Computed("offer", row => OfferId(row["campaign_id"], row["coupon_upc"]))
            .Computed("at", row => $"{row["redemption_date"]} 12:00:00").Fixed("kind", "Redeemed"),
    };

    /// <summary><c>products.csv</c>, without prices: those are in the purchases.</summary>
    public static ItemMap Products { get; } = new()
    {
        Name = "cj",
        Fields = new Fields()
            .Column("id", "product_id").Column("brand", "brand").Column("attributes.package_size", "package_size")
            .Column("attributes.manufacturer", "manufacturer_id")
            .Computed("categories", row => $"{row["department"]}|{row["product_category"]}|{row["product_type"]}")
            .Computed("title", Title),
    };

    /// <summary><c>demographics.csv</c>: every column but the id is an attribute.</summary>
    public static UserMap Demographics { get; } = new()
    {
        Name = "cj",
        Fields = new Fields()
            .Column("id", "household_id").Column("attributes.age", "age").Column("attributes.income", "income")
            .Column("attributes.home_ownership", "home_ownership").Column("attributes.marital_status", "marital_status")
            .Column("attributes.household_size", "household_size").Column("attributes.household_comp", "household_comp")
            .Column("attributes.kids_count", "kids_count"),
    };

    private static string Paid(Row row) =>
        decimal.TryParse(row["sales_value"], out var received) && decimal.TryParse(row["coupon_disc"], out var coupon)
            ? Math.Max(0, received - coupon).ToString()
            : row["sales_value"];

    private static string Title(Row row)
    {
        var name = row["product_type"].Length > 0 ? row["product_type"] : row["product_category"];
        return string.Join(' ', new[] { name.Length > 0 ? name : row["department"], row["package_size"] }.Where(t => t.Length > 0));
    }
}
