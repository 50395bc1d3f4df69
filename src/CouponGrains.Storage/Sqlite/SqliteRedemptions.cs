using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The rows of redemptions, and the budgets that they move.</summary>
internal static class SqliteRedemptions
{
    /// <summary>A redemption with the hash of its request.</summary>
    public sealed record Stored(Redemption Redemption, byte[] Request);

    public static Stored? Find(SqliteSession session, string key) =>
        session["""
            SELECT key, code, user_id, campaign_id, order_id, discount, at, rolled_back_at, request FROM redemptions WHERE key = ?
            """].Bind(key).First(Read);

    /// <summary>How many redemptions of a coupon there were, rolled back or not.</summary>
    public static int CountOf(SqliteSession session, string code) =>
        session["SELECT count(*) FROM redemptions WHERE code = ?"].Bind(code).First(row => row.Int32(0));

    /// <summary>How many redemptions in force the user has in a campaign.</summary>
    public static int CountInForce(SqliteSession session, UserId user, CampaignId campaign) =>
        session["SELECT count(*) FROM redemptions WHERE user_id = ? AND campaign_id = ? AND rolled_back_at IS NULL"]
            .Bind(user.Value).Bind(campaign.Value).First(row => row.Int32(0));

    /// <summary>The coupons in force that the user has used on an order, in the order of their use.</summary>
    public static List<UsedCoupon> UsedOn(SqliteSession session, UserId user, string order) =>
        InForce(session, user, order).ConvertAll(r => r.Used);

    /// <summary>The same with the campaigns that pay for them.</summary>
    public static List<(CampaignId Campaign, UsedCoupon Used)> InForce(
        SqliteSession session, UserId user, string order) =>
        session["""
            SELECT offers.data, redemptions.discount, redemptions.cart, campaigns.data FROM redemptions
            JOIN coupons ON coupons.code = redemptions.code JOIN offers ON offers.id = coupons.offer_id
            JOIN campaigns ON campaigns.id = redemptions.campaign_id
            WHERE redemptions.user_id = ? AND redemptions.order_id = ? AND redemptions.rolled_back_at IS NULL
            ORDER BY redemptions.at, redemptions.key
            """].Bind(user.Value).Bind(order)
            .All(row =>
            {
                var (offer, campaign) =
                    (StoreJson.Read<Offer>(row.Text(0)), StoreJson.Read<Campaign>(row.Text(3)));
                var cart = row.TextOrNull(2) is { } text ? StoreJson.Read<Cart>(text) : null;
                return (campaign.Id, new UsedCoupon(offer.Stacking, StoreJson.Read<Discount>(row.Text(1)), cart)
                {
                    Offer = offer,
                    Guardrails = campaign.Guardrails,
                });
            });

    /// <summary>Inserts a redemption and takes its discount from the budget. Throws if a limit stands against it.</summary>
    public static void Insert(
        SqliteSession session, Redemption redemption, Cart cart, byte[] request, int? redemptionsMax)
    {
        var amount = redemption.Discount.Total;
        session["""
            INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, amount, discount, at, cart)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """]
            .Bind(redemption.Key).Bind(request).Bind(redemption.Code).Bind(redemption.User.Value)
            .Bind(redemption.Campaign.Value).Bind(redemption.Order).Bind(amount.Minor)
            .Bind(StoreJson.Write(redemption.Discount)).Bind(redemption.At).Bind(StoreJson.Write(cart))
            .Run();
        var moved = session["""
            UPDATE budgets SET spent = spent + ?1, redeemed = redeemed + 1
            WHERE campaign_id = ?2 AND currency = ?3 AND ?1 <= allowed - spent AND (?4 IS NULL OR redeemed < ?4)
            """]
            .Bind(amount.Minor).Bind(redemption.Campaign.Value).Bind(amount.Currency.Code).Bind(redemptionsMax)
            .Run();
        Require(moved == 1, "The redemption does not fit into the campaign's limits.");
    }

    /// <summary>Marks a redemption as rolled back and gives its discount back to the budget.</summary>
    public static void RollBack(SqliteSession session, Redemption redemption, DateTimeOffset now)
    {
        var marked = session["UPDATE redemptions SET rolled_back_at = ? WHERE key = ? AND rolled_back_at IS NULL"]
            .Bind(now).Bind(redemption.Key).Run();
        Require(marked == 1, "The redemption is rolled back already.");
        var moved = session["UPDATE budgets SET spent = spent - ?, redeemed = redeemed - 1 WHERE campaign_id = ?"]
            .Bind(redemption.Discount.Total.Minor).Bind(redemption.Campaign.Value).Run();
        Require(moved == 1, "The campaign has no budget.");
    }

    /// <summary>Gives a part of a discount back to the budget; its redemption stays in force.</summary>
    public static void GiveBack(SqliteSession session, CampaignId campaign, long minor)
    {
        var moved = session["UPDATE budgets SET spent = spent - ? WHERE campaign_id = ?"]
            .Bind(minor).Bind(campaign.Value).Run();
        Require(moved == 1, "The campaign has no budget.");
    }

    private static Stored Read(SqliteStatement row) => new(new()
    {
        Key = row.Text(0),
        Code = row.Text(1),
        User = new(row.Text(2)),
        Campaign = new(row.Text(3)),
        Order = row.Text(4),
        Discount = StoreJson.Read<Discount>(row.Text(5)),
        At = row.Instant(6),
        RolledBackAt = row.InstantOrNull(7),
    }, row.Bytes(8));

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
