using System.Text.Json;

namespace CouponGrains.Client.Tests.Cli;

public sealed class EvaluateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journey").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Twelve households; each buys two items of its own again and again and redeems the coupons that cover
    /// them.</summary>
    private void WriteShop()
    {
        void Write(string name, string header, IEnumerable<string> lines) =>
            File.WriteAllLines(Path.Combine(_folder, name + ".csv"), [header, .. lines]);
        var households = Enumerable.Range(0, 12).ToList();
        Write("products", "product_id,manufacturer_id,department,brand,product_category,product_type,package_size",
            Enumerable.Range(0, 24).Select(i => $"p{i},1,GROCERY,National,C{i / 4},T{i / 2},1 KG"));
        Write("demographics", "household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count",
            households.Select(h => $"h{h},65+,35-49K,Homeowner,Married,2,2 Adults No Kids,0"));
        Write("transactions",
            "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp",
            households.SelectMany(h => Enumerable.Range(1, 20).Select(day =>
                $"h{h},1,b{h}-{day},p{(2 * h) + (day % 2)},1,2.50,0,0,0,1,2017-01-{day:D2} 10:00:00")));
        Write("campaign_descriptions", "campaign_id,campaign_type,start_date,end_date",
            ["1,Type A,2017-02-01,2017-02-28", "2,Type A,2017-03-01,2017-03-31", "3,Type B,2017-04-01,2017-04-30"]);
        Write("coupons", "coupon_upc,product_id,campaign_id",
            from campaign in new[] { 1, 2, 3 } from h in households select $"9{h:D2},p{2 * h},{campaign}");
        Write("coupon_redemptions", "household_id,coupon_upc,campaign_id,redemption_date",
            from campaign in new[] { 1, 2 } from h in households select $"h{h},9{h:D2},{campaign},2017-0{campaign + 1}-10");
    }

    [Fact]
    public async Task Own_purchases_win_where_households_redeem_what_they_buy()
    {
        WriteShop();
        var (code, output, error) = await Coupons.Run("evaluate", "coupons", "--data", _folder, "--resamples", "200", "--json");
        Assert.True(code == 0, error);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal("cj-3", document.GetProperty("leftOut")[0].GetString());
        var reported = document.GetProperty("reported");
        Assert.Equal(12, reported.GetProperty("cases").GetInt32());
        var map = reported.GetProperty("rows").EnumerateArray()
            .ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("map").GetDouble());
        Assert.Equal(1, map["own past purchases"], 9);
        Assert.Equal(1, map["ours"], 9);
        Assert.InRange(map["random"], 0.05, 0.6);
        Assert.Contains("brief: SVD 10, cosine", map.Keys);
    }
}
