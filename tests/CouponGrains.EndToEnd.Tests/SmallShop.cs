using System.Globalization;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>A small shop in the files of the Complete Journey: a few households with two tastes, so that the product
/// has something to learn and starts in seconds.</summary>
internal static class SmallShop
{
    public const int Households = 40;
    public const int Purchases = 1_200;
    public const int Redemptions = 12;
    private const int Products = 60;
    private static readonly string[] Departments = ["GROCERY", "DRUG GM"];
    private static readonly string[] Categories = ["TEA", "COFFEE", "SOAP", "PAPER"];

    /// <summary>Writes the files into a new folder below <paramref name="parent"/>.</summary>
    public static string Write(string parent, int seed)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, "shop")).FullName;
        var random = new Random(seed);
        Write(folder, "products",
            "product_id,manufacturer_id,department,brand,product_category,product_type,package_size",
            Enumerable.Range(0, Products).Select(i =>
            {
                var (category, brand) = (Categories[i / 15], i % 2 == 0 ? "National" : "Private");
                return $"{1000 + i},{i % 5},{Departments[i / 30]},{brand},{category},{category} {i % 15},1 LB";
            }));
        Write(folder, "demographics",
            "household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count",
            Enumerable.Range(1, Households / 2)
            .Select(i => $"{i},35-44,35-49K,Homeowner,Married,2,2 Adults No Kids,0"));
        Write(folder, "transactions",
            "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,"
            + "week,transaction_timestamp",
            PurchaseRows(random));
        Write(folder, "campaign_descriptions", "campaign_id,campaign_type,start_date,end_date",
            ["1,Type A,2017-03-01,2017-04-15"]);
        Write(folder, "campaigns", "campaign_id,household_id", Enumerable.Range(1, Households).Select(i => $"1,{i}"));
        Write(folder, "coupons", "coupon_upc,product_id,campaign_id",
            Enumerable.Range(0, 24).Select(i => $"{500 + (i / 4)},{1000 + (i * 2)},1"));
        Write(folder, "coupon_redemptions", "household_id,coupon_upc,campaign_id,redemption_date",
            Enumerable.Range(1, Redemptions).Select(i => $"{i},{500 + (i % 6)},1,2017-03-{10 + i}"));
        return folder;
    }

    private static IEnumerable<string> PurchaseRows(Random random)
    {
        var start = new DateTime(2017, 1, 1, 8, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < Purchases; i++)
        {
            var household = 1 + random.Next(Households);
            // Even households like the first half of the products, odd ones the second; now and then something else.
            var half = random.NextDouble() < 0.9 ? household % 2 : random.Next(2);
            var product = 1000 + (half * 30) + random.Next(30);
            var at = start.AddMinutes(i * 300).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            var (basket, coupon) = ($"{70000 + (i / 3)}{household}", i % 40 == 0 ? "0.5" : "0");
            yield return $"{household},1,{basket},{product},1,{1 + (product % 7)}.49,0,{coupon},0,1,{at}";
        }
    }

    private static void Write(string folder, string name, string header, IEnumerable<string> rows) =>
        File.WriteAllLines(Path.Combine(folder, name + ".csv"), rows.Prepend(header));
}
