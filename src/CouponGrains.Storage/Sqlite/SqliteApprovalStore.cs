using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The requests for approval.</summary>
internal sealed class SqliteApprovalStore(SqliteWriter writer, SqliteReaders readers) : IApprovalStore
{
    private const string Columns = "number, wanted, asked_by, asked_at, status, decided_by, decided_at, note";

    public Task<CampaignApproval> Ask(
        Campaign wanted, Actor by, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null)
    {
        var data = StoreJson.Write(wanted);
        return writer.Write(session =>
        {
            var known = Find(session, wanted.Id);
            if (known.FirstOrDefault(a => a.Status == ApprovalStatus.Waiting) is { } waiting && waiting.AskedBy == by
                && StoreJson.Write(waiting.Wanted) == data)
            {
                return waiting;
            }

            Lapse(session, wanted.Id);
            var asked = new CampaignApproval
            {
                Number = (known.FirstOrDefault()?.Number ?? 0) + 1, Wanted = wanted, AskedBy = by, AskedAt = at,
            };
            session["""
                INSERT INTO campaign_approvals (campaign_id, number, wanted, asked_by, asked_at, status, note)
                VALUES (?, ?, ?, ?, ?, ?, '')
                """].Bind(wanted.Id.Value).Bind(asked.Number).Bind(data).Bind(by.ToString()).Bind(at)
                .Bind((int)asked.Status).Run();
            SqliteAuditLog.Record(session, audit);
            return asked;
        }, cancel);
    }

    public Task<IReadOnlyList<CampaignApproval>> List(CampaignId campaign, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<CampaignApproval>>(session => Find(session, campaign), cancel);

    public Task<IReadOnlyList<CampaignApproval>> Waiting(CancellationToken cancel) =>
        readers.Read<IReadOnlyList<CampaignApproval>>(
            session => session[$"SELECT {Columns} FROM campaign_approvals WHERE status = 1 ORDER BY asked_at, campaign_id"]
                .All(Read), cancel);

    public Task<bool> Decide(CampaignApproval decided, IReadOnlyList<AuditEntry> audit, CancellationToken cancel)
    {
        var data = StoreJson.Write(decided.Wanted);
        return writer.Write(session =>
        {
            var settled = session["""
                UPDATE campaign_approvals SET status = ?, decided_by = ?, decided_at = ?, note = ?
                WHERE campaign_id = ? AND number = ? AND status = 1
                """].Bind((int)decided.Status).Bind(decided.DecidedBy?.ToString()).Bind(decided.DecidedAt)
                .Bind(decided.Note).Bind(decided.Wanted.Id.Value).Bind(decided.Number).Run() == 1;
            if (!settled)
            {
                return false;
            }

            if (decided.Status == ApprovalStatus.Approved && !SqliteCampaignStore.Put(session, decided.Wanted, data))
            {
                throw new RefusedException(RefusalCodes.VersionConflict, "The campaign was changed meanwhile.");
            }

            foreach (var entry in audit)
            {
                SqliteAuditLog.Record(session, entry);
            }

            return true;
        }, cancel);
    }

    /// <summary>What waits for a campaign waits no more.</summary>
    internal static void Lapse(SqliteSession session, CampaignId campaign) =>
        session["UPDATE campaign_approvals SET status = 4 WHERE campaign_id = ? AND status = 1"].Bind(campaign.Value).Run();

    private static List<CampaignApproval> Find(SqliteSession session, CampaignId campaign) =>
        session[$"SELECT {Columns} FROM campaign_approvals WHERE campaign_id = ? ORDER BY number DESC"]
            .Bind(campaign.Value).All(Read);

    private static CampaignApproval Read(SqliteStatement row) => new()
    {
        Number = row.Int32(0), Wanted = StoreJson.Read<Campaign>(row.Text(1)),
        AskedBy = Actor.Parse(row.Text(2))!, AskedAt = row.Instant(3), Status = (ApprovalStatus)row.Int32(4),
        DecidedBy = Actor.Parse(row.TextOrNull(5)), DecidedAt = row.InstantOrNull(6), Note = row.Text(7),
    };
}
