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
using CouponGrains.Storage.Postgres;
using Orleans.Configuration;
using Orleans.Serialization;

namespace CouponGrains.SiloHost;

/// <summary>The store of several silos, which also find each other in it.</summary>
internal sealed class PostgresHostStore(PostgresStore store) : HostStore
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A silo that misses three probes, and of which nothing was heard for three times this long, is declared
    /// dead.</summary>
    private static readonly TimeSpan ProbeTimeoutMax = TimeSpan.FromSeconds(3);

    /// <summary>How long it may take to find where a grain lives or shall live.</summary>
    private static readonly TimeSpan FindsPlace = TimeSpan.FromSeconds(5);

    /// <summary>A silo that did not say for three times this long that it lives has no vote, and whoever starts does
    /// not wait for it: so a cluster that ended as a whole, or lost two silos at once, comes back in seconds.</summary>
    private static readonly TimeSpan TellsItLives = TimeSpan.FromSeconds(5);

    /// <summary>One that stood still, and was declared dead meanwhile, finds it out at the latest after this.</summary>
    private static readonly TimeSpan ReadsTable = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DeadKept = TimeSpan.FromDays(1);

    protected override IEventLog Events => store.Events;

    protected override IUserStore Users => store.Users;

    public override IPseudonymStore Pseudonyms => store.Pseudonyms;

    protected override ICatalogStore Catalog => store.Catalog;

    protected override ICampaignStore Campaigns => store.Campaigns;

    protected override ILedger Ledger => store.Ledger;

    protected override ICodeStore Codes => store.Codes;

    protected override IWebhookStore Webhooks => store.Webhooks;

    protected override IKeyStore Keys => store.Keys;

    protected override IReportStore Reports => store.Reports;

    protected override IApprovalStore Approvals => store.Approvals;

    protected override IAuditLog Audit => store.Audit;

    protected override IImportStore Imports => store.Imports;

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
            members.MaxProbeTimeout = ProbeTimeoutMax;
            members.IAmAliveTablePublishTimeout = TellsItLives;
            members.TableRefreshTimeout = ReadsTable;
            members.DefunctSiloExpiration = DeadKept;
            members.DefunctSiloCleanupPeriod = DeadKept;
        });
        // Where a silo dies while it is asked where a grain lives, that is asked anew rather than waited for.
        silo.Configure<SiloMessagingOptions>(messages => messages.PlacementTimeout = FindsPlace);
        // What the database answered goes to the caller as it is, who can tell that it may be asked again.
        silo.Services.Configure<ExceptionSerializationOptions>(
            exceptions => exceptions.SupportedNamespacePrefixes.Add(PostgresStore.Invariant));
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, store.Source));
        silo.UseAdoNetReminderService(
            options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, store.Source));
        silo.AddGrainStates(GrainsHosting.StorageName, Postgres);
        silo.AddGrainStates("PubSubStore", Postgres);
    }

    public override ValueTask DisposeAsync() => store.DisposeAsync();

    private void Postgres(AdoNetGrainStorageOptions options)
    {
        options.Invariant = PostgresStore.Invariant;
        options.DataSource = store.Source;
    }
}
