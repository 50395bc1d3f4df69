using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Import;

namespace CouponGrains.Storage.Tests.Import;

public sealed class ReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private static List<RowOutcome<UserEvent>> Events(string text, string path = "events.csv", EventMap? map = null) =>
        [.. (map ?? EventMap.Plain).Read(new StringReader(text), path, Now)];

    [Fact]
    public void Every_row_is_accepted_or_refused_with_its_code_and_line()
    {
        var outcomes = Events(""""
            user,kind,at,item,quantity,amount,currency
            ann,Purchase,2026-01-02 10:00:00,tea,2,5.25,EUR
            ,Purchase,2026-01-02,tea,1,1,EUR
            bob,Wish,2026-01-02,tea,1,1,EUR
            bob,View,yesterday,tea,1,,
            bob,View,2026-01-02,,1,,
            bob,Purchase,2026-01-02,tea,0,1,EUR
            bob,Purchase,2026-01-02,tea,1.5,1,EUR
            bob,Purchase,2026-01-02,tea,1,-1,EUR
            bob,Purchase,2026-01-02,tea,1,1,Euro
            bob,Purchase,2029-01-02,tea,1,1,EUR
            bob,Purchase,2026-01-02
            bob,"Purchase"x,2026-01-02,tea,1,1,EUR
            bob,Purchase,1767348000,"tea, ""green""",1,1,EUR
            """");
        Assert.Equal(
            [
                (2, null), (3, RefusalCodes.MissingUser), (4, RefusalCodes.UnknownEventKind), (5, RefusalCodes.DateOutOfRange),
                (6, RefusalCodes.MissingField), (7, RefusalCodes.QuantityNotPositive), (8, RefusalCodes.InvalidValue),
                (9, RefusalCodes.NegativePrice), (10, RefusalCodes.MissingField), (11, RefusalCodes.DateOutOfRange),
                (12, RefusalCodes.MalformedRow), (13, RefusalCodes.MalformedRow), (14, null),
            ],
            outcomes.Select(o => ((int)o.Line, o.Refusal?.Code)));
        var tea = outcomes[0].Value!;
        Assert.Equal(
            (new UserId("ann"), EventKind.Purchase, new ItemId("tea"), 2, new Money(525, new("EUR"))),
            (tea.User, tea.Kind, tea.Item!.Value, tea.Quantity, tea.Amount!.Value));
        Assert.Equal(new ItemId("tea, \"green\""), outcomes[^1].Value!.Item);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1767348000), outcomes[^1].Value!.At);
    }

    [Fact]
    public void A_kind_is_known_in_any_writing()
    {
        var outcomes = Events(""""
            user,kind,at,offer
            ann,coupon_viewed,2026-01-02 10:00:00,o1
            ann,CouponViewed,2026-01-02 10:00:01,o1
            """");
        Assert.All(outcomes, o => Assert.Equal(EventKind.CouponViewed, o.Value?.Kind));
    }

    [Fact]
    public void An_open_quotation_mark_costs_one_row_and_not_the_rest_of_the_file()
    {
        var outcomes = Events("user,kind,at,item\nann,View,2026-01-02,\"tea\nbob,View,2026-01-02,tea\n");
        Assert.Equal([RefusalCodes.MalformedRow, null], outcomes.Select(o => o.Refusal?.Code));
        Assert.Equal(new UserId("bob"), outcomes[1].Value!.User);
    }

    [Fact]
    public void Json_lines_give_the_same_events_as_csv_and_bad_lines_are_counted()
    {
        var outcomes = Events(
            """
            {"user":"ann","kind":"View","at":"2026-01-02T00:00:00Z","item":"tea","dwellSeconds":3.5}
            {"user":"ann"
            [1,2]

            {"user":"ann","kind":2,"at":"2026-01-02","query":"tea"}
            """, "events.jsonl");
        Assert.Equal(
            [(1, null), (2, RefusalCodes.MalformedRow), (3, RefusalCodes.MalformedRow), (5, null)],
            outcomes.Select(o => ((int)o.Line, o.Refusal?.Code)));
        Assert.Equal(TimeSpan.FromSeconds(3.5), outcomes[0].Value!.Dwell);
        Assert.Equal(EventKind.Search, outcomes[3].Value!.Kind);
    }

    [Fact]
    public void Reading_a_file_again_gives_every_row_the_id_it_had_even_after_rows_were_added()
    {
        const string First = "user,kind,at,item\nann,View,2026-01-02,tea\nann,View,2026-01-02,tea\nbob,View,2026-01-02,tea\n";
        var before = Events(First).Select(o => o.Value!.Id).ToList();
        var after = Events(First + "ann,View,2026-01-02,tea\n").Select(o => o.Value!.Id).ToList();
        Assert.Equal(before, after.Take(3));
        Assert.Equal(4, after.Distinct().Count());
    }

    [Fact]
    public void The_senders_own_id_is_kept_and_an_impossible_one_refused()
    {
        var outcomes = Events($"id,user,kind,at,item\ne1,ann,View,2026-01-02,tea\n{new string('x', 129)},ann,View,2026-01-02,tea\n");
        Assert.Equal(new EventId("e1"), outcomes[0].Value!.Id);
        Assert.Equal(RefusalCodes.InvalidId, outcomes[1].Refusal!.Code);
    }

    [Fact]
    public void A_column_map_names_columns_and_fixed_values_and_a_column_that_is_not_there_is_told()
    {
        var map = new EventMap { Name = "mine", Fields = Fields.Parse("user=who,item=what,at=when,kind==View", EventMap.Known) };
        var e = Assert.Single(Events("what,who,when\ntea,ann,2026-01-02\n", map: map)).Value!;
        Assert.Equal((new UserId("ann"), new ItemId("tea"), EventKind.View), (e.User, e.Item!.Value, e.Kind));

        var refusal = Assert.Throws<RefusedException>(() => Events("what,when\ntea,2026-01-02\n", map: map)).Refusal;
        Assert.Equal(RefusalCodes.MissingField, refusal.Code);
        Assert.Contains("who", refusal.Detail, StringComparison.Ordinal);
        Assert.Throws<RefusedException>(() => Fields.Parse("user", EventMap.Known));
        Assert.Throws<RefusedException>(() => Fields.Parse("colour=red", EventMap.Known));
    }

    [Fact]
    public void Items_and_users_keep_their_attributes_and_lists()
    {
        var item = Assert.Single(ItemMap.Plain.Read(new StringReader(
            "id,title,categories,price,currency,stock,attributes.size\ntea,Green tea,FOOD|TEA,3.995,EUR,7,100 g\n"), "items.csv")).Value!;
        Assert.Equal(["FOOD", "TEA"], item.Categories);
        Assert.Equal((new Money(400, new("EUR")), 7, "100 g"), (item.Price!.Value, item.Stock, item.Attributes["size"]));

        var users = UserMap.Plain.Read(new StringReader(
            "{\"id\":\"ann\",\"consent\":false,\"attributes\":{\"age\":\"35-44\"}}\n{\"id\":\"bob\",\"consent\":\"maybe\"}\n"), "users.jsonl").ToList();
        Assert.False(users[0].Value!.Consent);
        Assert.Equal("35-44", users[0].Value!.Attributes["age"]);
        Assert.Equal(RefusalCodes.InvalidValue, users[1].Refusal!.Code);
    }

    [Fact]
    public void Offers_are_read_with_amounts_scope_and_validity()
    {
        var offers = OfferMap.Plain.Read(new StringReader("""
            id,campaign,title,kind,percentBasisPoints,amount,minimumSpend,currency,items,categories,validDays
            o1,c1,Ten off,PercentOff,1000,,,,tea|milk,,7
            o2,c1,Five off thirty,SpendAndSave,,5,30,EUR,,FOOD,
            o3,c1,Broken,Discount,,,,,,,
            o4,,No campaign,PercentOff,500,,,,,,
            o5,c1,Too long,PercentOff,500,,,,,,100000
            """), "coupons.csv").ToList();
        Assert.Equal(
            [null, null, RefusalCodes.InvalidValue, RefusalCodes.MissingField, RefusalCodes.InvalidValue],
            offers.Select(o => o.Refusal?.Code));
        Assert.Equal([new ItemId("tea"), new ItemId("milk")], offers[0].Value!.Scope.Items);
        Assert.Equal(TimeSpan.FromDays(7), offers[0].Value!.ValidFor);
        Assert.Equal((new Money(500, new("EUR")), new Money(3000, new("EUR"))),
            (offers[1].Value!.Amount!.Value, offers[1].Value!.MinimumSpend!.Value));
    }

    [Fact]
    public void Offers_of_every_kind_are_read_and_consistent()
    {
        var offers = OfferMap.Plain.Read(new StringReader("""
            id,campaign,kind,percentBasisPoints,amount,minimumSpend,currency,repeatsMax,tiers,pointsPrice,pointsFactor,pointsStep,buy,get,getCategories,ordersMin,ordersMax,stock,usesMax,stacking,class,with,priority
            o1,c1,SpendAndSave,,10,100,USD,,200:25|300.50:45,,,,,,,1,9,100,3,StackableWith,a,b|c,2
            o2,c1,SpendAndSave,,10,100,USD,3,,,,,,,,,,,,,,,
            o3,c1,PointsRedemption,,5,20,USD,4,,500,,,,,,,,,,OnePerClass,points,,
            o4,c1,PointsMultiplied,,,,USD,,,,3,1,,,,,,,,,,,
            o5,c1,BuyAndGet,10000,,,USD,5,,,,,2,1,TOYS,,,,,,,,
            o6,c1,SpendAndSave,,10,100,USD,,200,,,,,,,,,,,,,,
            o7,c1,SpendAndSave,,10,100,USD,,,,,,,,,,,,,Sometimes,,,
            """), "coupons.csv").ToList();
        Assert.Equal(
            [null, null, null, null, null, RefusalCodes.InvalidValue, RefusalCodes.InvalidValue],
            offers.Select(o => o.Refusal?.Code));
        Assert.All(offers[..5], o => Assert.Null(OfferRules.Check(o.Value!)));
        var first = offers[0].Value!;
        Assert.Equal(new SpendTier(new(30_050, Samples.Usd), new(4_500, Samples.Usd)), first.Tiers[1]);
        Assert.Equal((1, 9, 100, 2), (first.OrdersMin, first.OrdersMax, first.Stock, first.Stacking.Priority));
        Assert.Equal((3, 1), (first.UsesMax, offers[1].Value!.UsesMax));
        Assert.Equal(["b", "c"], first.Stacking.With);
        Assert.Equal((3, null), (offers[1].Value!.RepeatsMax, offers[1].Value!.Points));
        Assert.Equal((500, "points"), (offers[2].Value!.Points!.Price, offers[2].Value!.Stacking.Class));
        Assert.Equal(new OfferPoints { Factor = 3, Step = new(100, Samples.Usd) }, offers[3].Value!.Points);
        Assert.Equal(["TOYS"], offers[4].Value!.Bundle!.GetScope!.Categories);
    }

    [Fact]
    public void A_packed_file_is_known_by_its_content_and_tells_how_far_it_is_read()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".csv");
        try
        {
            using (var packed = new System.IO.Compression.GZipStream(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
            {
                packed.Write("user,kind,at,item\nann,View,2026-01-02,tea\n"u8);
            }

            using var file = ImportFile.Open(path);
            Assert.Equal(new UserId("ann"), Assert.Single(EventMap.Plain.Read(file.Text, path, Now)).Value!.User);
            Assert.Equal(1, file.Share);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
