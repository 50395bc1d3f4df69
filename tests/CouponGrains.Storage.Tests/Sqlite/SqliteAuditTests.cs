using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Storage.Tests.Redemptions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Sqlite;

/// <summary>The audit of a store that is in use, and of one that was tampered with.</summary>
public sealed class SqliteAuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_store_in_use_is_audited_from_outside()
    {
        await using var store = SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance);
        await AuditedSample.Fill(store.Campaigns, store.Ledger);
        var audit = SqliteAudit.Run(_folder.Path);
        Assert.True(audit.Holds);
        Assert.Equal((1, 3), (Find(audit, "coupons").Checked, Find(audit, "uses").Checked));
        Assert.Equal(audit.Identities.Select(i => i.Name), (await store.Ledger.Audit(default)).Identities.Select(i => i.Name));
    }

    [Theory]
    [InlineData("UPDATE budgets SET spent = spent - 1", "spent")]
    [InlineData("UPDATE budgets SET issued = issued + 1", "coupons")]
    [InlineData("UPDATE budgets SET reserved = reserved + 1", "reserved")]
    [InlineData("UPDATE budget_days SET spent = spent + 1", "days")]
    [InlineData("DELETE FROM budget_days", "budget_days")]
    [InlineData("UPDATE coupons SET state = 4 WHERE state = 3", "uses")]
    [InlineData("UPDATE coupons SET state = 5 WHERE state = 1", "reservations")]
    [InlineData("PRAGMA foreign_keys = OFF; UPDATE coupons SET campaign_id = 'other' WHERE state = 3", "owners")]
    [InlineData(AuditedSample.LowerLimit, "caps")]
    [InlineData("UPDATE offers SET issued = 0", "offers")]
    [InlineData("DELETE FROM events WHERE kind = 13", "logged")]
    [InlineData("PRAGMA ignore_check_constraints = ON; UPDATE budgets SET allowed = 1", "limits")]
    public async Task What_does_not_balance_is_told_with_its_rows(string sql, string name)
    {
        await using (var store = SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance))
        {
            await AuditedSample.Fill(store.Campaigns, store.Ledger);
        }

        Execute(sql);
        var audit = SqliteAudit.Run(_folder.Path);
        Assert.False(audit.Holds);
        Assert.NotEmpty(Find(audit, name).Broken);
    }

    [Fact]
    public async Task A_folder_without_a_store_or_of_another_version_is_refused()
    {
        Assert.Equal(RefusalCodes.FileNotUsable, Refused().Refusal.Code);
        await SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance).DisposeAsync();
        Execute("INSERT INTO store_version (version, name, applied_at) VALUES (999, 'future', 0)");
        Assert.Equal(RefusalCodes.StoreVersionNewer, Refused().Refusal.Code);
    }

    public void Dispose() => _folder.Dispose();

    private static AuditedIdentity Find(LedgerAudit audit, string name) => audit.Identities.Single(i => i.Name == name);

    private RefusedException Refused() => Assert.Throws<RefusedException>(() => SqliteAudit.Run(_folder.Path));

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
