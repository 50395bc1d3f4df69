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
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace CouponGrains.Storage.Tests.Postgres;

/// <summary>The store of several silos in a database of its own.</summary>
public sealed class PostgresUnderTest : StoreUnderTest
{
    private readonly List<PostgresStore> _abandoned = [];
    private PostgresServer _server = null!;
    private string _database = "";
    private PostgresStore? _store;

    public PostgresStore Store => _store ?? throw new InvalidOperationException("Not open.");

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

    public override async Task Open()
    {
        if (_database.Length == 0)
        {
            _server = await SharedPostgres.Server;
            _database = await _server.TakeDatabase();
        }

        _store = await PostgresStore.Open(_server.Connection(_database), Time, NullLoggerFactory.Instance);
    }

    public override async Task Reopen()
    {
        await Store.DisposeAsync();
        await Open();
    }

    public override async Task Crash()
    {
        _abandoned.Add(Store);
        await _server.Cut(_database);
        await Open();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var store in _abandoned.Append(Store))
        {
            await store.DisposeAsync();
        }

        await _server.GiveBack(_database);
    }
}
