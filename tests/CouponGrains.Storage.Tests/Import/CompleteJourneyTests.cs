using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Storage.Import;

namespace CouponGrains.Storage.Tests.Import;

public sealed class CompleteJourneyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cj").FullName;
    private readonly CompleteJourney _journey;

    public CompleteJourneyTests()
    {
        Write("products", "product_id,manufacturer_id,department,brand,product_category,product_type,package_size",
            "p1,2,GROCERY,National,TEA,GREEN TEA,100 G", "p2,2,GROCERY,Private,TEA,BLACK TEA,NA", "p3,9,MISC,National,,,");
        Write("demographics", "household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count",
            "h1,65+,35-49K,Homeowner,Married,2,2 Adults No Kids,0", "h2,45-54,50-74K,,Unmarried,1,1 Adult No Kids,0");
        Write("transactions",
            "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp",
            "h1,3,b1,p1,2,7.50,0.50,1.00,0.50,1,2017-01-01 07:30:27",
            "h1,3,b1,p2,1,3.00,0,0,0,1,2017-01-01 07:30:27",
            "h2,3,b2,p1,1,4.25,0,0,0,1,2017-01-02 08:00:00",
            "h2,3,b2,p1,0,0,0,1.00,0,1,2017-01-02 08:00:00");
        Write("campaign_descriptions", "campaign_id,campaign_type,start_date,end_date", "5,Type A,2017-02-01,2017-02-28", "6,Type B,soon,2017-02-28");
        Write("coupons", "coupon_upc,product_id,campaign_id", "100,p1,5", "100,p2,5", "100,p1,5", "200,p3,5", "300,,5");
        Write("coupon_redemptions", "household_id,coupon_upc,campaign_id,redemption_date", "h1,100,5,2017-02-03");
        _journey = new(_folder, new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    }

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder, name + ".csv"), lines);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Products_get_their_categories_and_the_median_shelf_price()
    {
        var items = _journey.Items().Select(o => o.Value!).ToList();
        Assert.Equal(["GROCERY", "TEA", "GREEN TEA"], items[0].Categories);
        Assert.Equal("GREEN TEA 100 G", items[0].Title);
        Assert.Equal(new Money(425, new("USD")), items[0].Price); // Of (7.50 + 0.50 + 0.50) / 2 and 4.25.
        Assert.Equal("MISC", items[2].Title);
        Assert.Null(items[2].Price);
    }

    [Fact]
    public void Purchases_say_what_the_household_paid_and_corrections_are_refused()
    {
        var lines = _journey.Purchases().ToList();
        Assert.Equal([null, null, null, RefusalCodes.QuantityNotPositive], lines.Select(o => o.Refusal?.Code));
        Assert.Equal(new Money(650, new("USD")), lines[0].Value!.Amount);
        Assert.Equal("b1", lines[1].Value!.Order);
    }

    [Fact]
    public void Coupons_of_one_campaign_become_one_offer_with_the_depth_seen_in_purchases()
    {
        var outcomes = _journey.Offers().ToList();
        Assert.Equal([RefusalCodes.DuplicateRow, RefusalCodes.MissingField, null, null], outcomes.Select(o => o.Refusal?.Code));
        var offer = outcomes[2].Value!;
        Assert.Equal((new OfferId("cj-5-100"), new CampaignId("cj-5"), 2_000), (offer.Id, offer.Campaign, offer.PercentBasisPoints));
        Assert.Equal([new ItemId("p1"), new ItemId("p2")], offer.Scope.Items); // (1.00 + 0.50) / (7.50 + 0.50) is 18.75 %.
    }

    [Fact]
    public void Campaigns_are_history_and_redemptions_name_their_offer()
    {
        var campaigns = _journey.Campaigns().ToList();
        Assert.Equal([null, RefusalCodes.DateOutOfRange], campaigns.Select(o => o.Refusal?.Code));
        Assert.Equal(CampaignStatus.Archived, campaigns[0].Value!.Status);
        Assert.Equal(new DateTimeOffset(2017, 3, 1, 0, 0, 0, TimeSpan.Zero), campaigns[0].Value!.End);
        var redeemed = Assert.Single(_journey.Redemptions()).Value!;
        Assert.Equal((EventKind.Redeemed, new OfferId("cj-5-100")), (redeemed.Kind, redeemed.Offer));
    }

    [Fact]
    public void Households_keep_what_they_told_and_leave_out_what_they_did_not()
    {
        var users = _journey.Users().Select(o => o.Value!).ToList();
        Assert.Equal("Homeowner", users[0].Attributes["home_ownership"]);
        Assert.DoesNotContain("home_ownership", users[1].Attributes.Keys);
    }

    [Fact]
    public void A_missing_file_is_told_by_its_name()
    {
        File.Delete(Path.Combine(_folder, "coupons.csv"));
        var refusal = Assert.Throws<RefusedException>(() => _journey.Offers().ToList()).Refusal;
        Assert.Contains("coupons.csv", refusal.Detail, StringComparison.Ordinal);
    }
}
