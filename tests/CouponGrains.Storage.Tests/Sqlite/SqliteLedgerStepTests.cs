using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Schema;
using CouponGrains.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Sqlite;

/// <summary>The step that brought reservations and limits by day to stores that had redemptions and returns.</summary>
public sealed class SqliteLedgerStepTests : IDisposable
{
    private static readonly Cart Bought = Samples.Cart() with
    {
        Lines = [new(new("i1"), 3, new(2_000, Samples.Usd)), new(new("i2"), 1, new(4_000, Samples.Usd))],
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_was_redeemed_rolled_back_and_returned_before_the_step_balances_after_it()
    {
        await using (var store = SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance))
        {
            await Fill(store);
        }

        Execute("""
            DROP TABLE reservations; DROP TABLE budget_days; DROP TABLE codes; DROP TABLE code_batches;
            DROP TABLE deliveries; DROP TABLE outbox; DROP TABLE webhook_endpoints;
            ALTER TABLE redemptions DROP COLUMN day; ALTER TABLE redemptions DROP COLUMN returned;
            ALTER TABLE budgets DROP COLUMN told; ALTER TABLE budgets DROP COLUMN reserved;
            ALTER TABLE budgets DROP COLUMN held;
            """);
        Execute(Migrations.In("Sqlite").Single(step => step.Version == 9).Sql);
        await using var again = SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance);
        var audit = await again.Ledger.Audit(default);
        Assert.All(audit.Identities, identity => Assert.Equal([], identity.Broken));
        Assert.Equal(2, audit.Identities.Single(i => i.Name == "days").Checked);
        Assert.Equal(1_402, (await again.Ledger.Budget(new("spring"), default))!.Spent.Minor);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>An order of two coupons of which pieces came back, one rolled back, and one used the day
    /// after.</summary>
    private static async Task Fill(SqliteStore store)
    {
        await store.Campaigns.Put(Samples.Campaign() with { Caps = new() { OpenPerUser = 10 } }, default);
        Offer[] offers =
        [
            Samples.Offer(),
            Samples.Offer("a", amount: 1_001) with { Stacking = new() { Rule = StackingRule.OnePerClass, Class = "a" } },
            Samples.Offer("b", amount: 501) with { Stacking = new() { Rule = StackingRule.OnePerClass, Class = "b" } },
        ];
        await store.Campaigns.AddOffers(offers, default);
        var now = Samples.Start.AddHours(9);
        foreach (var (offer, key) in ((string, string)[])[("a", "r1"), ("b", "r2"), ("five-off", "r3"), ("five-off", "r4")])
        {
            var coupon = (await store.Ledger.Issue(Samples.Issue("k" + key, offer: offer), now, default)).Coupon!;
            var order = key is "r1" or "r2" ? "order" : key;
            var at = key == "r4" ? now.AddDays(1) : now;
            await store.Ledger.Redeem(Samples.Redeem(key, coupon) with { Order = order, Cart = Bought }, at, default);
        }

        await store.Ledger.RollBack(new("u1"), "r3", now, default);
        await store.Ledger.Return(
            new() { Key = "b1", User = new("u1"), Order = "order", Cart = Bought, Now = [2, 0] }, now, default);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder.Path, SqliteStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
