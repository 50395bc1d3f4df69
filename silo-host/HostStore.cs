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

namespace CouponGrains.SiloHost;

/// <summary>The store that the settings name, open: its ports, and how a silo stands on it.</summary>
internal abstract class HostStore : IAsyncDisposable
{
    /// <summary>The id of cluster and service, the same in the front end.</summary>
    protected const string Cluster = "coupongrains";

    protected abstract IEventLog Events { get; }

    protected abstract IUserStore Users { get; }

    /// <summary>How the users are named.</summary>
    public abstract IPseudonymStore Pseudonyms { get; }

    protected abstract ICatalogStore Catalog { get; }

    protected abstract ICampaignStore Campaigns { get; }

    protected abstract ILedger Ledger { get; }

    protected abstract ICodeStore Codes { get; }

    protected abstract IWebhookStore Webhooks { get; }

    protected abstract IKeyStore Keys { get; }

    protected abstract IReportStore Reports { get; }

    protected abstract IApprovalStore Approvals { get; }

    /// <summary>Tells whether it keeps what is written; null where nobody but who writes can tell.</summary>
    protected virtual IStoreWrites? Writes => null;

    protected abstract IAuditLog Audit { get; }

    protected abstract IImportStore Imports { get; }

    protected abstract IModelStore Models { get; }

    /// <summary>Opens it. Throws <see cref="RefusedException"/> where that cannot be.</summary>
    public static Task<HostStore> Open(HostSettings settings, ILoggerFactory logs) => settings.Connection is null
        ? EmbeddedHostStore.Take(settings, logs)
        : PostgresHostStore.Connect(settings.Connection, logs);

    /// <summary>Registers the ports of the Domain.</summary>
    public void AddPorts(IServiceCollection services)
    {
        services.AddSingleton(Events);
        services.AddSingleton(Users);
        services.AddSingleton(Catalog);
        services.AddSingleton(Campaigns);
        services.AddSingleton(Ledger);
        services.AddSingleton(Codes);
        services.AddSingleton(Webhooks);
        services.AddSingleton(Keys);
        services.AddSingleton(Reports);
        services.AddSingleton(Approvals);
        services.AddSingleton(Audit);
        services.AddSingleton(Imports);
        services.AddSingleton(Models);
        if (Writes is { } writes)
        {
            services.AddSingleton(writes);
        }
    }

    /// <summary>Adds the cluster, the grain storage and the reminders.</summary>
    public abstract void AddCluster(ISiloBuilder silo, HostSettings settings);

    public abstract ValueTask DisposeAsync();
}
