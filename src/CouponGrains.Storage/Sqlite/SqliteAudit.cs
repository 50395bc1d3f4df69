using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Schema;
using Microsoft.Data.Sqlite;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Checks the balances of a store and the chain of operators' changes, also of one that another process has
/// open.</summary>
public static class SqliteAudit
{
    private const int ChainPage = 1_000;

    /// <summary>Reads the store in a data folder in one transaction and checks it. Writes nothing, and does not need
    /// the folder for itself. <paramref name="noted"/> is a head of the chain that was noted
    /// earlier. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.FileNotUsable"/> if there is
    /// none, <see cref="RefusalCodes.StoreVersionNewer"/> if its version is not this program's, or
    /// <see cref="RefusalCodes.StoreCorrupt"/>.</summary>
    public static LedgerAudit Run(string folder, AuditHead? noted = null)
    {
        var path = Path.Combine(folder, SqliteStore.FileName);
        if (!File.Exists(path))
        {
            throw new RefusedException(RefusalCodes.FileNotUsable, $"There is no store {path}.");
        }

        try
        {
            using var session = SqliteSession.OpenReader(path);
            session["BEGIN"].Run();
            var known = Migrations.In("Sqlite").Count;
            var version = session["SELECT max(version) FROM store_version"].First(row => row.Int32(0));
            if (version != known)
            {
                throw new RefusedException(RefusalCodes.StoreVersionNewer,
                    $"The store {path} has version {version}, but this program audits version {known}.");
            }

            var audit = Run(session) with { Chain = Chain(session, noted) };
            session["COMMIT"].Run();
            return audit;
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Explain(e, path);
        }
    }

    /// <summary>Checks every identity in the transaction that is open.</summary>
    internal static LedgerAudit Run(SqliteSession session) =>
        new([.. LedgerIdentities.All.Select(identity => Check(session, identity)), LimitAudit.Run(
            session["SELECT data FROM campaigns ORDER BY id"].All(row => StoreJson.Read<Campaign>(row.Text(0))),
            session[LedgerIdentities.DayUses].All(row => new DayUse(
                new(row.Text(0)), new(row.Text(1)), row.Int32(2), new(row.Int64(3), row.Int64(4)))),
            session[LedgerIdentities.UserIssues].All(row => new UserIssues(
                new(row.Text(0)), new(row.Text(1)), row.Int64(2))))]);

    /// <summary>Looks at every record of a change.</summary>
    private static AuditCheck Chain(SqliteSession session, AuditHead? noted)
    {
        var check = AuditCheck.Begin;
        while (check.Holds && SqliteAuditLog.Read(session, check.Head.Number, ChainPage) is { Count: > 0 } page)
        {
            check = page.Aggregate(check, (sofar, next) => sofar.With(next, noted));
        }

        return check.Upto(SqliteCounters.Read(session, SqliteCounters.Audit), noted);
    }

    private static AuditedIdentity Check(SqliteSession session, LedgerIdentity identity) => new(
        identity.Name, identity.Statement,
        session[$"SELECT count(*) FROM ({identity.Rows})"].First(row => row.Int64(0)),
        session[$"SELECT what FROM ({identity.Rows}) AS rows WHERE NOT holds LIMIT {LedgerAudit.RowsMax}"]
            .All(row => row.Text(0)));
}
