using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>The rows that a campaign's budget is spread over: how a batch locks and reads them, and what it
/// writes.</summary>
/// <remarks>A campaign of which the writer has a lease is locked by that lease's row alone, any other by its own row
/// and then all leases on it. All campaigns' own rows come before all leases, each in one order, so that no two batches
/// wait for each other.</remarks>
internal static class LedgerShards
{
    private const string LockBudgets = $"""
        SELECT campaign_id, told, {PostgresCampaignStore.BudgetColumns}, writer FROM campaign_budgets
        WHERE campaign_id = ANY ($1) ORDER BY campaign_id FOR NO KEY UPDATE
        """;

    // A statement of its own, so that it sees the leases that were given while the own row was waited for.
    private const string LockShards = """
        SELECT campaign_id, holder, minor, uses, day, until, spent, reserved, issued, redeemed, held FROM budget_shards
        WHERE campaign_id = ANY ($1) OR (campaign_id = ANY ($2) AND holder = $3)
        ORDER BY campaign_id, holder FOR NO KEY UPDATE
        """;

    private const string SelectBudgets = $"""
        SELECT campaign_id, told, {PostgresCampaignStore.BudgetColumns} FROM budgets WHERE campaign_id = ANY ($1)
        """;

    private const string UpdateBudgets = """
        UPDATE campaign_budgets b SET spent = n.spent, reserved = n.reserved, issued = n.issued, redeemed = n.redeemed,
          held = n.held, told = n.told, writer = $8
        FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[])
          AS n (id, spent, reserved, issued, redeemed, held, told) WHERE b.campaign_id = n.id
        """;

    private const string DeleteShards = """
        DELETE FROM budget_shards s USING unnest($1::text[], $2::text[]) AS n (campaign_id, holder)
        WHERE s.campaign_id = n.campaign_id AND s.holder = n.holder
        """;

    private const string PutShards = """
        INSERT INTO budget_shards (campaign_id, holder, minor, uses, day, until)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[], $6::bigint[])
        ON CONFLICT (campaign_id, holder) DO UPDATE SET minor = excluded.minor, uses = excluded.uses, day = excluded.day,
          until = excluded.until, spent = 0, reserved = 0, issued = 0, redeemed = 0, held = 0
        """;

    private const string MoveShards = """
        UPDATE budget_shards s SET minor = n.minor, uses = n.uses, until = $9, spent = s.spent + n.spent,
          reserved = s.reserved + n.reserved, issued = s.issued + n.issued, redeemed = s.redeemed + n.redeemed,
          held = s.held + n.held
        FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
          $8::bigint[]) AS n (campaign_id, minor, uses, spent, reserved, issued, redeemed, held)
        WHERE s.campaign_id = n.campaign_id AND s.holder = $10
        """;

    /// <summary>Adds the statements that read the balances of one moment.</summary>
    public static void Read(PostgresBatch batch, LedgerBook book, IEnumerable<CampaignId> campaigns)
    {
        string[] ids = [.. campaigns.Select(campaign => campaign.Value)];
        batch.EachOf(ids, SelectBudgets, row =>
        {
            book.Told[new(row.GetString(0))] = row.GetInt32(1);
            book.Budgets.Read(new(row.GetString(0)), PostgresCampaignStore.ReadBudget(row, 2));
        }, [ids]);
    }

    /// <summary>Adds the statements that lock the campaigns, or the writer's leases on them, and read what is
    /// locked.</summary>
    public static void Lock(
        PostgresBatch batch, LedgerBook book, IReadOnlyCollection<CampaignId> campaigns, LedgerLeases leases)
    {
        var leased = campaigns.Where(leases.Holds).ToArray();
        string[] whole = [.. campaigns.Except(leased).Select(campaign => campaign.Value)];
        batch.EachOf(whole, LockBudgets, row =>
        {
            var campaign = new CampaignId(row.GetString(0));
            book.Told[campaign] = row.GetInt32(1);
            book.Budgets.Read(campaign, PostgresCampaignStore.ReadBudget(row, 2));
            book.Writers[campaign] = row.GetString(9);
        }, [whole]);
        batch.EachOf(campaigns, LockShards, row =>
        {
            var campaign = new CampaignId(row.GetString(0));
            var lease = new BudgetLease(new(row.GetInt64(2), row.Int64OrNull(3)), row.Int32OrNull(4));
            if (!book.Writers.ContainsKey(campaign))
            {
                book.Leases[campaign] = new(lease);
                return;
            }

            book.Shards.Add(new(campaign, row.GetString(1), lease, row.Instant(5)));
            var use = book.Budgets.Require(campaign);
            book.Budgets.Read(campaign, use with
            {
                Spent = new(use.Spent.Minor + row.GetInt64(6), use.Spent.Currency),
                ReservedMinor = use.ReservedMinor + row.GetInt64(7),
                Issued = use.Issued + row.GetInt64(8),
                Redeemed = use.Redeemed + row.GetInt64(9),
                Held = use.Held + row.GetInt64(10),
            });
        }, whole, leased.Select(campaign => campaign.Value).ToArray(), leases.Holder);
        Read(batch, book, leased);
    }

    /// <summary>Throws <see cref="LeaseSpentException"/> if there is no lease where the writer believed in
    /// one.</summary>
    public static void Require(LedgerBook book, IEnumerable<CampaignId> campaigns, LedgerLeases leases)
    {
        var lost = campaigns.Where(leases.Holds).Where(campaign => !book.Leases.ContainsKey(campaign)).ToList();
        lost.ForEach(campaign => leases.Note(campaign, false));
        if (lost.Count > 0)
        {
            throw new LeaseSpentException(lost[0]);
        }
    }

    /// <summary>Adds the statements that write what was moved, and shares what is left of campaigns that are locked as
    /// a whole.</summary>
    public static void Write(PostgresBatch batch, LedgerBook book, LedgerLeases leases, DateTimeOffset now)
    {
        var until = BudgetShards.UntilOf(now);
        var changed = book.Budgets.ChangedKeys.Order().ToArray();
        var whole = Array.FindAll(changed, campaign => !book.Leases.ContainsKey(campaign));
        batch.AddFor(whole, UpdateBudgets, Of(whole, c => c.Value), Of(whole, c => book.Budgets.Require(c).Spent.Minor),
            Of(whole, c => book.Budgets.Require(c).ReservedMinor), Of(whole, c => book.Budgets.Require(c).Issued),
            Of(whole, c => book.Budgets.Require(c).Redeemed), Of(whole, c => book.Budgets.Require(c).Held),
            Of(whole, c => book.Told[c]), leases.Holder);
        var shares = whole.SelectMany(campaign => Share(book, campaign, leases, now)).ToArray();
        var ended = book.Shards.Where(shard => whole.Contains(shard.Campaign)
            && !shares.Any(s => s.Campaign == shard.Campaign && s.Holder == shard.Holder)).ToArray();
        batch.AddFor(ended, DeleteShards, Of(ended, s => s.Campaign.Value), Of(ended, s => s.Holder));
        batch.AddFor(shares, PutShards, Of(shares, s => s.Campaign.Value), Of(shares, s => s.Holder),
            Of(shares, s => s.Lease.Room.Minor), Of(shares, s => s.Lease.Room.Uses), Of(shares, s => s.Lease.Day),
            Of(shares, s => s.Until.UtcTicks));
        var moved = book.Leases.Where(lease => lease.Value.IsChanged).OrderBy(lease => lease.Key).ToArray();
        batch.AddFor(moved, MoveShards, Of(moved, m => m.Key.Value), Of(moved, m => m.Value.Left.Room.Minor),
            Of(moved, m => m.Value.Left.Room.Uses), Of(moved, m => m.Value.Moved.Spent), Of(moved, m => m.Value.Moved.Reserved),
            Of(moved, m => m.Value.Issued), Of(moved, m => m.Value.Moved.Redeemed), Of(moved, m => m.Value.Moved.Held),
            until.UtcTicks, leases.Holder);
        foreach (var (campaign, lease) in moved.Where(m => !BudgetShards.Lasts(m.Value.Left, m.Value.Taken)))
        {
            leases.Note(campaign, false);
        }

        foreach (var share in shares.Where(share => share.Holder == leases.Holder))
        {
            leases.Note(share.Campaign, true);
        }
    }

    /// <summary>The leases that are given on what is left of a campaign: to the writer and to whoever else writes to
    /// it; none if nobody else does.</summary>
    private static IEnumerable<LeaseRow> Share(LedgerBook book, CampaignId id, LedgerLeases leases, DateTimeOffset now)
    {
        var others = book.Shards.Where(s => s.Campaign == id && s.Holder != leases.Holder && s.Until > now).ToArray();
        var campaign = book.Campaigns.Require(id);
        if (others.Length == 0 && (book.Writers[id].Length == 0 || book.Writers[id] == leases.Holder))
        {
            return [];
        }

        var day = LimitRules.DayOf(campaign, now);
        var moves = book.DayMoves.Where(move => move.Key.Campaign == id).Select(move => move.Value).ToArray();
        var taken = new BudgetRoom(
            Math.Max(0, moves.Sum(move => move.Minor)), Math.Max(0, moves.Sum(move => move.Uses)));
        var room = BudgetShards.RoomOf(campaign, book.Budgets.Require(id), book.Told[id], limit => book.Use(id, limit, day));
        return BudgetShards.Share(campaign, room, day, others.Length + 1, taken) is { } lease
            ? others.Select(other => other with { Lease = lease })
                .Append(new(id, leases.Holder, lease, BudgetShards.UntilOf(now)))
            : [];
    }

    private static TColumn[] Of<TRow, TColumn>(TRow[] rows, Func<TRow, TColumn> of) => Array.ConvertAll(rows, of.Invoke);
}
