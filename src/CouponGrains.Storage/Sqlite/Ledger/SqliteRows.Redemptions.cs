using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Sqlite.Ledger;

// The rows of redemptions, and the budgets that they move.
internal sealed partial class SqliteRows
{
    public StoredRedemption? FindRedemption(string key) =>
        session["""
            SELECT key, code, user_id, campaign_id, order_id, discount, at, rolled_back_at, request, cart, day, returned
            FROM redemptions WHERE key = ?
            """].Bind(key).First(ReadRedemption);

    /// <summary>Redemptions in the order of their keys.</summary>
    public IReadOnlyList<Redemption> Redemptions(string after, int limit) =>
        session["""
            SELECT key, code, user_id, campaign_id, order_id, discount, at, rolled_back_at, request, cart, day, returned
            FROM redemptions WHERE key > ? ORDER BY key LIMIT ?
            """].Bind(after).Bind(limit).All(row => ReadRedemption(row).Redemption);

    public int CountRedemptions(string code) =>
        session["SELECT count(*) FROM redemptions WHERE code = ?"].Bind(code).First(row => row.Int32(0));

    public int CountUsed(UserId user, CampaignId campaign) =>
        session["""
            SELECT (SELECT count(*) FROM redemptions WHERE user_id = ?1 AND campaign_id = ?2 AND rolled_back_at IS NULL)
              + (SELECT count(*) FROM reservations WHERE user_id = ?1 AND campaign_id = ?2 AND state = 1)
            """].Bind(user.Value).Bind(campaign.Value).First(row => row.Int32(0));

    public IReadOnlyList<UsedCoupon> UsedOn(UserId user, string order, DateTimeOffset now) =>
        session["""
            SELECT offers.data, used.discount, used.cart, campaigns.data, used.code FROM (
              SELECT code, discount, cart, at, key FROM redemptions
              WHERE user_id = ?1 AND order_id = ?2 AND rolled_back_at IS NULL
              UNION ALL
              SELECT code, discount, cart, at, key FROM reservations
              WHERE user_id = ?1 AND order_id = ?2 AND state = 1 AND until > ?3
            ) AS used
            JOIN coupons ON coupons.code = used.code JOIN offers ON offers.id = coupons.offer_id
            JOIN campaigns ON campaigns.id = coupons.campaign_id
            ORDER BY used.at, used.key
            """].Bind(user.Value).Bind(order).Bind(now).All(ReadUsed);

    public IReadOnlyList<RedemptionInForce> InForce(UserId user, string order) =>
        session["""
            SELECT offers.data, redemptions.discount, redemptions.cart, campaigns.data, redemptions.code, redemptions.key
            FROM redemptions
            JOIN coupons ON coupons.code = redemptions.code JOIN offers ON offers.id = coupons.offer_id
            JOIN campaigns ON campaigns.id = redemptions.campaign_id
            WHERE redemptions.user_id = ? AND redemptions.order_id = ? AND redemptions.rolled_back_at IS NULL
            ORDER BY redemptions.at, redemptions.key
            """].Bind(user.Value).Bind(order).All(row => new RedemptionInForce(row.Text(5), ReadUsed(row)));

    public void Insert(StoredRedemption stored, int? redemptionsMax)
    {
        var redemption = stored.Redemption;
        var minor = redemption.Discount.Total.Minor;
        session["""
            INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """]
            .Bind(redemption.Key).Bind(stored.Request).Bind(redemption.Code).Bind(redemption.User.Value)
            .Bind(redemption.Campaign.Value).Bind(redemption.Order).Bind(minor)
            .Bind(StoreJson.Write(redemption.Discount)).Bind(StoreJson.Write(stored.Cart)).Bind(stored.Day)
            .Bind(redemption.At)
            .Run();
        Move(redemption.Campaign, stored.Day, spent: minor, redeemed: 1, redemptionsMax: redemptionsMax);
    }

    public void RollBack(StoredRedemption stored, DateTimeOffset now)
    {
        var redemption = stored.Redemption;
        var marked = session["UPDATE redemptions SET rolled_back_at = ? WHERE key = ? AND rolled_back_at IS NULL"]
            .Bind(now).Bind(redemption.Key).Run();
        Require(marked == 1, "The redemption is rolled back already.");
        Move(redemption.Campaign, stored.Day, spent: stored.Returned - redemption.Discount.Total.Minor, redeemed: -1);
    }

    public void GiveBack(string key, long minor)
    {
        var (campaign, day) = session["""
            UPDATE redemptions SET returned = returned + ? WHERE key = ? RETURNING campaign_id, day
            """].Bind(minor).Bind(key).First<(CampaignId, int)?>(row => (new(row.Text(0)), row.Int32(1)))
            ?? throw new InvalidOperationException("There is no such redemption.");
        Move(campaign, day, spent: -minor);
    }

    private static UsedCoupon ReadUsed(SqliteStatement row)
    {
        var offer = StoreJson.Read<Offer>(row.Text(0));
        return new(offer.Stacking, StoreJson.Read<Discount>(row.Text(1)), ReadCart(row, 2))
        {
            Code = row.Text(4),
            Offer = offer,
            Guardrails = StoreJson.Read<Campaign>(row.Text(3)).Guardrails,
        };
    }

    private static StoredRedemption ReadRedemption(SqliteStatement row)
    {
        var discount = StoreJson.Read<Discount>(row.Text(5));
        var redemption = new Redemption
        {
            Key = row.Text(0),
            Code = row.Text(1),
            User = new(row.Text(2)),
            Campaign = new(row.Text(3)),
            Order = row.Text(4),
            Discount = discount,
            At = row.Instant(6),
            RolledBackAt = row.InstantOrNull(7),
        };
        return new(
            redemption, row.Bytes(8), ReadCart(row, 9) ?? new() { Currency = discount.Total.Currency, Lines = [] },
            row.Int32(10), row.Int64(11));
    }

    /// <summary>Redemptions from before step 6 of the schema have no cart.</summary>
    private static Cart? ReadCart(SqliteStatement row, int column) =>
        row.TextOrNull(column) is { } text ? StoreJson.Read<Cart>(text) : null;
}
