using CouponGrains.Domain;
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
using CouponGrains.Grains;
using CouponGrains.Storage.Sqlite;
using Orleans.Configuration;

namespace CouponGrains.SiloHost;

/// <summary>The embedded store in the data folder, for one process.</summary>
internal sealed class EmbeddedHostStore : HostStore
{
    private readonly SqliteStore _store;
    private readonly SqliteGrainStore _grains;

    private EmbeddedHostStore(SqliteStore store, SqliteGrainStore grains)
    {
        _store = store;
        _grains = grains;
    }

    protected override IEventLog Events => _store.Events;

    protected override IUserStore Users => _store.Users;

    public override IPseudonymStore Pseudonyms => _store.Pseudonyms;

    protected override ICatalogStore Catalog => _store.Catalog;

    protected override ICampaignStore Campaigns => _store.Campaigns;

    protected override ILedger Ledger => _store.Ledger;

    protected override ICodeStore Codes => _store.Codes;

    protected override IWebhookStore Webhooks => _store.Webhooks;

    protected override IKeyStore Keys => _store.Keys;

    protected override IReportStore Reports => _store.Reports;

    protected override IApprovalStore Approvals => _store.Approvals;

    protected override IStoreWrites Writes => _store.Writes;

    protected override IAuditLog Audit => _store.Audit;

    protected override IImportStore Imports => _store.Imports;

    protected override IModelStore Models => _store.Models;

    public static async Task<HostStore> Take(HostSettings settings, ILoggerFactory logs)
    {
        var store = SqliteStore.Open(settings.Data, TimeProvider.System, logs);
        try
        {
            return new EmbeddedHostStore(store, SqliteGrainStore.Prepare(settings.Data, TimeProvider.System, logs));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public override void AddCluster(ISiloBuilder silo, HostSettings settings)
    {
        silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, null, Cluster, Cluster);
        silo.UseInMemoryReminderService();
        silo.AddGrainStates(GrainsHosting.StorageName, Sqlite);
        silo.AddGrainStates("PubSubStore", Sqlite);
    }

    public override async ValueTask DisposeAsync()
    {
        await _grains.DisposeAsync();
        await _store.DisposeAsync();
    }

    private void Sqlite(AdoNetGrainStorageOptions options)
    {
        options.Invariant = SqliteGrainStore.Invariant;
        options.DataSource = _grains;
    }
}
