using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The campaigns with their budgets' limits, and the offers.</summary>
internal sealed class PostgresCampaignStore(PostgresDatabase database) : ICampaignStore
{
    internal const string BudgetColumns = "currency, allowed, spent, issued, redeemed, reserved, held";

    private const string EndLeases = """
        WITH ended AS (DELETE FROM budget_shards WHERE campaign_id = $1 RETURNING *)
        UPDATE campaign_budgets b SET spent = b.spent + e.spent, reserved = b.reserved + e.reserved,
          issued = b.issued + e.issued, redeemed = b.redeemed + e.redeemed, held = b.held + e.held
        FROM (SELECT campaign_id, sum(spent) AS spent, sum(reserved) AS reserved, sum(issued) AS issued,
          sum(redeemed) AS redeemed, sum(held) AS held FROM ended GROUP BY campaign_id) AS e
        WHERE b.campaign_id = e.campaign_id
        """;

    private const string InsertOffers = """
        INSERT INTO offers (id, campaign_id, data, review) SELECT id, campaign_id, data, $4
        FROM unnest($1::text[], $2::text[], $3::text[]) AS given (id, campaign_id, data)
        ON CONFLICT (id) DO NOTHING
        """;

    public Task<bool> Put(Campaign campaign, CancellationToken cancel, AuditEntry? audit = null)
    {
        var data = StoreJson.Write(campaign);
        return database.Write(async session =>
        {
            var put = await Put(session, campaign, data);
            await PostgresAuditLog.Record(session, put ? audit : null);
            return put;
        }, cancel);
    }

    public Task<Campaign?> Get(CampaignId id, CancellationToken cancel) => database.Read(session =>
        session.First("SELECT data FROM campaigns WHERE id = $1", row => StoreJson.Read<Campaign>(row.GetString(0)), id.Value), cancel);

    public async Task<IReadOnlyList<Campaign>> List(CancellationToken cancel) => await database.Read(session =>
        session.All("SELECT data FROM campaigns ORDER BY id", row => StoreJson.Read<Campaign>(row.GetString(0))), cancel);

    public Task<int> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null) =>
        Insert(offers, 0, audit, cancel);

    public Task<int> HoldOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null) =>
        Insert(offers, (int)ReviewStatus.Waiting, audit, cancel);

    public async Task<IReadOnlyList<OfferReview>> Reviews(CampaignId campaign, CancellationToken cancel) =>
        await database.Read(session => session.All("""
            SELECT data, review, reviewed_at, review_note FROM offers
            WHERE campaign_id = $1 AND review > 0 AND NOT withdrawn ORDER BY id
            """, row => new OfferReview(StoreJson.Read<Offer>(row.GetString(0)), (ReviewStatus)row.GetInt32(1),
                row.InstantOrNull(2), row.FreeTextOrNull(3) ?? ""), campaign.Value), cancel);

    public Task<bool> Decide(
        OfferId id, bool approved, string note, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null)
    {
        var status = approved ? ReviewStatus.Approved : ReviewStatus.Rejected;
        return database.Write(async session =>
        {
            var decided = await session.Run("""
                UPDATE offers SET review = $1, reviewed_at = $2, review_note = $3 WHERE id = $4 AND review = 1 AND NOT
                  withdrawn
                """, (int)status, at.UtcTicks, PostgresRow.Escape(note), id.Value) == 1;
            if (decided)
            {
                await PostgresCounters.Step(session, PostgresCounters.CampaignStamp);
                await PostgresAuditLog.Record(session, audit);
            }

            return decided;
        }, cancel);
    }

    public Task<bool> WithdrawOffer(
        OfferId id, CancellationToken cancel, AuditEntry? audit = null) => database.Write(async session =>
    {
        if (await session.Run("UPDATE offers SET withdrawn = true WHERE id = $1 AND NOT withdrawn", id.Value) == 1)
        {
            await PostgresCounters.Step(session, PostgresCounters.CampaignStamp);
            await PostgresAuditLog.Record(session, audit);
            return true;
        }

        return await session.First("SELECT true FROM offers WHERE id = $1", row => row.GetBoolean(0), id.Value);
    }, cancel);

    public Task<Offer?> GetOffer(OfferId id, CancellationToken cancel) => database.Read(session =>
        session.First("SELECT data FROM offers WHERE id = $1", row => StoreJson.Read<Offer>(row.GetString(0)), id.Value), cancel);

    public async Task<IReadOnlyList<Offer>> Offers(CampaignId campaign, CancellationToken cancel) =>
        await database.Read(session => session.All(
            "SELECT data FROM offers WHERE campaign_id = $1 AND NOT withdrawn AND review IN (0, 2) ORDER BY id",
            row => StoreJson.Read<Offer>(row.GetString(0)), campaign.Value), cancel);

    public Task<long> Stamp(CancellationToken cancel) =>
        PostgresCounters.Read(database, PostgresCounters.CampaignStamp, cancel);

    /// <summary>Stores a campaign in the transaction that is open; false if another revision is stored than the one
    /// before it.</summary>
    internal static async Task<bool> Put(PostgresSession session, Campaign campaign, string data)
    {
        if (!await PutRevision(session, campaign, data))
        {
            return false;
        }

        await PutBudget(session, campaign.Id, campaign.Budget);
        await PostgresApprovalStore.Lapse(session, campaign.Id);
        await PostgresCounters.Step(session, PostgresCounters.CampaignStamp);
        return true;
    }

    /// <summary>Reads <see cref="BudgetColumns"/> from a column on.</summary>
    internal static BudgetUse ReadBudget(NpgsqlDataReader row, int from)
    {
        var currency = new Currency(row.GetString(from));
        return new(new(row.GetInt64(from + 1), currency), new(row.GetInt64(from + 2), currency),
            row.GetInt64(from + 3), row.GetInt64(from + 4))
        {
            ReservedMinor = row.GetInt64(from + 5),
            Held = row.GetInt64(from + 6),
        };
    }

    private Task<int> Insert(IReadOnlyList<Offer> offers, int review, AuditEntry? audit, CancellationToken cancel)
    {
        var rows = offers.DistinctBy(offer => offer.Id).OrderBy(offer => offer.Id).ToArray();
        var campaigns = rows.Select(offer => offer.Campaign).Distinct().Order().ToArray();
        var data = Array.ConvertAll(rows, StoreJson.Write);
        return database.Write(async session =>
        {
            await RequireCampaigns(session, campaigns);
            var added = await session.Run(InsertOffers, Array.ConvertAll(rows, offer => offer.Id.Value),
                Array.ConvertAll(rows, offer => offer.Campaign.Value), data, review);
            if (added > 0)
            {
                await PostgresCounters.Step(session, PostgresCounters.CampaignStamp);
                await PostgresAuditLog.Record(session, audit);
            }

            return added;
        }, cancel);
    }

    private static async Task<bool> PutRevision(PostgresSession session, Campaign campaign, string data) =>
        campaign.Revision == 1
            ? await session.Run("INSERT INTO campaigns (id, revision, data) VALUES ($1, 1, $2) ON CONFLICT (id) DO NOTHING",
                campaign.Id.Value, data) == 1
            : await session.Run("UPDATE campaigns SET revision = revision + 1, data = $1 WHERE id = $2 AND revision = $3 - 1",
                data, campaign.Id.Value, campaign.Revision) == 1;

    /// <summary>Gives a campaign its budget as <see cref="BudgetRules"/> allows. All leases on it end: they were given
    /// by the limits that it had before.</summary>
    private static async Task PutBudget(PostgresSession session, CampaignId id, Money limit)
    {
        await session.Run("SELECT 1 FROM campaign_budgets WHERE campaign_id = $1 FOR NO KEY UPDATE", id.Value);
        await session.Run(EndLeases, id.Value);
        var use = await session.First(
            $"SELECT {BudgetColumns} FROM campaign_budgets WHERE campaign_id = $1", row => ReadBudget(row, 0), id.Value);
        var hasOffers = await session.First(
            "SELECT true FROM offers WHERE campaign_id = $1 LIMIT 1", row => row.GetBoolean(0), id.Value);
        if (BudgetRules.CheckChange(use, hasOffers, limit) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        await session.Run("""
            INSERT INTO campaign_budgets (campaign_id, currency, allowed) VALUES ($1, $2, $3)
            ON CONFLICT (campaign_id) DO UPDATE SET currency = excluded.currency, allowed = excluded.allowed
            """, id.Value, limit.Currency.Code, limit.Minor);
        if (BudgetRules.ToldShare(use, limit) is { } told)
        {
            await session.Run("UPDATE campaign_budgets SET told = $1 WHERE campaign_id = $2", told, id.Value);
        }
    }

    /// <summary>Locks the campaigns against a change: what offers are checked against stays so until they are
    /// in.</summary>
    private static async Task RequireCampaigns(PostgresSession session, CampaignId[] campaigns)
    {
        var known = await session.All("SELECT id FROM campaigns WHERE id = ANY ($1) ORDER BY id FOR SHARE",
            row => new CampaignId(row.GetString(0)), [Array.ConvertAll(campaigns, id => id.Value)]);
        if (campaigns.Except(known).FirstOrDefault() is { Value: not null } unknown)
        {
            throw new RefusedException(RefusalCodes.UnknownCampaign, $"There is no campaign {unknown}.");
        }
    }
}
