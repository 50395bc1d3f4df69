using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Storage.Sqlite;

/// <summary>A change of a campaign's balances.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Day">The day that it counts on.</param>
internal readonly record struct BudgetMove(CampaignId Campaign, int Day)
{
    /// <summary>Minor units spent more.</summary>
    public long Spent { get; init; }

    /// <summary>Redemptions in force more.</summary>
    public int Redeemed { get; init; }

    /// <summary>Minor units reserved more.</summary>
    public long Reserved { get; init; }

    /// <summary>Reservations more.</summary>
    public int Held { get; init; }
}

/// <summary>The rows of budgets and of their days. With one writer a campaign needs no more than one row; where several
/// write, it is spread over shards by <see cref="BudgetShards"/>.</summary>
internal static class SqliteBudgets
{
    /// <summary>Moves the budget and its day. Throws if a limit stands against it, which the rules should have
    /// found.</summary>
    /// <param name="session">The writer's connection.</param>
    /// <param name="move">The change.</param>
    /// <param name="redemptionsMax">The most redemptions and reservations, where it adds one.</param>
    public static void Move(SqliteSession session, BudgetMove move, int? redemptionsMax = null)
    {
        var moved = session["""
            UPDATE budgets SET spent = spent + ?1, reserved = reserved + ?2, redeemed = redeemed + ?3, held = held + ?4
            WHERE campaign_id = ?5 AND (?1 + ?2 <= 0 OR ?1 + ?2 <= allowed - spent - reserved)
              AND (?6 IS NULL OR redeemed + held + ?3 + ?4 <= ?6)
            """]
            .Bind(move.Spent).Bind(move.Reserved).Bind(move.Redeemed).Bind(move.Held).Bind(move.Campaign.Value)
            .Bind(redemptionsMax).Run();
        Require(moved == 1, "The change does not fit into the campaign's limits.");
        var day = session["""
            UPDATE budget_days SET spent = spent + ?, reserved = reserved + ?, redeemed = redeemed + ?, held = held + ?
            WHERE campaign_id = ? AND day = ?
            """].Bind(move.Spent).Bind(move.Reserved).Bind(move.Redeemed).Bind(move.Held).Bind(move.Campaign.Value)
            .Bind(move.Day).Run();
        if (day == 0)
        {
            session["""
                INSERT INTO budget_days (campaign_id, day, spent, reserved, redeemed, held) VALUES (?, ?, ?, ?, ?, ?)
                """].Bind(move.Campaign.Value).Bind(move.Day).Bind(move.Spent).Bind(move.Reserved).Bind(move.Redeemed)
                .Bind(move.Held).Run();
        }
    }

    /// <summary>What has been used of each of the campaign's limits on the day, in their order.</summary>
    public static IReadOnlyList<LimitUse> Uses(SqliteSession session, Campaign campaign, UserId user, int day) =>
        [.. campaign.Limits.Select(limit => Use(session, campaign.Id, limit, user, LimitRules.DaysOf(limit.Period, day)))];

    private static LimitUse Use(SqliteSession session, CampaignId campaign, Limit limit, UserId user, LimitDays days) =>
        limit.Per == LimitPer.User
            ? session["""
                SELECT sum(uses), sum(minor) FROM (
                  SELECT count(*) AS uses, coalesce(sum(amount - returned), 0) AS minor FROM redemptions
                  WHERE user_id = ?1 AND campaign_id = ?2 AND rolled_back_at IS NULL AND day BETWEEN ?3 AND ?4
                  UNION ALL
                  SELECT count(*), coalesce(sum(amount), 0) FROM reservations
                  WHERE user_id = ?1 AND campaign_id = ?2 AND state = 1 AND day BETWEEN ?3 AND ?4)
                """].Bind(user.Value).Bind(campaign.Value).Bind(days.First).Bind(days.Last).First(Read)
            : session["""
                SELECT coalesce(sum(redeemed + held), 0), coalesce(sum(spent + reserved), 0) FROM budget_days
                WHERE campaign_id = ? AND day BETWEEN ? AND ?
                """].Bind(campaign.Value).Bind(days.First).Bind(days.Last).First(Read);

    private static LimitUse Read(SqliteStatement row) => new(row.Int64(0), row.Int64(1));

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
