namespace CouponGrains.Storage;

/// <summary>An identity of the ledger as a query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Statement">What must hold, in words.</param>
/// <param name="Rows">A query of one row for each thing checked: <c>what</c>, a text, and <c>holds</c>, a truth. Of the
/// SQL that every store understands.</param>
internal sealed record LedgerIdentity(string Name, string Statement, string Rows);

/// <summary>What must hold in every store at every moment: money, coupons, and the books that tell of them.</summary>
internal static class LedgerIdentities
{
    private const string CouponsOfCampaign = """
        SELECT campaign_id, count(*) AS issued,
          count(*) FILTER (WHERE state IN (1, 2) AND NOT holding) AS open,
          count(*) FILTER (WHERE state IN (1, 2) AND holding) AS reserved,
          count(*) FILTER (WHERE state = 3) AS redeemed,
          sum(uses) AS uses,
          count(*) FILTER (WHERE state = 4) AS expired,
          count(*) FILTER (WHERE state = 5) AS voided
        FROM (SELECT campaign_id, state, uses, EXISTS (
          SELECT 1 FROM reservations r WHERE r.code = coupons.code AND r.state = 1) AS holding FROM coupons) AS held
        GROUP BY campaign_id
        """;

    /// <summary>A query of <c>DayUse</c>: campaign, user, day, uses, minor units.</summary>
    public const string DayUses = """
        SELECT campaign_id, user_id, day, CAST(count(*) AS bigint), CAST(sum(minor) AS bigint) FROM (
          SELECT campaign_id, user_id, day, amount - returned AS minor FROM redemptions WHERE rolled_back_at IS NULL
          UNION ALL SELECT campaign_id, user_id, day, amount FROM reservations WHERE state = 1) AS used
        GROUP BY campaign_id, user_id, day ORDER BY campaign_id, user_id, day
        """;

    /// <summary>A query of <c>UserIssues</c>: campaign, user, coupons.</summary>
    public const string UserIssues = """
        SELECT campaign_id, user_id, count(*) FROM coupons GROUP BY campaign_id, user_id ORDER BY campaign_id, user_id
        """;

    /// <summary>All that one query tells, in the order in which they are told; the limits, which campaigns keep as
    /// JSON, are counted by <see cref="Domain.Redemptions.LimitAudit"/>.</summary>
    public static IReadOnlyList<LedgerIdentity> All { get; } =
    [
        new("coupons", "issued = open + reserved + redeemed + expired + voided, and redemptions = uses, for each campaign", $"""
            SELECT 'campaign ' || b.campaign_id || ': issued ' || b.issued || ', open ' || coalesce(c.open, 0)
                || ', reserved ' || coalesce(c.reserved, 0) || ', redeemed ' || coalesce(c.redeemed, 0)
                || ', expired ' || coalesce(c.expired, 0) || ', voided ' || coalesce(c.voided, 0)
                || '; redemptions ' || b.redeemed || ', uses ' || coalesce(c.uses, 0) AS what,
              b.issued = coalesce(c.open + c.reserved + c.redeemed + c.expired + c.voided, 0)
                AND b.issued = coalesce(c.issued, 0) AND b.redeemed = coalesce(c.uses, 0)
                AND b.held = coalesce(c.reserved, 0) AS holds
            FROM budgets b LEFT JOIN ({CouponsOfCampaign}) AS c ON c.campaign_id = b.campaign_id
            """),
        new("limits", "0 ≤ reserved, 0 ≤ spent, and spent + reserved ≤ budget, for each campaign", """
            SELECT 'campaign ' || campaign_id || ': budget ' || allowed || ', spent ' || spent || ', reserved '
                || reserved AS what,
              spent >= 0 AND reserved >= 0 AND held >= 0 AND spent + reserved <= allowed AS holds
            FROM budgets
            """),
        new("spent", "spent = the discounts of redemptions in force less what came back, for each campaign", """
            SELECT 'campaign ' || b.campaign_id || ': spent ' || b.spent || ' in ' || b.redeemed || ', redemptions '
                || coalesce(r.minor, 0) || ' in ' || coalesce(r.uses, 0) AS what,
              b.spent = coalesce(r.minor, 0) AND b.redeemed = coalesce(r.uses, 0) AS holds
            FROM budgets b LEFT JOIN (
              SELECT campaign_id, count(*) AS uses, sum(amount - returned) AS minor FROM redemptions
              WHERE rolled_back_at IS NULL GROUP BY campaign_id) AS r ON r.campaign_id = b.campaign_id
            """),
        new("reserved", "reserved = the discounts of reservations that hold, for each campaign", """
            SELECT 'campaign ' || b.campaign_id || ': reserved ' || b.reserved || ' in ' || b.held || ', reservations '
                || coalesce(r.minor, 0) || ' in ' || coalesce(r.uses, 0) AS what,
              b.reserved = coalesce(r.minor, 0) AND b.held = coalesce(r.uses, 0) AS holds
            FROM budgets b LEFT JOIN (
              SELECT campaign_id, count(*) AS uses, sum(amount) AS minor FROM reservations
              WHERE state = 1 GROUP BY campaign_id) AS r ON r.campaign_id = b.campaign_id
            """),
        new("days", "the days of a campaign = its redemptions and reservations of each day", """
            SELECT 'campaign ' || d.campaign_id || ' day ' || d.day || ': ' || d.spent || ' and ' || d.reserved || ' in '
                || d.redeemed || ' and ' || d.held AS what,
              d.spent = coalesce(r.minor, 0) AND d.redeemed = coalesce(r.uses, 0)
                AND d.reserved = coalesce(h.minor, 0) AND d.held = coalesce(h.uses, 0) AS holds
            FROM budget_days d LEFT JOIN (
              SELECT campaign_id, day, count(*) AS uses, sum(amount - returned) AS minor FROM redemptions
              WHERE rolled_back_at IS NULL GROUP BY campaign_id, day) AS r
              ON r.campaign_id = d.campaign_id AND r.day = d.day
            LEFT JOIN (
              SELECT campaign_id, day, count(*) AS uses, sum(amount) AS minor FROM reservations
              WHERE state = 1 GROUP BY campaign_id, day) AS h ON h.campaign_id = d.campaign_id AND h.day = d.day
            """),
        new("budget_days", "spent and reserved of a campaign = the sums of its days", """
            SELECT 'campaign ' || b.campaign_id || ': ' || b.spent || ' and ' || b.reserved || ', days '
                || coalesce(d.spent, 0) || ' and ' || coalesce(d.reserved, 0) AS what,
              b.spent = coalesce(d.spent, 0) AND b.reserved = coalesce(d.reserved, 0)
                AND b.redeemed = coalesce(d.redeemed, 0) AND b.held = coalesce(d.held, 0) AS holds
            FROM budgets b LEFT JOIN (
              SELECT campaign_id, sum(spent) AS spent, sum(reserved) AS reserved, sum(redeemed) AS redeemed,
                sum(held) AS held FROM budget_days GROUP BY campaign_id) AS d ON d.campaign_id = b.campaign_id
            """),
        new("uses", "uses of a coupon = its redemptions in force ≤ what it allows; it is redeemed if and only if none is left", """
            SELECT 'coupon ' || c.code || ': state ' || c.state || ', uses ' || c.uses || ' of ' || c.uses_max
                || ', redemptions ' || coalesce(r.uses, 0) AS what,
              c.uses = coalesce(r.uses, 0) AND c.uses <= c.uses_max AND (c.state = 3) = (c.uses = c.uses_max) AS holds
            FROM coupons c LEFT JOIN (
              SELECT code, count(*) AS uses FROM redemptions WHERE rolled_back_at IS NULL GROUP BY code) AS r
              ON r.code = c.code
            """),
        new("owners", "a redemption's money is in the campaign of its coupon, which has a budget, and so is a reservation's", """
            SELECT m.kind || ' ' || m.key || ': campaign ' || m.campaign_id || ', user ' || m.user_id || ', coupon '
                || coalesce(c.code || ' of campaign ' || c.campaign_id || ', user ' || c.user_id, 'unknown') AS what,
              c.code IS NOT NULL AND c.campaign_id = m.campaign_id AND c.user_id = m.user_id
                AND EXISTS (SELECT 1 FROM budgets b WHERE b.campaign_id = m.campaign_id) AS holds
            FROM (SELECT 'redemption' AS kind, key, code, campaign_id, user_id FROM redemptions
              UNION ALL SELECT 'reservation', key, code, campaign_id, user_id FROM reservations) AS m
            LEFT JOIN coupons c ON c.code = m.code
            """),
        new("reservations", "what holds a coupon holds an open one; what was redeemed has its redemption", """
            SELECT 'reservation ' || v.key || ': state ' || v.state || ', coupon ' || c.state AS what,
              (v.state <> 1 OR c.state IN (1, 2)) AND (v.state <> 2 OR EXISTS (
                SELECT 1 FROM redemptions r WHERE r.key = v.key AND r.code = v.code AND r.amount = v.amount)) AS holds
            FROM reservations v JOIN coupons c ON c.code = v.code
            """),
        new("offers", "issued of an offer = its coupons", """
            SELECT 'offer ' || o.id || ': issued ' || o.issued || ', coupons ' || coalesce(c.number, 0) AS what,
              o.issued = coalesce(c.number, 0) AS holds
            FROM offers o LEFT JOIN (
              SELECT offer_id, count(*) AS number FROM coupons GROUP BY offer_id) AS c ON c.offer_id = o.id
            """),
        new("codes", "made = the codes of a batch, claimed = those that are coupons", """
            SELECT 'batch ' || b.campaign_id || '/' || b.name || ': made ' || b.made || ', claimed ' || b.claimed AS what,
              b.made = coalesce(c.number, 0) AND b.made <= b.wanted AND b.claimed = coalesce(c.claimed, 0)
                AND b.claimed = coalesce(c.coupons, 0) AS holds
            FROM code_batches b LEFT JOIN (
              SELECT codes.batch, count(*) AS number, count(codes.claimed_at) AS claimed, count(coupons.code) AS coupons
              FROM codes LEFT JOIN coupons ON coupons.code = codes.code GROUP BY codes.batch) AS c ON c.batch = b.number
            """),
        new("outbox", "what is on its way to an endpoint is a message of the outbox", """
            SELECT 'delivery to ' || d.endpoint || ' of ' || d.message AS what,
              EXISTS (SELECT 1 FROM outbox o WHERE o.number = d.message)
                AND EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.id = d.endpoint) AS holds
            FROM deliveries d
            """),
        new("logged", "every coupon, redemption and roll-back is in the event log once", """
            SELECT 'kind ' || kind || ': books ' || books || ', events ' || events AS what, books = events AS holds FROM (
              SELECT 10 AS kind, (SELECT count(*) FROM coupons) AS books,
                (SELECT count(*) FROM events WHERE kind = 10 AND id LIKE 'coupon:%') AS events
              UNION ALL SELECT 13, (SELECT count(*) FROM redemptions),
                (SELECT count(*) FROM events WHERE kind = 13 AND id LIKE 'coupon:%')
              UNION ALL SELECT 16, (SELECT count(*) FROM redemptions WHERE rolled_back_at IS NOT NULL),
                (SELECT count(*) FROM events WHERE kind = 16 AND id LIKE 'coupon:%')) AS counts
            """),
    ];
}
