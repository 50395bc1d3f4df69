using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Storage.Sqlite.Ledger;

// The rows of budgets and of their days.
internal sealed partial class SqliteRows
{
    public BudgetUse Budget(CampaignId id) => FindBudget(id)
        ?? throw new InvalidOperationException("A campaign has a budget.");

    /// <summary>What has been used of a campaign's budget, or null if there is no such campaign.</summary>
    public BudgetUse? FindBudget(CampaignId id) => SqliteCampaignStore.FindBudget(session, id);

    public IReadOnlyList<LimitUse> Uses(Campaign campaign, UserId user, int day) =>
        [.. campaign.Limits.Select(limit => Use(campaign.Id, limit, user, LimitRules.DaysOf(limit.Period, day)))];

    public int ToldShare(CampaignId campaign) =>
        session["SELECT told FROM budgets WHERE campaign_id = ?"].Bind(campaign.Value).First(row => row.Int32(0));

    public void NoteToldShare(CampaignId campaign, int percent) =>
        session["UPDATE budgets SET told = ? WHERE campaign_id = ?"].Bind(percent).Bind(campaign.Value).Run();

    private LimitUse Use(CampaignId campaign, Limit limit, UserId user, LimitDays days) =>
        limit.Per == LimitPer.User
            ? session["""
                SELECT sum(uses), sum(minor) FROM (
                  SELECT count(*) AS uses, coalesce(sum(amount - returned), 0) AS minor FROM redemptions
                  WHERE user_id = ?1 AND campaign_id = ?2 AND rolled_back_at IS NULL AND day BETWEEN ?3 AND ?4
                  UNION ALL
                  SELECT count(*), coalesce(sum(amount), 0) FROM reservations
                  WHERE user_id = ?1 AND campaign_id = ?2 AND state = 1 AND day BETWEEN ?3 AND ?4)
                """].Bind(user.Value).Bind(campaign.Value).Bind(days.First).Bind(days.Last).First(ReadUse)
            : session["""
                SELECT coalesce(sum(redeemed + held), 0), coalesce(sum(spent + reserved), 0) FROM budget_days
                WHERE campaign_id = ? AND day BETWEEN ? AND ?
                """].Bind(campaign.Value).Bind(days.First).Bind(days.Last).First(ReadUse);

    /// <summary>Moves the budget and its day. Throws if a limit stands against it, which the rules should have
    /// found.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="day">The day that it counts on.</param>
    /// <param name="spent">Minor units spent more.</param>
    /// <param name="redeemed">Redemptions in force more.</param>
    /// <param name="reserved">Minor units reserved more.</param>
    /// <param name="held">Reservations more.</param>
    /// <param name="redemptionsMax">The most redemptions and reservations, where it adds one.</param>
    private void Move(
        CampaignId campaign, int day, long spent = 0, int redeemed = 0, long reserved = 0, int held = 0,
        int? redemptionsMax = null)
    {
        var moved = session["""
            UPDATE budgets SET spent = spent + ?1, reserved = reserved + ?2, redeemed = redeemed + ?3, held = held + ?4
            WHERE campaign_id = ?5 AND (?1 + ?2 <= 0 OR ?1 + ?2 <= allowed - spent - reserved)
              AND (?6 IS NULL OR redeemed + held + ?3 + ?4 <= ?6)
            """]
            .Bind(spent).Bind(reserved).Bind(redeemed).Bind(held).Bind(campaign.Value).Bind(redemptionsMax).Run();
        Require(moved == 1, "The change does not fit into the campaign's limits.");
        var changed = session["""
            UPDATE budget_days SET spent = spent + ?, reserved = reserved + ?, redeemed = redeemed + ?, held = held + ?
            WHERE campaign_id = ? AND day = ?
            """].Bind(spent).Bind(reserved).Bind(redeemed).Bind(held).Bind(campaign.Value).Bind(day).Run();
        if (changed == 0)
        {
            session["""
                INSERT INTO budget_days (spent, reserved, redeemed, held, campaign_id, day) VALUES (?, ?, ?, ?, ?, ?)
                """].Bind(spent).Bind(reserved).Bind(redeemed).Bind(held).Bind(campaign.Value).Bind(day).Run();
        }
    }

    private static LimitUse ReadUse(SqliteStatement row) => new(row.Int64(0), row.Int64(1));
}
