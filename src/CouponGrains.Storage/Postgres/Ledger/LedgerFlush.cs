using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>Writes what a batch has made of its book and its log, in one round trip. What makes room comes before what
/// takes it.</summary>
internal static class LedgerFlush
{
    private const string UpdateCoupons = """
        UPDATE coupons c SET state = n.state, viewed_at = n.viewed_at, claimed_at = n.claimed_at, rating = n.rating,
          uses = n.uses
        FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::integer[], $6::integer[])
          AS n (code, state, viewed_at, claimed_at, rating, uses) WHERE c.code = n.code
        """;

    private const string InsertCoupons = """
        INSERT INTO coupons (code, user_id, offer_id, campaign_id, issue_key, state, issued_at, expires_at, viewed_at,
          claimed_at,
          rating, model, score, propensity, redemption_probability, uses_max, uses)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[],
          $8::bigint[],
          $9::bigint[], $10::bigint[], $11::integer[], $12::bigint[], $13::double precision[], $14::double precision[],
          $15::double precision[], $16::integer[], $17::integer[])
        """;

    private const string ClaimCodes = """
        UPDATE codes c SET claimed_at = n.claimed_at FROM unnest($1::text[], $2::bigint[]) AS n (code, claimed_at)
        WHERE c.code = n.code AND c.claimed_at IS NULL
        """;

    private const string CountClaims = """
        UPDATE code_batches b SET claimed = b.claimed + n.claimed
        FROM (SELECT batch, count(*) AS claimed FROM codes WHERE code = ANY ($1) GROUP BY batch) AS n WHERE b.number =
          n.batch
        """;

    private const string UpdateRedemptions = """
        UPDATE redemptions r SET rolled_back_at = n.rolled_back_at, returned = n.returned
        FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS n (key, rolled_back_at, returned) WHERE r.key = n.key
        """;

    private const string InsertRedemptions = """
        INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at,
          returned,
          rolled_back_at)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
          $8::text[],
          $9::text[], $10::integer[], $11::bigint[], $12::bigint[], $13::bigint[])
        """;

    private const string UpdateReservations = """
        UPDATE reservations r SET state = n.state, ended_at = n.ended_at
        FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS n (key, state, ended_at)
        WHERE r.key = n.key AND r.state = 1
        """;

    private const string InsertReservations = """
        INSERT INTO reservations (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at,
          until, state,
          ended_at)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
          $8::text[],
          $9::text[], $10::integer[], $11::bigint[], $12::bigint[], $13::integer[], $14::bigint[])
        """;

    private const string InsertReturns = """
        INSERT INTO returns (key, request, user_id, order_id, pieces, data)
        SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[])
        """;

    private const string UpdateOffers = """
        UPDATE offers o SET issued = n.issued FROM unnest($1::text[], $2::bigint[]) AS n (id, issued) WHERE o.id = n.id
        """;

    private const string InsertDays = """
        INSERT INTO budget_days (campaign_id, day, redeemed, spent, held, reserved)
        SELECT campaign_id, day, 0, 0, 0, 0 FROM unnest($1::text[], $2::integer[]) AS n (campaign_id, day)
        ON CONFLICT (campaign_id, day) DO NOTHING
        """;

    private const string MoveDays = """
        UPDATE budget_days d SET redeemed = d.redeemed + n.redeemed, spent = d.spent + n.spent, held = d.held + n.held,
          reserved = d.reserved + n.reserved
        FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
          AS n (campaign_id, day, redeemed, spent, held, reserved)
        WHERE d.campaign_id = n.campaign_id AND d.day = n.day
        """;

    /// <summary>Writes the book; answers its events with their places, in their order.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>> Write(
        PostgresSession session, LedgerBook book, LedgerLeases leases, DateTimeOffset now)
    {
        var batch = session.Batch();
        Update(batch, [.. book.Reservations.Changed]);
        Update(batch, [.. book.Redemptions.Changed]);
        Update(batch, [.. book.Coupons.Changed]);
        Insert(batch, [.. book.Coupons.Inserted]);
        Claim(batch, [.. book.ClaimedCodes]);
        Insert(batch, [.. book.Redemptions.Inserted]);
        Insert(batch, [.. book.Reservations.Inserted]);
        Insert(batch, [.. book.Returns.Inserted]);
        WriteBalances(batch, book, leases, now);
        PostgresOutbox.Add(batch, book.Messages);
        if (book.Events.Count > 0)
        {
            return await Record(session, [.. book.Events], batch);
        }

        await batch.Run();
        return [];
    }

    /// <summary>An event whose id a sender has used for something else takes another one.</summary>
    private static async Task<IReadOnlyList<RecordedEvent>> Record(
        PostgresSession session, UserEvent[] events, PostgresBatch? before)
    {
        var recorded = new RecordedEvent[events.Length];
        int[] open = [.. Enumerable.Range(0, events.Length)];
        while (open.Length > 0)
        {
            var results = await PostgresEvents.Append(session, [.. open.Select(i => events[i])], before);
            before = null;
            foreach (var (i, result) in open.Zip(results))
            {
                recorded[i] = new(result.Sequence, events[i]);
            }

            open = [.. open.Where((_, at) => results[at].Status == AppendStatus.Conflict)];
            foreach (var i in open)
            {
                events[i] = events[i] with { Id = new($"coupon:{Guid.NewGuid():N}") };
            }
        }

        return recorded;
    }

    private static void Update(PostgresBatch batch, Coupon[] rows) => batch.AddFor(rows, UpdateCoupons,
        Column(rows, c => c.Code), Column(rows, c => (int)c.State), Column(rows, c => c.ViewedAt?.UtcTicks),
        Column(rows, c => c.ClaimedAt?.UtcTicks), Column(rows, c => c.Rating), Column(rows, c => c.Uses));

    private static void Insert(PostgresBatch batch, Coupon[] rows) => batch.AddFor(rows, InsertCoupons,
        Column(rows, c => c.Code), Column(rows, c => c.User.Value), Column(rows, c => c.Offer.Value),
        Column(rows, c => c.Campaign.Value), Column(rows, c => c.IssueKey), Column(rows, c => (int)c.State),
        Column(rows, c => c.IssuedAt.UtcTicks), Column(rows, c => c.ExpiresAt.UtcTicks),
        Column(rows, c => c.ViewedAt?.UtcTicks), Column(rows, c => c.ClaimedAt?.UtcTicks), Column(rows, c => c.Rating),
        Column(rows, c => c.Model.Number), Column(rows, c => c.Score), Column(rows, c => c.Propensity),
        Column(rows, c => c.RedemptionProbability), Column(rows, c => c.UsesMax), Column(rows, c => c.Uses));

    private static void Claim(PostgresBatch batch, KeyValuePair<string, DateTimeOffset>[] codes)
    {
        batch.AddFor(codes, ClaimCodes, Column(codes, c => c.Key), Column(codes, c => c.Value.UtcTicks));
        if (codes.Length > 0)
        {
            batch.Add(CountClaims, [Column(codes, c => c.Key)]);
        }
    }

    private static void Update(PostgresBatch batch, StoredRedemption[] rows) => batch.AddFor(rows, UpdateRedemptions,
        Column(rows, r => r.Redemption.Key), Column(rows, r => r.Redemption.RolledBackAt?.UtcTicks),
        Column(rows, r => r.Returned));

    private static void Insert(PostgresBatch batch, StoredRedemption[] rows) => batch.AddFor(rows, InsertRedemptions,
        Column(rows, r => r.Redemption.Key), Column(rows, r => r.Request), Column(rows, r => r.Redemption.Code),
        Column(rows, r => r.Redemption.User.Value), Column(rows, r => r.Redemption.Campaign.Value),
        Column(rows, r => r.Redemption.Order), Column(rows, r => r.Redemption.Discount.Total.Minor),
        Column(rows, r => StoreJson.Write(r.Redemption.Discount)), Column(rows, r => StoreJson.Write(r.Cart)),
        Column(rows, r => r.Day), Column(rows, r => r.Redemption.At.UtcTicks), Column(rows, r => r.Returned),
        Column(rows, r => r.Redemption.RolledBackAt?.UtcTicks));

    private static void Update(PostgresBatch batch, StoredReservation[] rows) => batch.AddFor(rows, UpdateReservations,
        Column(rows, r => r.Reservation.Key), Column(rows, r => (int)r.Reservation.State),
        Column(rows, r => r.EndedAt?.UtcTicks));

    private static void Insert(PostgresBatch batch, StoredReservation[] rows) => batch.AddFor(rows, InsertReservations,
        Column(rows, r => r.Reservation.Key), Column(rows, r => r.Request), Column(rows, r => r.Reservation.Code),
        Column(rows, r => r.Reservation.User.Value), Column(rows, r => r.Reservation.Campaign.Value),
        Column(rows, r => r.Reservation.Order), Column(rows, r => r.Reservation.Discount.Total.Minor),
        Column(rows, r => StoreJson.Write(r.Reservation.Discount)), Column(rows, r => StoreJson.Write(r.Cart)),
        Column(rows, r => r.Day), Column(rows, r => r.Reservation.At.UtcTicks),
        Column(rows, r => r.Reservation.Until.UtcTicks), Column(rows, r => (int)r.Reservation.State),
        Column(rows, r => r.EndedAt?.UtcTicks));

    private static void Insert(PostgresBatch batch, StoredReturn[] rows) => batch.AddFor(rows, InsertReturns,
        Column(rows, r => r.Return.Key), Column(rows, r => r.Request), Column(rows, r => r.Return.User.Value),
        Column(rows, r => r.Return.Order), Column(rows, r => StoreJson.Write(r.Pieces)),
        Column(rows, r => StoreJson.Write(r.Return)));

    /// <summary>Days come last: others who have leases on the campaign wait for them from here on.</summary>
    private static void WriteBalances(PostgresBatch batch, LedgerBook book, LedgerLeases leases, DateTimeOffset now)
    {
        StoredOffer[] offers = [.. book.Offers.Changed];
        batch.AddFor(offers, UpdateOffers, Column(offers, o => o.Offer.Id.Value), Column(offers, o => o.Issued));
        LedgerShards.Write(batch, book, leases, now);
        var days = book.DayMoves.OrderBy(d => d.Key.Campaign).ThenBy(d => d.Key.Day).Select(d => d.Value).ToArray();
        if (days.Length > 0)
        {
            batch.Add(InsertDays, Column(days, d => d.Campaign.Value), Column(days, d => d.Day));
        }

        batch.AddFor(days, MoveDays, Column(days, d => d.Campaign.Value), Column(days, d => d.Day),
            Column(days, d => d.Redeemed), Column(days, d => d.Spent), Column(days, d => d.Held),
            Column(days, d => d.Reserved));
    }

    private static TColumn[] Column<TRow, TColumn>(TRow[] rows, Func<TRow, TColumn> of) => Array.ConvertAll(rows, of.Invoke);
}
