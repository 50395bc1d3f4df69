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
using Microsoft.Extensions.Time.Testing;

namespace CouponGrains.Storage.Tests;

/// <summary>A store that the suites run on: empty at first, on storage of its own, which is removed in the
/// end.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public FakeTimeProvider Time { get; } = new(new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Time.GetUtcNow();

    public abstract IEventLog Events { get; }

    public abstract ICatalogStore Catalog { get; }

    public abstract IUserStore Users { get; }

    public abstract IPseudonymStore Pseudonyms { get; }

    public abstract ICampaignStore Campaigns { get; }

    public abstract ILedger Ledger { get; }

    public abstract ICodeStore Codes { get; }

    public abstract IWebhookStore Webhooks { get; }

    public abstract IKeyStore Keys { get; }

    public abstract IReportStore Reports { get; }

    public abstract IApprovalStore Approvals { get; }

    public abstract IAuditLog Audit { get; }

    public abstract IImportStore Imports { get; }

    public abstract IModelStore Models { get; }

    public abstract Task Open();

    /// <summary>Closes it in order and opens it again.</summary>
    public abstract Task Reopen();

    /// <summary>Opens what a killed process would have left at this moment, and goes on with that.</summary>
    public abstract Task Crash();

    public abstract ValueTask DisposeAsync();
}

/// <summary>The base of every suite: a new store for each test.</summary>
public abstract class StoreSuite<TStore> : IAsyncLifetime
    where TStore : StoreUnderTest, new()
{
    protected TStore Store { get; } = new();

    public async ValueTask InitializeAsync() => await Store.Open();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }
}
