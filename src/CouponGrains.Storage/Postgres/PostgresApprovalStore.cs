using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The requests for approval. Who asks holds the table until he commits: of two, the second sees the
/// first.</summary>
internal sealed class PostgresApprovalStore(PostgresDatabase database) : IApprovalStore
{
    private const string Columns = "number, wanted, asked_by, asked_at, status, decided_by, decided_at, note";

    public Task<CampaignApproval> Ask(
        Campaign wanted, Actor by, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null)
    {
        var data = StoreJson.Write(wanted);
        return database.Write(async session =>
        {
            await session.Run("LOCK TABLE campaign_approvals IN SHARE ROW EXCLUSIVE MODE");
            var known = await Find(session, wanted.Id);
            if (known.FirstOrDefault(a => a.Status == ApprovalStatus.Waiting) is { } waiting && waiting.AskedBy == by
                && StoreJson.Write(waiting.Wanted) == data)
            {
                return waiting;
            }

            await Lapse(session, wanted.Id);
            var asked = new CampaignApproval
            {
                Number = (known.FirstOrDefault()?.Number ?? 0) + 1, Wanted = wanted, AskedBy = by, AskedAt = at,
            };
            await session.Run("""
                INSERT INTO campaign_approvals (campaign_id, number, wanted, asked_by, asked_at, status)
                VALUES ($1, $2, $3, $4, $5, $6)
                """, wanted.Id.Value, asked.Number, data, by.ToString(), at.UtcTicks, (int)asked.Status);
            await PostgresAuditLog.Record(session, audit);
            return asked;
        }, cancel);
    }

    public async Task<IReadOnlyList<CampaignApproval>> List(CampaignId campaign, CancellationToken cancel) =>
        await database.Read(session => Find(session, campaign), cancel);

    public async Task<IReadOnlyList<CampaignApproval>> Waiting(CancellationToken cancel) =>
        await database.Read(session => session.All(
            $"SELECT {Columns} FROM campaign_approvals WHERE status = 1 ORDER BY asked_at, campaign_id", Read), cancel);

    public Task<bool> Decide(CampaignApproval decided, IReadOnlyList<AuditEntry> audit, CancellationToken cancel)
    {
        var data = StoreJson.Write(decided.Wanted);
        return database.Write(async session =>
        {
            // In the order in which a change of the campaign locks: first the campaign, then what waits for it.
            await session.First("SELECT true FROM campaigns WHERE id = $1 FOR UPDATE", row => true, decided.Wanted.Id.Value);
            var settled = await session.Run("""
                UPDATE campaign_approvals SET status = $1, decided_by = $2, decided_at = $3, note = $4
                WHERE campaign_id = $5 AND number = $6 AND status = 1
                """, (int)decided.Status, decided.DecidedBy?.ToString(), decided.DecidedAt?.UtcTicks,
                PostgresRow.Escape(decided.Note), decided.Wanted.Id.Value, decided.Number) == 1;
            if (!settled)
            {
                return false;
            }

            if (decided.Status == ApprovalStatus.Approved
                && !await PostgresCampaignStore.Put(session, decided.Wanted, data))
            {
                throw new RefusedException(RefusalCodes.VersionConflict, "The campaign was changed meanwhile.");
            }

            foreach (var entry in audit)
            {
                await PostgresAuditLog.Record(session, entry);
            }

            return true;
        }, cancel);
    }

    /// <summary>What waits for a campaign waits no more.</summary>
    internal static Task Lapse(PostgresSession session, CampaignId campaign) =>
        session.Run("UPDATE campaign_approvals SET status = 4 WHERE campaign_id = $1 AND status = 1", campaign.Value);

    private static Task<List<CampaignApproval>> Find(PostgresSession session, CampaignId campaign) => session.All(
        $"SELECT {Columns} FROM campaign_approvals WHERE campaign_id = $1 ORDER BY number DESC", Read, campaign.Value);

    private static CampaignApproval Read(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt32(0), Wanted = StoreJson.Read<Campaign>(row.GetString(1)),
        AskedBy = Actor.Parse(row.GetString(2))!, AskedAt = row.Instant(3), Status = (ApprovalStatus)row.GetInt32(4),
        DecidedBy = Actor.Parse(row.TextOrNull(5)), DecidedAt = row.InstantOrNull(6),
        Note = row.FreeTextOrNull(7) ?? "",
    };
}
