using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Postgres.Ledger;

namespace CouponGrains.Storage.Tests.Postgres;

public sealed class BookTableTests
{
    [Fact]
    public void A_row_that_was_asked_for_may_be_missing_and_one_that_was_not_has_the_batch_run_again()
    {
        var table = new BookTable<string, string>("texts");
        table.Ask(["a"]);
        table.Read("b", "there");
        Assert.Null(table.Find("a"));
        Assert.Equal("there", table.Find("b"));
        var missing = Assert.Throws<RowNotReadException>(() => table.Find("c"));
        Assert.True(PostgresFaults.IsTransient(missing));
    }
}
