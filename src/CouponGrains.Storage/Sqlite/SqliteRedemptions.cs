using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The rows of redemptions, and the budgets that they move.</summary>
internal static class SqliteRedemptions
{
    /// <summary>A redemption with the hash of its request, the day that it counts on, and what came back of
    /// it.</summary>
    public sealed record Stored(Redemption Redemption, byte[] Request, int Day, long Returned);

    public static Stored? Find(SqliteSession session, string key) =>
        session["""
            SELECT key, code, user_id, campaign_id, order_id, discount, at, rolled_back_at, request, day, returned
            FROM redemptions WHERE key = ?
            """].Bind(key).First(Read);

    /// <summary>The answer to a key that has redeemed, asked again.</summary>
    public static RedemptionAnswer Repeat(SqliteSession session, string key) => Find(session, key) switch
    {
        null => throw new InvalidOperationException("What is redeemed has its redemption."),
        { Redemption: { RolledBackAt: null } redemption } => new(RedemptionStatus.Redeemed, redemption.Discount, redemption),
        _ => new(RedemptionStatus.RolledBack),
    };

    /// <summary>How many redemptions of a coupon there were, rolled back or not.</summary>
    public static int CountOf(SqliteSession session, string code) =>
        session["SELECT count(*) FROM redemptions WHERE code = ?"].Bind(code).First(row => row.Int32(0));

    /// <summary>How many redemptions in force the user has in a campaign.</summary>
    public static int CountInForce(SqliteSession session, UserId user, CampaignId campaign) =>
        session["SELECT count(*) FROM redemptions WHERE user_id = ? AND campaign_id = ? AND rolled_back_at IS NULL"]
            .Bind(user.Value).Bind(campaign.Value).First(row => row.Int32(0));

    /// <summary>The coupons in force that the user has used, or reserved, on an order, in the order of that.</summary>
    public static List<UsedCoupon> UsedOn(SqliteSession session, UserId user, string order) =>
        session["""
            SELECT offers.data, used.discount, used.cart, campaigns.data FROM (
              SELECT code, discount, cart, at, key FROM redemptions
              WHERE user_id = ?1 AND order_id = ?2 AND rolled_back_at IS NULL
              UNION ALL
              SELECT code, discount, cart, at, key FROM reservations WHERE user_id = ?1 AND order_id = ?2 AND state = 1
            ) AS used
            JOIN coupons ON coupons.code = used.code JOIN offers ON offers.id = coupons.offer_id
            JOIN campaigns ON campaigns.id = coupons.campaign_id
            ORDER BY used.at, used.key
            """].Bind(user.Value).Bind(order).All(row => Used(row));

    /// <summary>The redemptions in force on an order, in their order: the key, who pays, the day, and the coupon.</summary>
    public static List<(string Key, CampaignId Campaign, int Day, UsedCoupon Used)> InForce(
        SqliteSession session, UserId user, string order) =>
        session["""
            SELECT offers.data, redemptions.discount, redemptions.cart, campaigns.data, redemptions.key,
              redemptions.campaign_id, redemptions.day
            FROM redemptions
            JOIN coupons ON coupons.code = redemptions.code JOIN offers ON offers.id = coupons.offer_id
            JOIN campaigns ON campaigns.id = redemptions.campaign_id
            WHERE redemptions.user_id = ? AND redemptions.order_id = ? AND redemptions.rolled_back_at IS NULL
            ORDER BY redemptions.at, redemptions.key
            """].Bind(user.Value).Bind(order)
            .All(row => (row.Text(4), new CampaignId(row.Text(5)), row.Int32(6), Used(row)));

    /// <summary>Inserts a redemption and takes its discount from the budget. Throws if a limit stands against it.</summary>
    public static void Insert(
        SqliteSession session, Redemption redemption, Cart cart, byte[] request, int day, int? redemptionsMax)
    {
        var amount = redemption.Discount.Total;
        session["""
            INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, amount, discount, at, cart, day)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """]
            .Bind(redemption.Key).Bind(request).Bind(redemption.Code).Bind(redemption.User.Value)
            .Bind(redemption.Campaign.Value).Bind(redemption.Order).Bind(amount.Minor)
            .Bind(StoreJson.Write(redemption.Discount)).Bind(redemption.At).Bind(StoreJson.Write(cart)).Bind(day)
            .Run();
        SqliteBudgets.Move(
            session, new(redemption.Campaign, day) { Spent = amount.Minor, Redeemed = 1 }, redemptionsMax);
    }

    /// <summary>Marks a redemption as rolled back and gives its discount back to the budget.</summary>
    public static void RollBack(SqliteSession session, Stored stored, DateTimeOffset now)
    {
        var redemption = stored.Redemption;
        var marked = session["UPDATE redemptions SET rolled_back_at = ? WHERE key = ? AND rolled_back_at IS NULL"]
            .Bind(now).Bind(redemption.Key).Run();
        Require(marked == 1, "The redemption is rolled back already.");
        SqliteBudgets.Move(session, new(redemption.Campaign, stored.Day)
        {
            Spent = stored.Returned - redemption.Discount.Total.Minor,
            Redeemed = -1,
        });
    }

    /// <summary>Gives a part of a discount back to the budget; its redemption stays in force.</summary>
    public static void GiveBack(SqliteSession session, string key, BudgetMove move)
    {
        var marked = session["UPDATE redemptions SET returned = returned - ? WHERE key = ?"]
            .Bind(move.Spent).Bind(key).Run();
        Require(marked == 1, "There is no such redemption.");
        SqliteBudgets.Move(session, move);
    }

    private static UsedCoupon Used(SqliteStatement row)
    {
        var offer = StoreJson.Read<Offer>(row.Text(0));
        var cart = row.TextOrNull(2) is { } text ? StoreJson.Read<Cart>(text) : null;
        return new(offer.Stacking, StoreJson.Read<Discount>(row.Text(1)), cart)
        {
            Offer = offer,
            Guardrails = StoreJson.Read<Campaign>(row.Text(3)).Guardrails,
        };
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
    }, row.Bytes(8), row.Int32(9), row.Int64(10));

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
