using CouponGrains.Domain.Access;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Reports;
using CouponGrains.Domain.Transfers;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Sqlite;

/// <summary>The embedded store in a temporary folder.</summary>
public sealed class SqliteUnderTest : StoreUnderTest
{
    private readonly TemporaryFolder _root = new();
    private readonly List<SqliteStore> _abandoned = [];
    private SqliteStore? _store;
    private int _lives;

    public SqliteStore Store => _store ?? throw new InvalidOperationException("Not open.");

    public override IEventLog Events => Store.Events;

    public override ICatalogStore Catalog => Store.Catalog;

    public override IUserStore Users => Store.Users;

    public override IPseudonymStore Pseudonyms => Store.Pseudonyms;

    public override ICampaignStore Campaigns => Store.Campaigns;

    public override ILedger Ledger => Store.Ledger;

    public override ICodeStore Codes => Store.Codes;

    public override IWebhookStore Webhooks => Store.Webhooks;

    public override IKeyStore Keys => Store.Keys;

    public override IReportStore Reports => Store.Reports;

    public override IApprovalStore Approvals => Store.Approvals;

    public override IAuditLog Audit => Store.Audit;

    public override IImportStore Imports => Store.Imports;

    public override IModelStore Models => Store.Models;

    private string Folder => Path.Combine(_root.Path, $"life-{_lives}");

    public override Task Open()
    {
        _store = SqliteStore.Open(Folder, Time, NullLoggerFactory.Instance);
        return Task.CompletedTask;
    }

    public override async Task Reopen()
    {
        await Store.DisposeAsync();
        await Open();
    }

    public override Task Crash()
    {
        _abandoned.Add(Store);
        var from = Folder;
        _lives++;
        Directory.CreateDirectory(Folder);
        foreach (var file in (string[])["coupongrains.db", "coupongrains.db-wal"])
        {
            File.Copy(Path.Combine(from, file), Path.Combine(Folder, file));
        }

        return Open();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var store in _abandoned.Append(Store))
        {
            await store.DisposeAsync();
        }

        _root.Dispose();
    }
}
