using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Schema;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>Checks the balances of a PostgreSQL store and the chain of operators' changes, also of one that silos have
/// open.</summary>
public static class PostgresAudit
{
    private const int ChainPage = 1_000;

    /// <summary>Of this store alone: the others keep a campaign's budget on one row.</summary>
    private static readonly LedgerIdentity Leases = new(
        "leases", "spent + reserved + leased ≤ budget, and so the redemptions, for each campaign", """
        SELECT 'campaign ' || b.campaign_id || ': budget ' || b.allowed || ', spent ' || b.spent || ', reserved '
            || b.reserved || ', leased ' || b.leased || '; redemptions ' || b.redeemed || ', held ' || b.held
            || ', leased ' || b.leased_uses || ' of ' || coalesce(m.redemptions_max, 'any') AS what,
          b.spent + b.reserved + b.leased <= b.allowed AND (b.leased_uses = 0
            OR b.redeemed + b.held + b.leased_uses <= coalesce(m.redemptions_max::bigint, b.leased_uses
              + b.redeemed + b.held)) AS holds
        FROM budgets b JOIN (
          SELECT id, data::json ->> 'redemptionsMax' AS redemptions_max FROM campaigns) AS m ON m.id = b.campaign_id
        """);

    /// <summary>Reads the store of a connection string in one read-only transaction and checks it. Writes nothing, and
    /// locks nobody out. <paramref name="noted"/> is a head of the chain that was noted earlier. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>,
    /// <see cref="RefusalCodes.StoreUnreachable"/>, <see cref="RefusalCodes.FileNotUsable"/> if there is no store in
    /// the database, or <see cref="RefusalCodes.StoreVersionNewer"/> if its version is not this program's.</summary>
    public static async Task<LedgerAudit> Run(
        string connectionString, TimeProvider time, CancellationToken cancel, AuditHead? noted = null)
    {
        var to = PostgresDatabase.Parse(connectionString);
        to.CommandTimeout = 0; // A large store is read for as long as it takes.
        await using var database = PostgresDatabase.Connect(to, time);
        await database.Hold(session => session.Run("SELECT 1"), cancel, e => PostgresFaults.ExplainOpening(e, to));
        return await database.ReadMoment(async session =>
        {
            await session.Run("SET TRANSACTION READ ONLY");
            await RequireVersion(session, PostgresFaults.NameOf(to));
            return await Run(session) with { Chain = await Chain(session, noted) };
        }, cancel);
    }

    /// <summary>Checks every identity in the transaction that is open.</summary>
    internal static async Task<LedgerAudit> Run(PostgresSession session)
    {
        var audited = new List<AuditedIdentity>();
        foreach (var identity in LedgerIdentities.All.Append(Leases))
        {
            var rows = $"({identity.Rows}) AS rows";
            audited.Add(new(identity.Name, identity.Statement,
                await session.First($"SELECT count(*) FROM {rows}", row => row.GetInt64(0)),
                await session.All(
                    $"SELECT what FROM {rows} WHERE NOT holds LIMIT {LedgerAudit.RowsMax}", row => row.GetString(0))));
        }

        audited.Add(LimitAudit.Run(
            await session.All("SELECT data FROM campaigns ORDER BY id", row => StoreJson.Read<Campaign>(row.GetString(0))),
            await session.All(LedgerIdentities.DayUses, row => new DayUse(
                new(row.GetString(0)), new(row.GetString(1)), row.GetInt32(2), new(row.GetInt64(3), row.GetInt64(4)))),
            await session.All(LedgerIdentities.UserIssues, row => new UserIssues(
                new(row.GetString(0)), new(row.GetString(1)), row.GetInt64(2)))));
        return new(audited);
    }

    /// <summary>Looks at every record of a change.</summary>
    private static async Task<AuditCheck> Chain(PostgresSession session, AuditHead? noted)
    {
        var check = AuditCheck.Begin;
        while (check.Holds && await PostgresAuditLog.Read(session, check.Head.Number, ChainPage) is { Count: > 0 } page)
        {
            check = page.Aggregate(check, (sofar, next) => sofar.With(next, noted));
        }

        return check.Upto((await PostgresAuditLog.ReadHead(session)).Number, noted);
    }

    private static async Task RequireVersion(PostgresSession session, string name)
    {
        var known = Migrations.In("Postgres").Count;
        try
        {
            var version = await session.First("SELECT max(version) FROM store_version", row => row.GetInt32(0));
            if (version > known)
            {
                throw new RefusedException(RefusalCodes.StoreVersionNewer,
                    $"The store {name} has version {version}, but this program audits version {known}.");
            }

            if (version < known)
            {
                throw new RefusedException(RefusalCodes.FileNotUsable,
                    $"The store {name} has version {version}, but this program audits version {known}: start a silo of it first.");
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new RefusedException(RefusalCodes.FileNotUsable, $"There is no store in {name}.");
        }
    }
}
