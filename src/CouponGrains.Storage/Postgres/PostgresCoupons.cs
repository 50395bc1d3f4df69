using CouponGrains.Domain.Coupons;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The rows of coupons.</summary>
internal static class PostgresCoupons
{
    public const string Columns = """
        c.code, c.user_id, c.offer_id, c.campaign_id, c.issue_key, c.state, c.issued_at, c.expires_at, c.viewed_at,
          c.claimed_at,
        c.rating, c.model, c.score, c.propensity, c.redemption_probability, c.uses_max, c.uses
        """;

    public static Coupon Read(NpgsqlDataReader row) => new()
    {
        Code = row.GetString(0),
        User = new(row.GetString(1)),
        Offer = new(row.GetString(2)),
        Campaign = new(row.GetString(3)),
        IssueKey = row.GetString(4),
        State = (CouponState)row.GetInt32(5),
        IssuedAt = row.Instant(6),
        ExpiresAt = row.Instant(7),
        ViewedAt = row.InstantOrNull(8),
        ClaimedAt = row.InstantOrNull(9),
        Rating = row.Int32OrNull(10),
        Model = new(row.GetInt64(11)),
        Score = row.GetDouble(12),
        Propensity = row.GetDouble(13),
        RedemptionProbability = row.DoubleOrNull(14),
        UsesMax = row.GetInt32(15),
        Uses = row.GetInt32(16),
    };
}
