namespace CouponGrains.Storage;

/// <summary>The sums that both stores make alike; parameters are written as each store writes them.</summary>
internal static class ReportQueries
{
    /// <summary>campaign, day, kind, count, amount, currency of the events of coupons after a place, up to
    /// one.</summary>
    public static string Count(string after, string upTo, string firstKind) => $"""
        SELECT o.campaign_id, e.at / {TimeSpan.TicksPerDay} AS day, e.kind, count(*),
          CAST(coalesce(sum(e.amount), 0) AS bigint), b.currency
        FROM events e JOIN offers o ON o.id = e.offer_id JOIN budgets b ON b.campaign_id = o.campaign_id
        WHERE e.seq > {after} AND e.seq <= {upTo} AND e.kind >= {firstKind}
        GROUP BY o.campaign_id, e.at / {TimeSpan.TicksPerDay}, e.kind, b.currency
        """;

    /// <summary>day, redeemed, spent, reserved of a campaign, in the order of the days.</summary>
    public static string BudgetDays(string campaign) =>
        $"SELECT day, redeemed, spent, reserved FROM budget_days WHERE campaign_id = {campaign} ORDER BY day";

    /// <summary>The day of a number of days since 0001-01-01.</summary>
    public static DateTimeOffset Midnight(long day) => new(day * TimeSpan.TicksPerDay, TimeSpan.Zero);
}
