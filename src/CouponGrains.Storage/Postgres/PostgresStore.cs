using System.Data.Common;
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
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Postgres;

/// <summary>The store of several silos: every port over one PostgreSQL database, and with it what Orleans keeps there.
/// Any number of processes may have it open.</summary>
public sealed class PostgresStore : IAsyncDisposable
{
    /// <summary>The name by which Orleans' ADO.NET providers know PostgreSQL.</summary>
    public const string Invariant = "Npgsql";

    private readonly PostgresDatabase _database;
    private readonly PostgresEventLog _events;
    private readonly PostgresLedger _ledger;
    private readonly ILogger _log;
    private int _disposed;

    private PostgresStore(PostgresDatabase database, string name, ILogger log)
    {
        _database = database;
        _log = log;
        Name = name;
        _events = new(database, log);
        _ledger = new(database, log);
        Catalog = new PostgresCatalogStore(database);
        Users = new PostgresUserStore(database);
        Pseudonyms = new PostgresPseudonymStore(database);
        Campaigns = new PostgresCampaignStore(database);
        Codes = new PostgresCodeStore(database);
        Webhooks = new PostgresWebhookStore(database);
        Keys = new PostgresKeyStore(database);
        Reports = new PostgresReportStore(database);
        Approvals = new PostgresApprovalStore(database);
        Audit = new PostgresAuditLog(database);
        Imports = new PostgresImportStore(database);
        Models = new PostgresModelStore(database, log);
    }

    /// <summary>What the store is called in texts for people: database and host, no secret.</summary>
    public string Name { get; }

    /// <summary>Where Orleans' ADO.NET providers take their connections from; use it with <see
    /// cref="Invariant"/>.</summary>
    public DbDataSource Source => _database.Source;

    /// <summary>The event log.</summary>
    public IEventLog Events => _events;

    /// <summary>The items.</summary>
    public ICatalogStore Catalog { get; }

    /// <summary>The users.</summary>
    public IUserStore Users { get; }

    /// <summary>How the users are named.</summary>
    public IPseudonymStore Pseudonyms { get; }

    /// <summary>The campaigns and their offers.</summary>
    public ICampaignStore Campaigns { get; }

    /// <summary>The coupons, redemptions and budgets.</summary>
    public ILedger Ledger => _ledger;

    /// <summary>The codes made in advance.</summary>
    public ICodeStore Codes { get; }

    /// <summary>Who is told what happens.</summary>
    public IWebhookStore Webhooks { get; }

    /// <summary>The keys of the API.</summary>
    public IKeyStore Keys { get; }

    /// <summary>The sums.</summary>
    public IReportStore Reports { get; }

    /// <summary>The requests for approval of campaigns.</summary>
    public IApprovalStore Approvals { get; }

    /// <summary>The changes that operators made.</summary>
    public IAuditLog Audit { get; }

    /// <summary>The files that were taken up.</summary>
    public IImportStore Imports { get; }

    /// <summary>The models.</summary>
    public IModelStore Models { get; }

    /// <summary>Connects, brings the database to this program's version, and opens the store. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>,
    /// <see cref="RefusalCodes.StoreUnreachable"/>, <see cref="RefusalCodes.StoreNotWritable"/>,
    /// <see cref="RefusalCodes.StoreVersionNewer"/> or <see cref="RefusalCodes.StoreCorrupt"/>.</summary>
    public static async Task<PostgresStore> Open(
        string connectionString, TimeProvider time, ILoggerFactory logs, CancellationToken cancel = default)
    {
        var to = PostgresDatabase.Parse(connectionString);
        var name = $"{to.Database ?? to.Username}@{to.Host}";
        var log = logs.CreateLogger<PostgresStore>();
        var database = PostgresDatabase.Connect(to, time);
        try
        {
            await database.Hold(session => session.Run("SELECT 1"), cancel, e => e); // Once: not tried again and again.
            var version = await PostgresMigrator.Migrate(database, name, time, log, cancel);
            StorageLog.Opened(log, name, version);
            return new(database, name, log);
        }
        catch (Exception e)
        {
            await database.DisposeAsync();
            if (PostgresFaults.ExplainOpening(e, to) is RefusedException refused && !ReferenceEquals(e, refused))
            {
                throw refused;
            }

            throw;
        }
    }

    /// <summary>Carries through the writes that are waiting and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _ledger.DisposeAsync();
        await _events.DisposeAsync();
        await _database.DisposeAsync();
        StorageLog.Closed(_log, Name);
    }
}
