using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Reports;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Grains;
using CouponGrains.Storage.Postgres;
using Orleans.Configuration;

namespace CouponGrains.SiloHost;

/// <summary>The store of several silos, which also find each other in it.</summary>
internal sealed class PostgresHostStore(PostgresStore store) : HostStore
{
    /// <summary>A silo that misses three probes is declared dead after about 6 s.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan DeadKept = TimeSpan.FromDays(1);

    protected override IEventLog Events => store.Events;

    protected override IUserStore Users => store.Users;

    protected override ICatalogStore Catalog => store.Catalog;

    protected override ICampaignStore Campaigns => store.Campaigns;

    protected override ILedger Ledger => store.Ledger;

    protected override ICodeStore Codes => store.Codes;

    protected override IWebhookStore Webhooks => store.Webhooks;

    protected override IReportStore Reports => store.Reports;

    protected override IModelStore Models => store.Models;

    public static async Task<HostStore> Connect(string connection, ILoggerFactory logs) =>
        new PostgresHostStore(await PostgresStore.Open(connection, TimeProvider.System, logs));

    public override void AddCluster(ISiloBuilder silo, HostSettings settings)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Cluster, Cluster));
        // Clients enter where they are served: one that only trains may come and go unnoticed.
        silo.ConfigureEndpoints(settings.SiloAddress, settings.SiloPort, settings.Serves ? settings.GatewayPort : 0);
        silo.Configure<ClusterMembershipOptions>(members =>
        {
            members.ProbeTimeout = ProbeTimeout;
            members.DefunctSiloExpiration = DeadKept;
            members.DefunctSiloCleanupPeriod = DeadKept;
        });
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, store.Source));
        silo.UseAdoNetReminderService(
            options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, store.Source));
        silo.AddAdoNetGrainStorage(GrainsHosting.StorageName, Postgres);
        silo.AddAdoNetGrainStorage("PubSubStore", Postgres);
    }

    public override ValueTask DisposeAsync() => store.DisposeAsync();

    private void Postgres(AdoNetGrainStorageOptions options)
    {
        options.Invariant = PostgresStore.Invariant;
        options.DataSource = store.Source;
    }
}
