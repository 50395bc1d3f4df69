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
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The embedded store: every port over one SQLite file in a data folder. One process at a time owns the
/// folder; in it, any number of callers.</summary>
public sealed class SqliteStore : IAsyncDisposable
{
    /// <summary>The name of the database file in the data folder.</summary>
    public const string FileName = "coupongrains.db";

    /// <summary>The database, as those who watch it name it.</summary>
    internal const string Dialect = "sqlite";

    private const int Readers = 8;

    private readonly SqliteFolder _folder;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly ILogger _log;
    private readonly SqliteModelStore _models;
    private int _disposed;

    private SqliteStore(SqliteFolder folder, SqliteSession session, ILogger log)
    {
        _folder = folder;
        _log = log;
        _writer = new(session, log);
        _readers = new(Path.Combine(folder.Path, FileName), Readers);
        Events = new SqliteEventLog(_writer, _readers);
        Catalog = new SqliteCatalogStore(_writer, _readers);
        Users = new SqliteUserStore(_writer, _readers);
        Pseudonyms = new SqlitePseudonymStore(_writer);
        Campaigns = new SqliteCampaignStore(_writer, _readers);
        Ledger = new SqliteLedger(_writer, _readers);
        Codes = new SqliteCodeStore(_writer, _readers);
        Webhooks = new SqliteWebhookStore(_writer, _readers);
        Keys = new SqliteKeyStore(_writer, _readers);
        Reports = new SqliteReportStore(_readers);
        Approvals = new SqliteApprovalStore(_writer, _readers);
        Audit = new SqliteAuditLog(_writer, _readers);
        Imports = new SqliteImportStore(_writer, _readers);
        _models = new(_writer, _readers, log);
    }

    /// <summary>Whether it keeps what is written.</summary>
    public IStoreWrites Writes => _writer;

    /// <summary>The event log.</summary>
    public IEventLog Events { get; }

    /// <summary>The items.</summary>
    public ICatalogStore Catalog { get; }

    /// <summary>The users.</summary>
    public IUserStore Users { get; }

    /// <summary>How the users are named.</summary>
    public IPseudonymStore Pseudonyms { get; }

    /// <summary>The campaigns and their offers.</summary>
    public ICampaignStore Campaigns { get; }

    /// <summary>The coupons, redemptions and budgets.</summary>
    public ILedger Ledger { get; }

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
    public IModelStore Models => _models;

    /// <summary>Takes the data folder, creates the store in it or brings it to this program's version, and opens it.
    /// Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.StoreInUse"/>,
    /// <see cref="RefusalCodes.StoreNotWritable"/>, <see cref="RefusalCodes.StoreVersionNewer"/> or
    /// <see cref="RefusalCodes.StoreCorrupt"/>.</summary>
    public static SqliteStore Open(string folder, TimeProvider time, ILoggerFactory logs)
    {
        var log = logs.CreateLogger<SqliteStore>();
        var taken = SqliteFolder.Take(folder);
        var path = Path.Combine(folder, FileName);
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.OpenWriter(path);
            var version = SqliteMigrator.Migrate(session, path, "Sqlite", time, log);
            StorageLog.Opened(log, path, version);
            return new(taken, session, log);
        }
        catch (Exception e)
        {
            session?.Dispose();
            taken.Dispose();
            if (e is SqliteException sqlite)
            {
                throw SqliteFaults.Explain(sqlite, path);
            }

            throw;
        }
    }

    /// <summary>Carries through the writes that are waiting, closes the files and gives the folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _readers.Dispose();
        await _writer.DisposeAsync();
        _models.Dispose();
        _folder.Dispose();
        StorageLog.Closed(_log, _folder.Path);
    }
}
