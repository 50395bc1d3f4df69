using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The campaigns with their budgets' limits, and the offers.</summary>
internal sealed class SqliteCampaignStore(SqliteWriter writer, SqliteReaders readers) : ICampaignStore
{
    public Task<bool> Put(Campaign campaign, CancellationToken cancel, AuditEntry? audit = null)
    {
        var data = StoreJson.Write(campaign);
        return writer.Write(session =>
        {
            var put = Put(session, campaign, data);
            SqliteAuditLog.Record(session, put ? audit : null);
            return put;
        }, cancel);
    }

    public Task<Campaign?> Get(CampaignId id, CancellationToken cancel) =>
        readers.Read(session => Find(session, id), cancel);

    public Task<IReadOnlyList<Campaign>> List(CancellationToken cancel) => readers.Read<IReadOnlyList<Campaign>>(
        session => session["SELECT data FROM campaigns ORDER BY id"].All(row => StoreJson.Read<Campaign>(row.Text(0))), cancel);

    public Task<int> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null) =>
        Insert(offers, 0, audit, cancel);

    public Task<int> HoldOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null) =>
        Insert(offers, (int)ReviewStatus.Waiting, audit, cancel);

    public Task<IReadOnlyList<OfferReview>> Reviews(CampaignId campaign, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<OfferReview>>(session => session["""
            SELECT data, review, reviewed_at, review_note FROM offers
            WHERE campaign_id = ? AND review > 0 AND withdrawn = 0 ORDER BY id
            """].Bind(campaign.Value).All(row => new OfferReview(
                StoreJson.Read<Offer>(row.Text(0)), (ReviewStatus)row.Int32(1), row.InstantOrNull(2), row.Text(3))), cancel);

    public Task<bool> Decide(
        OfferId id, bool approved, string note, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null)
    {
        var status = approved ? ReviewStatus.Approved : ReviewStatus.Rejected;
        return writer.Write(session =>
        {
            var decided = session["""
                UPDATE offers SET review = ?, reviewed_at = ?, review_note = ? WHERE id = ? AND review = 1 AND withdrawn = 0
                """].Bind((int)status).Bind(at).Bind(note).Bind(id.Value).Run() == 1;
            if (decided)
            {
                SqliteCounters.Add(session, SqliteCounters.CampaignStamp, 1);
                SqliteAuditLog.Record(session, audit);
            }

            return decided;
        }, cancel);
    }

    private Task<int> Insert(IReadOnlyList<Offer> offers, int review, AuditEntry? audit, CancellationToken cancel)
    {
        var rows = offers.Select(offer => (Offer: offer, Data: StoreJson.Write(offer))).ToList();
        return writer.Write(session =>
        {
            var added = 0;
            foreach (var (offer, data) in rows)
            {
                RequireCampaign(session, offer.Campaign);
                added += session["""
                    INSERT INTO offers (id, campaign_id, data, review) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                    """].Bind(offer.Id.Value).Bind(offer.Campaign.Value).Bind(data).Bind(review).Run();
            }

            if (added > 0)
            {
                SqliteCounters.Add(session, SqliteCounters.CampaignStamp, 1);
                SqliteAuditLog.Record(session, audit);
            }

            return added;
        }, cancel);
    }

    public Task<bool> WithdrawOffer(OfferId id, CancellationToken cancel, AuditEntry? audit = null) => writer.Write(session =>
    {
        if (session["UPDATE offers SET withdrawn = 1 WHERE id = ? AND withdrawn = 0"].Bind(id.Value).Run() == 1)
        {
            SqliteCounters.Add(session, SqliteCounters.CampaignStamp, 1);
            SqliteAuditLog.Record(session, audit);
        }

        return FindOffer(session, id) is not null;
    }, cancel);

    public Task<Offer?> GetOffer(OfferId id, CancellationToken cancel) =>
        readers.Read(session => FindOffer(session, id)?.Offer, cancel);

    public Task<IReadOnlyList<Offer>> Offers(CampaignId campaign, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<Offer>>(
            session => session["SELECT data FROM offers WHERE campaign_id = ? AND withdrawn = 0 AND review IN (0, 2) ORDER BY id"]
                .Bind(campaign.Value).All(row => StoreJson.Read<Offer>(row.Text(0))), cancel);

    public Task<long> Stamp(CancellationToken cancel) =>
        readers.Read(session => SqliteCounters.Read(session, SqliteCounters.CampaignStamp), cancel);

    /// <summary>Stores a campaign in the transaction that is open; false if another revision is stored than the one
    /// before it.</summary>
    internal static bool Put(SqliteSession session, Campaign campaign, string data)
    {
        if (!PutRevision(session, campaign, data))
        {
            return false;
        }

        PutBudget(session, campaign.Id, campaign.Budget);
        SqliteApprovalStore.Lapse(session, campaign.Id);
        SqliteCounters.Add(session, SqliteCounters.CampaignStamp, 1);
        return true;
    }

    internal static Campaign? Find(SqliteSession session, CampaignId id) =>
        session["SELECT data FROM campaigns WHERE id = ?"].Bind(id.Value).First(row => StoreJson.Read<Campaign>(row.Text(0)));

    internal static StoredOffer? FindOffer(SqliteSession session, OfferId id) =>
        session["SELECT data, withdrawn, issued, review FROM offers WHERE id = ?"].Bind(id.Value)
            .First(row => new StoredOffer(StoreJson.Read<Offer>(row.Text(0)), row.Int32(1) == 1, row.Int64(2),
                row.Int32(3) is (int)ReviewStatus.Waiting or (int)ReviewStatus.Rejected));

    internal static BudgetUse? FindBudget(SqliteSession session, CampaignId id) =>
        session["SELECT currency, allowed, spent, issued, redeemed, reserved, held FROM budgets WHERE campaign_id = ?"]
            .Bind(id.Value)
            .First(row =>
            {
                var currency = new Currency(row.Text(0));
                return new BudgetUse(new(row.Int64(1), currency), new(row.Int64(2), currency), row.Int64(3), row.Int64(4))
                {
                    ReservedMinor = row.Int64(5), Held = row.Int64(6),
                };
            });

    private static bool PutRevision(SqliteSession session, Campaign campaign, string data) => campaign.Revision == 1
        ? session["INSERT INTO campaigns (id, revision, data) VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING"]
            .Bind(campaign.Id.Value).Bind(data).Run() == 1
        : session["UPDATE campaigns SET revision = revision + 1, data = ? WHERE id = ? AND revision = ? - 1"]
            .Bind(data).Bind(campaign.Id.Value).Bind(campaign.Revision).Run() == 1;

    /// <summary>Gives a campaign its budget as <see cref="BudgetRules"/> allows.</summary>
    private static void PutBudget(SqliteSession session, CampaignId id, Money limit)
    {
        var use = FindBudget(session, id);
        if (BudgetRules.CheckChange(use, HasOffers(session, id), limit) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        session["""
            INSERT INTO budgets (campaign_id, currency, allowed) VALUES (?, ?, ?)
            ON CONFLICT (campaign_id) DO UPDATE SET currency = excluded.currency, allowed = excluded.allowed
            """].Bind(id.Value).Bind(limit.Currency.Code).Bind(limit.Minor).Run();
        if (BudgetRules.ToldShare(use, limit) is { } told)
        {
            session["UPDATE budgets SET told = ? WHERE campaign_id = ?"].Bind(told).Bind(id.Value).Run();
        }
    }

    private static bool HasOffers(SqliteSession session, CampaignId id) =>
        session["SELECT EXISTS (SELECT 1 FROM offers WHERE campaign_id = ?)"].Bind(id.Value).First(row => row.Int32(0)) == 1;

    private static void RequireCampaign(SqliteSession session, CampaignId id)
    {
        if (session["SELECT 1 FROM campaigns WHERE id = ?"].Bind(id.Value).First(row => row.Int64(0)) == 0)
        {
            throw new RefusedException(RefusalCodes.UnknownCampaign, $"There is no campaign {id}.");
        }
    }
}
