using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Redemptions;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Postgres;

/// <summary>The audit of a database that silos have open, and of one that was tampered with.</summary>
public sealed class PostgresAuditTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.Server;
        _database = await _server.TakeDatabase();
    }

    public async ValueTask DisposeAsync() => await _server.GiveBack(_database);

    [Fact]
    public async Task A_store_in_use_is_audited_from_outside_and_nothing_waits_for_it()
    {
        await using var store = await Open();
        await AuditedSample.Fill(store.Campaigns, store.Ledger);
        await using var busy = new Npgsql.NpgsqlConnection(_server.Connection(_database));
        await busy.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await busy.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var held = new Npgsql.NpgsqlCommand("UPDATE campaign_budgets SET told = told", busy, transaction);
        await held.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var audit = await Audit();
        Assert.True(audit.Holds);
        Assert.Equal((1, 3), (Find(audit, "coupons").Checked, Find(audit, "uses").Checked));
        Assert.Equal(audit.Identities.Select(i => i.Name), (await store.Ledger.Audit(default)).Identities.Select(i => i.Name));
    }

    [Theory]
    [InlineData("UPDATE campaign_budgets SET spent = spent - 1", "spent")]
    [InlineData("UPDATE campaign_budgets SET issued = issued + 1", "coupons")]
    [InlineData("UPDATE campaign_budgets SET reserved = reserved + 1", "reserved")]
    [InlineData("INSERT INTO budget_shards (campaign_id, holder, minor, until) SELECT campaign_id, 'h', allowed, 0 FROM campaign_budgets", "leases")]
    [InlineData("UPDATE budget_days SET spent = spent + 1", "days")]
    [InlineData("DELETE FROM budget_days", "budget_days")]
    [InlineData("UPDATE coupons SET state = 4 WHERE state = 3", "uses")]
    [InlineData("UPDATE coupons SET state = 5 WHERE state = 1", "reservations")]
    [InlineData("UPDATE coupons SET campaign_id = 'other' WHERE state = 3", "owners")]
    [InlineData("UPDATE offers SET issued = 0", "offers")]
    [InlineData("DELETE FROM events WHERE kind = 13", "logged")]
    [InlineData(AuditedSample.LowerLimit, "caps")]
    [InlineData("ALTER TABLE campaign_budgets DROP CONSTRAINT budgets_check; UPDATE campaign_budgets SET allowed = 1", "limits")]
    [InlineData("""
        DROP INDEX redemptions_in_force;
        INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at)
        SELECT 'again', request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at FROM redemptions
        """, "uses")]
    public async Task What_does_not_balance_is_told_with_its_rows(string sql, string name)
    {
        await using (var store = await Open())
        {
            await AuditedSample.Fill(store.Campaigns, store.Ledger);
        }

        await _server.Execute(_database, sql);
        var audit = await Audit();
        Assert.False(audit.Holds);
        Assert.NotEmpty(Find(audit, name).Broken);
    }

    [Fact]
    public async Task A_database_without_a_store_or_of_another_version_or_not_there_is_refused()
    {
        Assert.Equal(RefusalCodes.FileNotUsable, await Refused(_server.Connection(_database)));
        await (await Open()).DisposeAsync();
        await _server.Execute(
            _database, "INSERT INTO store_version (version, name, hash, applied_at) VALUES (999, 'future', '', 0)");
        Assert.Equal(RefusalCodes.StoreVersionNewer, await Refused(_server.Connection(_database)));
        Assert.Equal(RefusalCodes.StoreUnreachable, await Refused(_server.Connection(_database) + ";Port=1"));
        Assert.Equal(RefusalCodes.BadOption, await Refused("Colour=red"));
    }

    private static AuditedIdentity Find(LedgerAudit audit, string name) => audit.Identities.Single(i => i.Name == name);

    private static async Task<string> Refused(string connection) => (await Assert.ThrowsAsync<RefusedException>(
        () => PostgresAudit.Run(connection, TimeProvider.System, default))).Refusal.Code;

    private Task<LedgerAudit> Audit() => PostgresAudit.Run(
        _server.Connection(_database), TimeProvider.System, TestContext.Current.CancellationToken);

    private Task<PostgresStore> Open() =>
        PostgresStore.Open(_server.Connection(_database), TimeProvider.System, NullLoggerFactory.Instance);
}
