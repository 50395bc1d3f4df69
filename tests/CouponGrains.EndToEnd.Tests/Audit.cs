namespace CouponGrains.EndToEnd.Tests;

/// <summary>Checks the promises of the product from outside: it reads the store's file by SQL and the client's memory,
/// and uses no line of the product.</summary>
internal static class Audit
{
    /// <summary>Everything that was acknowledged is there, nothing is there twice, and no limit is passed.</summary>
    public static void Check(StoreReader store, Traffic traffic)
    {
        CheckStore(store);

        var events = store.Rows("SELECT id, user_id FROM events")
            .ToDictionary(row => (string)row[0], row => (string)row[1]);
        Assert.All(traffic.Events, e => Assert.Equal(e.User, events.GetValueOrDefault(e.Id)));

        var coupons = store.Rows("SELECT code, user_id, issue_key, offer_id FROM coupons")
            .ToDictionary(row => (string)row[0]);
        Assert.All(traffic.Issues, issue =>
        {
            var coupon = coupons.GetValueOrDefault(issue.Code);
            Assert.True(coupon is not null, $"The acknowledged coupon of {issue.Key} is lost.");
            Assert.Equal([issue.Code, issue.User, issue.Key, issue.Offer], coupon);
        });

        var redemptions = store.Rows("SELECT key, code, user_id, amount, rolled_back_at FROM redemptions")
            .ToDictionary(row => (string)row[0]);
        Assert.All(traffic.Redemptions, done =>
        {
            var redemption = redemptions.GetValueOrDefault(done.Key);
            Assert.True(redemption is not null, $"The acknowledged redemption {done.Key} is lost.");
            Assert.Equal([done.Code, done.User, done.Minor], redemption[1..4]);
            Assert.True(redemption[4] is DBNull || traffic.RollbacksAsked.Contains(done.Key),
                $"{done.Key} was rolled back unasked.");
        });
    }

    /// <summary>What must hold whatever the client did.</summary>
    public static void CheckStore(StoreReader store)
    {
        if (store.IsFile)
        {
            Assert.Equal("ok", store.Rows("PRAGMA integrity_check").Single()[0]);
        }

        Assert.Empty(store.Rows("SELECT id FROM events GROUP BY id HAVING count(*) > 1"));
        Assert.Empty(
            store.Rows("SELECT user_id, issue_key FROM coupons GROUP BY user_id, issue_key HAVING count(*) > 1"));
        Assert.Empty(
            store.Rows("SELECT code FROM redemptions WHERE rolled_back_at IS NULL GROUP BY code HAVING count(*) > 1"));

        // The budget's own count, the redemptions themselves, and the limit.
        foreach (var row in store.Rows(
            """
            SELECT b.campaign_id, b.allowed, b.spent, b.issued, b.redeemed,
                   coalesce((SELECT sum(amount) FROM redemptions r
                             WHERE r.campaign_id = b.campaign_id AND rolled_back_at IS NULL), 0),
                   (SELECT count(*) FROM redemptions r WHERE r.campaign_id = b.campaign_id AND rolled_back_at IS NULL),
                   (SELECT count(*) FROM coupons c WHERE c.campaign_id = b.campaign_id)
            FROM budgets b
            """))
        {
            var (allowed, spent, issued, redeemed) = ((long)row[1], (long)row[2], (long)row[3], (long)row[4]);
            Assert.True(spent <= allowed, $"{row[0]} spent {spent} of {allowed}.");
            Assert.Equal(spent, Convert.ToInt64(row[5]));
            Assert.Equal(redeemed, (long)row[6]);
            Assert.Equal(issued, (long)row[7]);
        }

        // A coupon's state and its redemption tell the same; so does the log.
        Assert.Empty(store.Rows(
            """
            SELECT code FROM coupons c WHERE (state = 3) <> EXISTS (
              SELECT 1 FROM redemptions r WHERE r.code = c.code AND r.rolled_back_at IS NULL)
            """));
        Assert.Equal(
            store.Number("SELECT count(*) FROM coupons"),
            store.Number("SELECT count(*) FROM events WHERE kind = 10"));
        Assert.Equal(
            store.Number("SELECT count(*) FROM redemptions"),
            store.Number("SELECT count(*) FROM events WHERE kind = 13 AND coupon_code IS NOT NULL"));
    }
}
