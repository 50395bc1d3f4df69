using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>Codes made in advance.</summary>
internal sealed class PostgresCodeStore(PostgresDatabase database) : ICodeStore
{
    private const string Columns = "campaign_id, name, offer_id, wanted, made, claimed, at";

    internal const string SelectShared = "SELECT code, campaign_id, offer_id, at FROM shared_codes WHERE ";

    private const string Select = $"SELECT {Columns} FROM code_batches WHERE campaign_id = $1 AND name = $2";

    public Task<CodeBatchAnswer> Order(
        CodeOrder order, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(session => Order(session, order, now, audit), cancel);

    /// <summary>The batch is locked: of two who make codes of it the second goes on behind the first.</summary>
    public Task<CodeBatch?> Make(CampaignId campaign, string name, int count, CancellationToken cancel) =>
        database.Write(async session =>
        {
            if (!IdRules.IsValid(name)
                || await session.First(Select + " FOR UPDATE", Read, campaign.Value, name) is not { } batch)
            {
                return null;
            }

            var more = Math.Min(batch.Wanted - batch.Made, Math.Clamp(count, 0, CodeRules.StepMax));
            // With 70 random bits a code that is taken is never met; should it be, the tables refuse it.
            string[] codes = [.. Enumerable.Range(0, more).Select(_ => CouponCode.New())];
            await session.Run("""
                INSERT INTO codes (code, batch, number) SELECT given.code, b.number, b.made + given.place
                FROM code_batches b, unnest($3::text[]) WITH ORDINALITY AS given (code, place)
                WHERE b.campaign_id = $1 AND b.name = $2
                """, campaign.Value, name, codes);
            await session.Run("UPDATE code_batches SET made = made + $3 WHERE campaign_id = $1 AND name = $2",
                campaign.Value, name, more);
            return batch with { Made = batch.Made + more };
        }, cancel);

    public async Task<IReadOnlyList<CodeBatch>> Batches(CampaignId campaign, CancellationToken cancel) =>
        await database.Read(session => session.All(
            $"SELECT {Columns} FROM code_batches WHERE campaign_id = $1 ORDER BY number", Read, campaign.Value), cancel);

    public async Task<IReadOnlyList<string>> Codes(
        CampaignId campaign, string name, int after, int limit, CancellationToken cancel) => !IdRules.IsValid(name) ? []
        : await database.Read(session => session.All("""
            SELECT c.code FROM code_batches b JOIN codes c ON c.batch = b.number
            WHERE b.campaign_id = $1 AND b.name = $2 AND c.number > $3 ORDER BY c.number LIMIT $4
            """, row => row.GetString(0), campaign.Value, name, after, Math.Clamp(limit, 0, CodeRules.StepMax)), cancel);

    public Task<SharedCodeAnswer> Share(
        SharedCodeOrder order, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null) =>
        database.Write(session => Share(session, order, now, audit), cancel);

    public async Task<IReadOnlyList<SharedCode>> Shared(CampaignId campaign, CancellationToken cancel) =>
        await database.Read(session => session.All(
            SelectShared + "campaign_id = $1 ORDER BY code", ReadShared, campaign.Value), cancel);

    internal static SharedCode ReadShared(NpgsqlDataReader row) =>
        new(row.GetString(0), new(row.GetString(1)), new(row.GetString(2)), row.Instant(3));

    private static async Task<CodeBatchAnswer> Order(
        PostgresSession session, CodeOrder order, DateTimeOffset now, AuditEntry? audit)
    {
        if (CodeRules.Check(order) is { } wrong)
        {
            return new(null, wrong);
        }

        if (await session.First(Select, Read, order.Campaign.Value, order.Name) is { } known)
        {
            return CodeRules.Repeat(order, known);
        }

        // Added where there is such an offer; of two with one name the second finds the first.
        var added = await session.Run("""
            INSERT INTO code_batches (campaign_id, name, offer_id, wanted, at)
            SELECT campaign_id, $3, id, $4, $5 FROM offers
            WHERE id = $1 AND campaign_id = $2 AND NOT withdrawn AND review IN (0, 2)
            ON CONFLICT (campaign_id, name) DO NOTHING
            """, order.Offer.Value, order.Campaign.Value, order.Name, order.Count, now.UtcTicks);
        await PostgresAuditLog.Record(session, added == 1 ? audit : null);
        return await session.First(Select, Read, order.Campaign.Value, order.Name) is { } batch
            ? CodeRules.Repeat(order, batch)
            : new(null, CodeRules.UnknownOffer(order.Campaign, order.Offer));
    }

    private static async Task<SharedCodeAnswer> Share(
        PostgresSession session, SharedCodeOrder order, DateTimeOffset now, AuditEntry? audit)
    {
        if (SharedCodes.Check(order) is { } wrong)
        {
            return new(null, wrong);
        }

        var code = SharedCodes.Normalise(order.Code)!;
        var added = await session.Run("""
            INSERT INTO shared_codes (code, campaign_id, offer_id, at)
            SELECT $3, campaign_id, id, $4 FROM offers
            WHERE id = $1 AND campaign_id = $2 AND NOT withdrawn AND review IN (0, 2)
              AND NOT EXISTS (SELECT 1 FROM shared_codes WHERE code = $3)
            ON CONFLICT (code) DO NOTHING
            """, order.Offer.Value, order.Campaign.Value, code, now.UtcTicks);
        await PostgresAuditLog.Record(session, added == 1 ? audit : null);
        return await session.First(SelectShared + "code = $1", ReadShared, code) is { } known
            ? SharedCodes.Repeat(order, known)
            : new(null, CodeRules.UnknownOffer(order.Campaign, order.Offer));
    }

    private static CodeBatch Read(NpgsqlDataReader row) => new()
    {
        Campaign = new(row.GetString(0)),
        Name = row.GetString(1),
        Offer = new(row.GetString(2)),
        Wanted = row.GetInt32(3),
        Made = row.GetInt32(4),
        Claimed = row.GetInt32(5),
        At = row.Instant(6),
    };
}
