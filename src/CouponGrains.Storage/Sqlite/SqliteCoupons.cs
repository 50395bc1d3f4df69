using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The rows of coupons.</summary>
internal static class SqliteCoupons
{
    private const string Columns = """
        code, user_id, offer_id, campaign_id, issue_key, state, issued_at, expires_at, viewed_at, claimed_at, rating, model, score,
        propensity, redemption_probability
        """;

    public static void Insert(SqliteSession session, Coupon coupon) => session[$"""
        INSERT INTO coupons ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """]
        .Bind(coupon.Code).Bind(coupon.User.Value).Bind(coupon.Offer.Value).Bind(coupon.Campaign.Value).Bind(coupon.IssueKey)
        .Bind((int)coupon.State).Bind(coupon.IssuedAt).Bind(coupon.ExpiresAt).Bind(coupon.ViewedAt).Bind(coupon.ClaimedAt)
        .Bind(coupon.Rating).Bind(coupon.Model.Number).Bind(coupon.Score).Bind(coupon.Propensity)
        .Bind(coupon.RedemptionProbability)
        .Run();

    /// <summary>Writes what may change of a coupon. Throws if it is not in the state <paramref name="from"/> any more.</summary>
    public static Coupon Update(SqliteSession session, Coupon coupon, CouponState from)
    {
        var changed = session["""
            UPDATE coupons SET state = ?, viewed_at = ?, claimed_at = ?, rating = ? WHERE code = ? AND state = ?
            """]
            .Bind((int)coupon.State).Bind(coupon.ViewedAt).Bind(coupon.ClaimedAt).Bind(coupon.Rating).Bind(coupon.Code)
            .Bind((int)from)
            .Run();
        return changed == 1 ? coupon : throw new InvalidOperationException($"The coupon is not {from} any more.");
    }

    /// <summary>The coupon of a code in any writing, or null.</summary>
    public static Coupon? Find(SqliteSession session, string? code) => CouponCode.Normalise(code) is { } normal
        ? session[$"SELECT {Columns} FROM coupons WHERE code = ?"].Bind(normal).First(Read)
        : null;

    public static Coupon? FindByKey(SqliteSession session, UserId user, string issueKey) =>
        session[$"SELECT {Columns} FROM coupons WHERE user_id = ? AND issue_key = ?"]
            .Bind(user.Value).Bind(issueKey).First(Read);

    /// <summary>The user's coupons, newest first.</summary>
    public static List<Coupon> Wallet(SqliteSession session, UserId user, int limit) =>
        session[$"SELECT {Columns} FROM coupons WHERE user_id = ? ORDER BY issued_at DESC, number DESC LIMIT ?"]
            .Bind(user.Value).Bind(limit).All(Read);

    /// <summary>The user's open coupons whose time is over, the earliest first, without those that a reservation
    /// holds.</summary>
    public static List<Coupon> Due(SqliteSession session, UserId user, DateTimeOffset now) =>
        session[$"""
            SELECT {Columns} FROM coupons
            WHERE user_id = ? AND state IN (1, 2) AND expires_at <= ?
              AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.code = coupons.code AND r.state = 1)
            ORDER BY expires_at, number
            """].Bind(user.Value).Bind(now).All(Read);

    public static List<UserId> UsersWithDue(SqliteSession session, DateTimeOffset now, int limit) =>
        session["""
            SELECT DISTINCT user_id FROM coupons WHERE state IN (1, 2) AND expires_at <= ?1
              AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.code = coupons.code AND r.state = 1 AND r.until > ?1)
            LIMIT ?2
            """].Bind(now).Bind(limit).All(row => new UserId(row.Text(0)));

    /// <summary>How many coupons of the campaign the user holds open, and was ever issued.</summary>
    public static (int Open, int Issued) Count(SqliteSession session, UserId user, CampaignId campaign, DateTimeOffset now) =>
        session["""
            SELECT count(*) FILTER (WHERE state IN (1, 2) AND expires_at > ?), count(*)
            FROM coupons WHERE user_id = ? AND campaign_id = ?
            """].Bind(now).Bind(user.Value).Bind(campaign.Value).First(row => (row.Int32(0), row.Int32(1)));

    private static Coupon Read(SqliteStatement row) => new()
    {
        Code = row.Text(0),
        User = new(row.Text(1)),
        Offer = new(row.Text(2)),
        Campaign = new(row.Text(3)),
        IssueKey = row.Text(4),
        State = (CouponState)row.Int32(5),
        IssuedAt = row.Instant(6),
        ExpiresAt = row.Instant(7),
        ViewedAt = row.InstantOrNull(8),
        ClaimedAt = row.InstantOrNull(9),
        Rating = row.Int32OrNull(10),
        Model = new(row.Int64(11)),
        Score = row.Double(12),
        Propensity = row.Double(13),
        RedemptionProbability = row.DoubleOrNull(14),
    };
}
