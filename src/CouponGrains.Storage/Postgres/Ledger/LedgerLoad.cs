using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;
using Npgsql;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>Reads all that a batch needs, in two round trips: first its users are locked and the names behind its keys
/// and codes looked up, then its campaigns are locked and everything is read.</summary>
/// <remarks>A user's coupons, redemptions and returns change only under his lock, a campaign's balances under
/// <see cref="LedgerShards"/>'s, how many coupons of an offer are issued, who claims a code and what a reservation
/// holds under that of its row. They are taken in this order, each kind in a fixed order, and kept until the commit;
/// every statement sees what was committed before it, so what is read behind the locks is how things stand.</remarks>
internal static class LedgerLoad
{
    private const string ForChange = " FOR NO KEY UPDATE";

    // The one that counts its coupons waits for whoever does before it reads how many there are.
    private const string LockOffers = "SELECT 1 FROM offers WHERE id = ANY ($1) ORDER BY id" + ForChange;

    private const string SelectCampaigns = "SELECT data FROM campaigns WHERE id = ANY ($1)";

    private const string SelectOffers = "SELECT data, withdrawn, issued, review FROM offers WHERE id = ANY ($1)";

    private const string SelectDays =
        "SELECT campaign_id, day, redeemed, spent, held, reserved FROM budget_days WHERE campaign_id = ANY ($1)";

    private const string SelectReservations = $"""
        SELECT {Reservations} FROM reservations
        WHERE key = ANY ($1) OR (state = 1 AND code = ANY ($2))
          OR (state = 1 AND until <= $3 AND campaign_id = ANY ($4)) ORDER BY key
        """;

    private const string Reservations =
        "key, code, user_id, campaign_id, order_id, discount, at, until, state, request, day, cart, ended_at";

    private const string SelectRedemptions = $"SELECT {Redemptions} FROM redemptions r WHERE r.key = ANY ($1)";

    private const string Redemptions = """
        r.key, r.code, r.user_id, r.campaign_id, r.order_id, r.discount, r.at, r.rolled_back_at, r.request, r.day,
          r.returned,
        r.cart
        """;

    private const string SelectOrderRedemptions = $"""
        SELECT {Redemptions}, t.offer, t.campaign FROM unnest($1::text[], $2::text[]) AS o (user_id, order_id)
        CROSS JOIN LATERAL (
          SELECT * FROM redemptions r
          WHERE r.user_id = o.user_id AND r.order_id = o.order_id AND r.rolled_back_at IS NULL OFFSET 0) AS r
        {TermsOfCode}
        """;

    private const string SelectOrderReservations = $"""
        SELECT r.user_id, r.order_id, r.key, r.at, r.until, t.offer, r.discount, r.cart, t.campaign, r.code
        FROM unnest($1::text[], $2::text[]) AS o (user_id, order_id)
        CROSS JOIN LATERAL (
          SELECT * FROM reservations r
          WHERE r.user_id = o.user_id AND r.order_id = o.order_id AND r.state = 1 OFFSET 0) AS r
        {TermsOfCode}
        """;

    // OFFSET 0 keeps the order of a join as it is written: one look-up after the other.
    private const string TermsOfCode = """
        CROSS JOIN LATERAL (
          SELECT f.data AS offer, m.data AS campaign FROM coupons c
          JOIN offers f ON f.id = c.offer_id JOIN campaigns m ON m.id = c.campaign_id WHERE c.code = r.code OFFSET 0) AS t
        """;

    private const string CountRedemptions = "SELECT code, count(*) FROM redemptions WHERE code = ANY ($1) GROUP BY code";

    private const string SelectUses = """
        SELECT p.user_id, p.campaign_id, u.day, u.uses, u.minor
        FROM unnest($1::text[], $2::text[]) AS p (user_id, campaign_id) CROSS JOIN LATERAL (
          SELECT day, count(*) AS uses, sum(amount - returned)::bigint AS minor FROM redemptions r
          WHERE r.user_id = p.user_id AND r.campaign_id = p.campaign_id AND r.rolled_back_at IS NULL GROUP BY day
          UNION ALL
          SELECT day, count(*), sum(amount)::bigint FROM reservations v
          WHERE v.user_id = p.user_id AND v.campaign_id = p.campaign_id AND v.state = 1 GROUP BY day) AS u
        """;

    private const string CountHoldings = """
        SELECT p.user_id, p.campaign_id, (
          SELECT count(*) FROM coupons c WHERE c.user_id = p.user_id AND c.campaign_id = p.campaign_id)
        FROM unnest($1::text[], $2::text[]) AS p (user_id, campaign_id)
        """;

    private const string SelectOpen = """
        SELECT c.user_id, c.campaign_id, c.code, c.expires_at
        FROM unnest($1::text[], $2::text[]) AS p (user_id, campaign_id)
        CROSS JOIN LATERAL (
          SELECT * FROM coupons c
          WHERE c.user_id = p.user_id AND c.campaign_id = p.campaign_id AND c.state IN (1, 2) OFFSET 0) AS c
        """;

    private const string SelectIssued = $"""
        SELECT {PostgresCoupons.Columns} FROM unnest($1::text[], $2::text[]) AS k (user_id, issue_key)
        CROSS JOIN LATERAL (
          SELECT * FROM coupons c WHERE c.user_id = k.user_id AND c.issue_key = k.issue_key OFFSET 0) AS c
        """;

    private const string SelectFreeCodes = """
        SELECT c.code, b.offer_id FROM codes c JOIN code_batches b ON b.number = c.batch
        WHERE c.code = ANY ($1) AND c.claimed_at IS NULL ORDER BY c.code
        """;

    private const string SelectDue = $"""
        SELECT {PostgresCoupons.Columns} FROM coupons c WHERE c.user_id = ANY ($1) AND c.state IN (1, 2) AND
          c.expires_at <= $2
        ORDER BY c.expires_at, c.number
        """;

    private const string SelectHolders = $"""
        SELECT {Reservations} FROM reservations WHERE state = 1 AND user_id = ANY ($1)
        """;

    private const string SelectReturns = "SELECT key, data, request, pieces FROM returns WHERE key = ANY ($1)";

    private const string SelectPieces = """
        SELECT o.user_id, o.order_id, r.pieces FROM unnest($1::text[], $2::text[]) AS o (user_id, order_id)
        CROSS JOIN LATERAL (
          SELECT pieces FROM returns r WHERE r.user_id = o.user_id AND r.order_id = o.order_id OFFSET 0) AS r
        """;

    /// <summary>Reads the book of a batch under locks or, without <paramref name="leases"/>, as one moment that the
    /// caller's transaction sees. Throws <see cref="LeaseSpentException"/>.</summary>
    public static async Task<LedgerBook> Read(PostgresSession session, LedgerNeeds needs, LedgerLeases? leases)
    {
        var scope = await LedgerScope.Find(session, needs, changes: leases is not null);
        var book = Asked(needs, scope);
        var batch = session.Batch();
        if (leases is null)
        {
            LedgerShards.Read(batch, book, scope.Campaigns);
        }
        else
        {
            LedgerShards.Lock(batch, book, scope.Campaigns, leases);
            string[] counting = [.. scope.Counting.Select(offer => offer.Value)];
            batch.EachOf(counting, LockOffers, _ => { }, [counting]);
        }

        ReadShared(batch, book, needs, scope, leases is null ? "" : ForChange);
        ReadCampaigns(batch, book, scope);
        ReadCoupons(batch, book, needs, scope);
        ReadRedemptions(batch, book, needs, scope);
        ReadOrders(batch, book, needs, scope);
        string[] items = [.. needs.Items.Select(item => item.Value)];
        batch.EachOf(items, "SELECT id, data FROM items WHERE id = ANY ($1)", row =>
        {
            var item = PostgresCatalogStore.Read(row);
            book.Items.Read(item.Id, item);
        }, [items]);
        await batch.Run();
        if (leases is not null)
        {
            LedgerShards.Require(book, scope.Campaigns, leases);
        }

        return book;
    }

    private static LedgerBook Asked(LedgerNeeds needs, LedgerScope scope)
    {
        var book = new LedgerBook(scope.SharedCodes);
        book.Coupons.Ask(scope.Codes);
        book.IssueKeys.Ask(needs.IssueKeys);
        book.FreeCodes.Ask(scope.Codes);
        book.Offers.Ask(scope.Offers);
        book.Campaigns.Ask(scope.Campaigns);
        book.Items.Ask(needs.Items);
        book.Redemptions.Ask(needs.Keys);
        book.Reservations.Ask(needs.Keys);
        book.Returns.Ask(needs.ReturnKeys);
        foreach (var code in scope.Codes)
        {
            book.RedemptionCounts[code] = 0;
        }

        foreach (var pair in scope.Issuing)
        {
            book.Holdings.Read(pair, new());
        }

        foreach (var pair in scope.Using)
        {
            book.UserUses.Read(pair, new());
        }

        foreach (var order in scope.Orders)
        {
            book.OrderUses.Read(order, []);
            book.Pieces.Read(order, []);
        }

        return book;
    }

    /// <summary>Codes that are nobody's yet, and reservations, which whoever comes first may end when their time is
    /// over.</summary>
    private static void ReadShared(
        PostgresBatch batch, LedgerBook book, LedgerNeeds needs, LedgerScope scope, string locked)
    {
        batch.EachOf(scope.FreeCodes, SelectFreeCodes + (locked.Length > 0 ? locked + " OF c" : ""),
            row => book.FreeCodes.Read(row.GetString(0), new(row.GetString(0), new(row.GetString(1)))),
            [scope.FreeCodes.Keys.ToArray()]);
        string[] campaigns = [.. scope.Campaigns.Select(campaign => campaign.Value)];
        if (needs.Keys.Count + scope.Codes.Count + campaigns.Length > 0)
        {
            batch.Each(SelectReservations + locked, row => book.Read(ReadReservation(row)),
                needs.Keys.ToArray(), scope.Codes.ToArray(), needs.Now.UtcTicks, campaigns);
        }
    }

    private static void ReadCampaigns(PostgresBatch batch, LedgerBook book, LedgerScope scope)
    {
        string[] campaigns = [.. scope.Campaigns.Select(campaign => campaign.Value)];
        string[] offers = [.. scope.Offers.Select(offer => offer.Value)];
        batch.EachOf(campaigns, SelectCampaigns, row =>
        {
            var campaign = StoreJson.Read<Campaign>(row.GetString(0));
            book.Campaigns.Read(campaign.Id, campaign);
        }, [campaigns]);
        batch.EachOf(campaigns, SelectDays, row =>
        {
            var day = new BudgetDay(new(row.GetString(0)), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
                row.GetInt64(5));
            book.Days.Read((day.Campaign, day.Day), day);
        }, [campaigns]);
        batch.EachOf(offers, SelectOffers, row =>
        {
            var offer = StoreJson.Read<Offer>(row.GetString(0));
            var held = row.GetInt32(3) is (int)ReviewStatus.Waiting or (int)ReviewStatus.Rejected;
            book.Offers.Read(offer.Id, new(offer, row.GetBoolean(1), row.GetInt64(2), held));
        }, [offers]);
    }

    private static void ReadCoupons(PostgresBatch batch, LedgerBook book, LedgerNeeds needs, LedgerScope scope)
    {
        batch.EachOf(scope.Codes, $"SELECT {PostgresCoupons.Columns} FROM coupons c WHERE c.code = ANY ($1)", row =>
        {
            var coupon = PostgresCoupons.Read(row);
            book.Coupons.Read(coupon.Code, coupon);
        }, [scope.Codes.ToArray()]);
        batch.EachOf(needs.IssueKeys, SelectIssued, row =>
        {
            var coupon = PostgresCoupons.Read(row);
            book.Coupons.Read(coupon.Code, coupon);
            book.IssueKeys.Read((coupon.User, coupon.IssueKey), coupon.Code);
        }, LedgerScope.Columns(needs.IssueKeys));
        var issuing = LedgerScope.Columns([.. scope.Issuing.Select(pair => (pair.User, pair.Campaign.Value))]);
        batch.EachOf(scope.Issuing, CountHoldings, row =>
            book.Holdings.Require((new(row.GetString(0)), new(row.GetString(1)))).Issued = (int)row.GetInt64(2), issuing);
        batch.EachOf(scope.Issuing, SelectOpen, row =>
            book.Holdings.Require((new(row.GetString(0)), new(row.GetString(1)))).Open[row.GetString(2)] = row.Instant(3), issuing);
        string[] expiring = [.. needs.Expiring.Select(user => user.Value)];
        batch.EachOf(expiring, SelectDue, row =>
        {
            var coupon = PostgresCoupons.Read(row);
            book.Coupons.Read(coupon.Code, coupon);
            book.Due.TryAdd(coupon.User, []);
            book.Due[coupon.User].Add(coupon.Code);
        }, expiring, needs.Now.UtcTicks);
        batch.EachOf(expiring, SelectHolders, row => book.Read(ReadReservation(row)), [expiring]);
    }

    private static void ReadRedemptions(PostgresBatch batch, LedgerBook book, LedgerNeeds needs, LedgerScope scope)
    {
        batch.EachOf(needs.Keys, SelectRedemptions, row =>
        {
            var stored = ReadRedemption(row);
            book.Redemptions.Read(stored.Redemption.Key, stored);
        }, [needs.Keys.ToArray()]);
        batch.EachOf(scope.Codes, CountRedemptions,
            row => book.RedemptionCounts[row.GetString(0)] = (int)row.GetInt64(1), [scope.Codes.ToArray()]);
        batch.EachOf(scope.Orders, SelectOrderRedemptions, row =>
        {
            var stored = ReadRedemption(row);
            var redemption = stored.Redemption;
            book.Redemptions.Read(redemption.Key, stored);
            book.OrderUses.Require((redemption.User, redemption.Order)).Add(new(redemption.Key, redemption.At, null,
                Used(redemption.Code, row.GetString(12), redemption.Discount, stored.Cart, row.GetString(13))));
        }, LedgerScope.Columns(scope.Orders));
        batch.EachOf(scope.Using, SelectUses, row =>
            book.UserUses.Require((new(row.GetString(0)), new(row.GetString(1))))
                .Add(row.GetInt32(2), row.GetInt64(3), row.GetInt64(4)),
            LedgerScope.Columns([.. scope.Using.Select(pair => (pair.User, pair.Campaign.Value))]));
    }

    private static void ReadOrders(PostgresBatch batch, LedgerBook book, LedgerNeeds needs, LedgerScope scope)
    {
        batch.EachOf(scope.Orders, SelectOrderReservations, row =>
            book.OrderUses.Require((new(row.GetString(0)), row.GetString(1))).Add(new(row.GetString(2), row.Instant(3),
                row.Instant(4), Used(row.GetString(9), row.GetString(5), StoreJson.Read<Discount>(row.GetString(6)),
                    StoreJson.Read<Cart>(row.GetString(7)), row.GetString(8)))),
            LedgerScope.Columns(scope.Orders));
        batch.EachOf(needs.ReturnKeys, SelectReturns, row => book.Returns.Read(row.GetString(0), new(
            StoreJson.Read<OrderReturn>(row.GetString(1)), row.Bytes(2), StoreJson.Read<int[]>(row.GetString(3)))),
            [needs.ReturnKeys.ToArray()]);
        batch.EachOf(scope.Orders, SelectPieces, row =>
            book.Pieces.Require((new(row.GetString(0)), row.GetString(1))).Add(StoreJson.Read<int[]>(row.GetString(2))),
            LedgerScope.Columns(scope.Orders));
    }

    private static UsedCoupon Used(string code, string offer, Discount discount, Cart cart, string campaign) =>
        LedgerBook.Used(code, StoreJson.Read<Offer>(offer), discount, cart, StoreJson.Read<Campaign>(campaign));

    private static StoredRedemption ReadRedemption(NpgsqlDataReader row) => new(
        new()
        {
            Key = row.GetString(0),
            Code = row.GetString(1),
            User = new(row.GetString(2)),
            Campaign = new(row.GetString(3)),
            Order = row.GetString(4),
            Discount = StoreJson.Read<Discount>(row.GetString(5)),
            At = row.Instant(6),
            RolledBackAt = row.InstantOrNull(7),
        }, row.Bytes(8), StoreJson.Read<Cart>(row.GetString(11)), row.GetInt32(9), row.GetInt64(10));

    private static StoredReservation ReadReservation(NpgsqlDataReader row) => new(
        new()
        {
            Key = row.GetString(0),
            Code = row.GetString(1),
            User = new(row.GetString(2)),
            Campaign = new(row.GetString(3)),
            Order = row.GetString(4),
            Discount = StoreJson.Read<Discount>(row.GetString(5)),
            At = row.Instant(6),
            Until = row.Instant(7),
            State = (ReservationState)row.GetInt32(8),
        }, row.Bytes(9), StoreJson.Read<Cart>(row.GetString(11)), row.GetInt32(10), row.InstantOrNull(12));
}
