using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Sqlite.Ledger;

// The rows of coupons, and of the codes that become some.
internal sealed partial class SqliteRows
{
    private const string CouponColumns = """
        code, user_id, offer_id, campaign_id, issue_key, state, issued_at, expires_at, viewed_at, claimed_at, rating, model, score,
        propensity, redemption_probability, uses_max, uses
        """;

    public Coupon? FindCoupon(string? code) => CouponCode.Normalise(code) is { } normal
        ? session[$"SELECT {CouponColumns} FROM coupons WHERE code = ?"].Bind(normal).First(ReadCoupon)
        : null;

    public Coupon? FindIssued(UserId user, string issueKey) =>
        session[$"SELECT {CouponColumns} FROM coupons WHERE user_id = ? AND issue_key = ?"]
            .Bind(user.Value).Bind(issueKey).First(ReadCoupon);

    public IReadOnlyList<Coupon> DueCoupons(UserId user, DateTimeOffset now) =>
        session[$"""
            SELECT {CouponColumns} FROM coupons
            WHERE user_id = ? AND state IN (1, 2) AND expires_at <= ?
              AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.code = coupons.code AND r.state = 1)
            ORDER BY expires_at, number
            """].Bind(user.Value).Bind(now).All(ReadCoupon);

    /// <summary>Users with a coupon that runs out, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<UserId> UsersWithDue(DateTimeOffset now, int limit) =>
        session["""
            SELECT DISTINCT user_id FROM coupons WHERE state IN (1, 2) AND expires_at <= ?1
              AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.code = coupons.code AND r.state = 1 AND r.until > ?1)
            LIMIT ?2
            """].Bind(now).Bind(limit).All(row => new UserId(row.Text(0)));

    /// <summary>The user's coupons, newest first.</summary>
    public IReadOnlyList<Coupon> Wallet(UserId user, int limit) =>
        session[$"SELECT {CouponColumns} FROM coupons WHERE user_id = ? ORDER BY issued_at DESC, number DESC LIMIT ?"]
            .Bind(user.Value).Bind(limit).All(ReadCoupon);

    /// <summary>Coupons in the order of their codes.</summary>
    public IReadOnlyList<Coupon> Coupons(string after, int limit) =>
        session[$"SELECT {CouponColumns} FROM coupons WHERE code > ? ORDER BY code LIMIT ?"]
            .Bind(after).Bind(limit).All(ReadCoupon);

    public (int Open, int Issued) CountCoupons(UserId user, CampaignId campaign, DateTimeOffset now) =>
        session["""
            SELECT count(*) FILTER (WHERE state IN (1, 2) AND expires_at > ?), count(*)
            FROM coupons WHERE user_id = ? AND campaign_id = ?
            """].Bind(now).Bind(user.Value).Bind(campaign.Value).First(row => (row.Int32(0), row.Int32(1)));

    public void Insert(Coupon coupon)
    {
        session[$"INSERT INTO coupons ({CouponColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"]
            .Bind(coupon.Code).Bind(coupon.User.Value).Bind(coupon.Offer.Value).Bind(coupon.Campaign.Value)
            .Bind(coupon.IssueKey).Bind((int)coupon.State).Bind(coupon.IssuedAt).Bind(coupon.ExpiresAt)
            .Bind(coupon.ViewedAt).Bind(coupon.ClaimedAt).Bind(coupon.Rating).Bind(coupon.Model.Number)
            .Bind(coupon.Score).Bind(coupon.Propensity).Bind(coupon.RedemptionProbability)
            .Bind(coupon.UsesMax).Bind(coupon.Uses)
            .Run();
        session["UPDATE budgets SET issued = issued + 1 WHERE campaign_id = ?"].Bind(coupon.Campaign.Value).Run();
        session["UPDATE offers SET issued = issued + 1 WHERE id = ?"].Bind(coupon.Offer.Value).Run();
    }

    public Coupon Update(Coupon coupon, CouponState from)
    {
        var changed = session["""
            UPDATE coupons SET state = ?, viewed_at = ?, claimed_at = ?, rating = ?, uses = ?
            WHERE code = ? AND state = ?
            """]
            .Bind((int)coupon.State).Bind(coupon.ViewedAt).Bind(coupon.ClaimedAt).Bind(coupon.Rating).Bind(coupon.Uses)
            .Bind(coupon.Code).Bind((int)from)
            .Run();
        Require(changed == 1, $"The coupon is not {from} any more.");
        return coupon;
    }

    public FreeCode? FindFreeCode(string? code) => CouponCode.Normalise(code) is { } normal
        ? session["""
            SELECT c.code, b.offer_id FROM codes c JOIN code_batches b ON b.number = c.batch
            WHERE c.code = ? AND c.claimed_at IS NULL
            """].Bind(normal).First(row => new FreeCode(row.Text(0), new(row.Text(1))))
        : null;

    public SharedCode? FindShared(string? code) => SharedCodes.Normalise(code) is { } normal
        ? session[$"SELECT {SqliteCodeStore.SharedColumns} FROM shared_codes WHERE code = ?"].Bind(normal)
            .First(SqliteCodeStore.ReadShared)
        : null;

    public void ClaimCode(string code, DateTimeOffset now)
    {
        session["UPDATE codes SET claimed_at = ? WHERE code = ? AND claimed_at IS NULL"].Bind(now).Bind(code).Run();
        session["""
            UPDATE code_batches SET claimed = claimed + 1 WHERE number = (SELECT batch FROM codes WHERE code = ?)
            """].Bind(code).Run();
    }

    private static Coupon ReadCoupon(SqliteStatement row) => new()
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
        UsesMax = row.Int32(15),
        Uses = row.Int32(16),
    };
}
