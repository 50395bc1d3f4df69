using CouponGrains.Domain.Events;
using CouponGrains.Storage.Import.Maps;

namespace CouponGrains.Storage.Tests.Import;

public sealed class MapTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Written for this test in the shape of the data set: one row for each kind of dirt.</summary>
    private const string Retail = """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        600001,11111,BLUE MUG ,6,2011-03-01 08:26:00,2.55,10001.0,France
        600001,11111,BLUE MUG ,6,2011-03-01 08:26:00,2.55,10001.0,France
        600001,22222A,RED MUG,1,2011-03-01 08:26:00,3.39,10001.0,France
        C600002,11111,BLUE MUG ,-2,2011-03-02 09:00:00,2.55,10001.0,France
        600003,22222A,RED MUG,1,2011-03-03 10:00:00,3.39,,France
        600004,33333,,-10,2011-03-03 11:00:00,0,,United Kingdom
        600005,22222A,RED MUG,0,2011-03-03 12:00:00,3.39,10002.0,Spain
        600006,22222A,RED MUG,4,2011-03-03 13:00:00,0,10002.0,Spain
        600007,22222A,RED MUG,4,2011-03-03 14:00:00,-1.5,10002.0,Spain
        600008,POST,POSTAGE,1,2011-03-03 15:00:00,18,10002.0,Spain
        C600009,22222A,RED MUG,3,2011-03-03 16:00:00,3.39,10002.0,Spain
        600010,22222A,RED MUG,1,2011-13-03 16:00:00,3.39,10002.0,Spain
        A600011,B,Adjust bad debt,1,2011-08-12 14:50:00,11.06,10002.0,United Kingdom
        """;

    [Fact]
    public void Every_line_of_a_dirty_retail_file_is_an_event_or_refused_by_a_counted_reason()
    {
        var outcomes = OnlineRetail.Events.Read(new StringReader(Retail), "x.csv", Now).ToList();
        Assert.Equal(
            [
                null, RefusalCodes.DuplicateRow, null, null, RefusalCodes.MissingUser, RefusalCodes.MissingUser,
                RefusalCodes.QuantityNotPositive, RefusalCodes.PriceNotPositive, RefusalCodes.PriceNotPositive,
                RefusalCodes.NotAnItem, RefusalCodes.QuantityNotPositive, RefusalCodes.DateOutOfRange, RefusalCodes.NotAnItem,
            ],
            outcomes.Select(o => o.Refusal?.Code));
        var (bought, back) = (outcomes[0].Value!, outcomes[3].Value!);
        Assert.Equal((EventKind.Purchase, 6, new Money(1530, new("GBP")), "600001", new UserId("10001")),
            (bought.Kind, bought.Quantity, bought.Amount!.Value, bought.Order, bought.User));
        Assert.Equal((EventKind.Refund, 2, new Money(510, new("GBP"))), (back.Kind, back.Quantity, back.Amount!.Value));
    }

    [Fact]
    public void The_retail_file_also_gives_the_goods_and_the_customers_once_each()
    {
        var items = OnlineRetail.Items.Read(new StringReader(Retail), "x.csv").Where(o => o.Value is not null).ToList();
        Assert.Equal([("11111", "BLUE MUG"), ("22222A", "RED MUG")], items.Select(o => (o.Value!.Id.Value, o.Value.Title)));
        var users = OnlineRetail.Users.Read(new StringReader(Retail), "x.csv").Where(o => o.Value is not null).ToList();
        Assert.Equal([("10001", "France"), ("10002", "Spain")], users.Select(o => (o.Value!.Id.Value, o.Value.Attributes["country"])));
    }

    [Fact]
    public void Ratings_and_interaction_lists_without_times_become_purchases()
    {
        var ratings = NcfMovieLens.Events.Read(new StringReader("0\t7\t5\n0\t8\t1\n3\t7\t4\n"), "train.rating", Now).ToList();
        Assert.Equal([("0", "7"), ("0", "8"), ("3", "7")], ratings.Select(o => (o.Value!.User.Value, o.Value.Item!.Value.Value)));
        var lists = LightGcn.Events.Read(new StringReader("0 5 6\n1\n2 5 5\n"), "train.txt", Now).ToList();
        Assert.Equal(
            [(1, null), (1, null), (2, RefusalCodes.MissingField), (3, null), (3, RefusalCodes.DuplicateRow)],
            lists.Select(o => ((int)o.Line, o.Refusal?.Code)));
        Assert.All(ratings.Concat(lists).Where(o => o.Value is not null), o => Assert.Equal(EventKind.Purchase, o.Value!.Kind));
    }
}
