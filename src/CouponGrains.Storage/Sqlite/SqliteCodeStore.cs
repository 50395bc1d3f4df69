using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Codes made in advance.</summary>
internal sealed class SqliteCodeStore(SqliteWriter writer, SqliteReaders readers) : ICodeStore
{
    internal const string SharedColumns = "code, campaign_id, offer_id, at";

    private const string Columns = "campaign_id, name, offer_id, wanted, made, claimed, at";

    public Task<CodeBatchAnswer> Order(
        CodeOrder order, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null) =>
        writer.Write(session => Order(session, order, now, audit), cancel);

    public Task<CodeBatch?> Make(CampaignId campaign, string name, int count, CancellationToken cancel) =>
        writer.Write(session => Make(session, campaign, name, count), cancel);

    public Task<IReadOnlyList<CodeBatch>> Batches(CampaignId campaign, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<CodeBatch>>(session =>
            session[$"SELECT {Columns} FROM code_batches WHERE campaign_id = ? ORDER BY number"].Bind(campaign.Value)
                .All(Read), cancel);

    public Task<IReadOnlyList<string>> Codes(
        CampaignId campaign, string name, int after, int limit, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<string>>(session => session["""
            SELECT code FROM codes
            WHERE batch = (SELECT number FROM code_batches WHERE campaign_id = ? AND name = ?) AND number > ?
            ORDER BY number LIMIT ?
            """].Bind(campaign.Value).Bind(name).Bind(after).Bind(Math.Clamp(limit, 0, CodeRules.StepMax))
            .All(row => row.Text(0)), cancel);

    public Task<SharedCodeAnswer> Share(
        SharedCodeOrder order, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null) =>
        writer.Write(session => Share(session, order, now, audit), cancel);

    public Task<IReadOnlyList<SharedCode>> Shared(CampaignId campaign, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<SharedCode>>(session =>
            session[$"SELECT {SharedColumns} FROM shared_codes WHERE campaign_id = ? ORDER BY code"].Bind(campaign.Value)
                .All(ReadShared), cancel);

    internal static SharedCode ReadShared(SqliteStatement row) =>
        new(row.Text(0), new(row.Text(1)), new(row.Text(2)), row.Instant(3));

    private static SharedCodeAnswer Share(SqliteSession session, SharedCodeOrder order, DateTimeOffset now, AuditEntry? audit)
    {
        if (SharedCodes.Check(order) is { } wrong)
        {
            return new(null, wrong);
        }

        var code = SharedCodes.Normalise(order.Code)!;
        if (session[$"SELECT {SharedColumns} FROM shared_codes WHERE code = ?"].Bind(code).First(ReadShared) is { } known)
        {
            return SharedCodes.Repeat(order, known);
        }

        if (!IsInForce(session, order.Campaign, order.Offer))
        {
            return new(null, CodeRules.UnknownOffer(order.Campaign, order.Offer));
        }

        session["INSERT INTO shared_codes (code, campaign_id, offer_id, at) VALUES (?, ?, ?, ?)"]
            .Bind(code).Bind(order.Campaign.Value).Bind(order.Offer.Value).Bind(now).Run();
        SqliteAuditLog.Record(session, audit);
        return new(new(code, order.Campaign, order.Offer, now), null);
    }

    private static bool IsInForce(SqliteSession session, CampaignId campaign, OfferId offer) =>
        SqliteCampaignStore.FindOffer(session, offer) is { Withdrawn: false, Held: false } stored
            && stored.Offer.Campaign == campaign;

    /// <summary>A code that no coupon has, and none that was made in advance.</summary>
    private static string Free(SqliteSession session)
    {
        while (true)
        {
            var code = CouponCode.New();
            if (session["""
                SELECT EXISTS (SELECT 1 FROM coupons WHERE code = ?1) OR EXISTS (SELECT 1 FROM codes WHERE code = ?1)
                """].Bind(code).First(row => row.Int32(0)) == 0)
            {
                return code;
            }
        }
    }

    private static CodeBatchAnswer Order(SqliteSession session, CodeOrder order, DateTimeOffset now, AuditEntry? audit)
    {
        if (CodeRules.Check(order) is { } wrong)
        {
            return new(null, wrong);
        }

        if (Find(session, order.Campaign, order.Name) is { } known)
        {
            return CodeRules.Repeat(order, known);
        }

        if (!IsInForce(session, order.Campaign, order.Offer))
        {
            return new(null, CodeRules.UnknownOffer(order.Campaign, order.Offer));
        }

        session["INSERT INTO code_batches (campaign_id, name, offer_id, wanted, at) VALUES (?, ?, ?, ?, ?)"]
            .Bind(order.Campaign.Value).Bind(order.Name).Bind(order.Offer.Value).Bind(order.Count).Bind(now).Run();
        SqliteAuditLog.Record(session, audit);
        return new(Find(session, order.Campaign, order.Name), null);
    }

    private static CodeBatch? Make(SqliteSession session, CampaignId campaign, string name, int count)
    {
        if (Find(session, campaign, name) is not { } batch)
        {
            return null;
        }

        var number = session["SELECT number FROM code_batches WHERE campaign_id = ? AND name = ?"]
            .Bind(campaign.Value).Bind(name).First(row => row.Int64(0));
        var until = Math.Min(batch.Wanted, batch.Made + Math.Clamp(count, 0, CodeRules.StepMax));
        for (var i = batch.Made + 1; i <= until; i++)
        {
            session["INSERT INTO codes (code, batch, number) VALUES (?, ?, ?)"]
                .Bind(Free(session)).Bind(number).Bind(i).Run();
        }

        session["UPDATE code_batches SET made = ? WHERE number = ?"].Bind(until).Bind(number).Run();
        return batch with { Made = until };
    }

    private static CodeBatch? Find(SqliteSession session, CampaignId campaign, string name) =>
        session[$"SELECT {Columns} FROM code_batches WHERE campaign_id = ? AND name = ?"]
            .Bind(campaign.Value).Bind(name).First(Read);

    private static CodeBatch Read(SqliteStatement row) => new()
    {
        Campaign = new(row.Text(0)),
        Name = row.Text(1),
        Offer = new(row.Text(2)),
        Wanted = row.Int32(3),
        Made = row.Int32(4),
        Claimed = row.Int32(5),
        At = row.Instant(6),
    };
}
