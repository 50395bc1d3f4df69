using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>What the needs of a batch stand for: the campaigns, coupons and orders behind keys and codes. These names
/// never change once they are written, so that they may be read before their campaigns are locked.</summary>
internal sealed class LedgerScope
{
    /// <summary>Every statement of a batch looks rows up by their keys, in tables that grow from nothing: a plan that
    /// was made while they were small would read them whole ever after.</summary>
    private const string ByKeys = """
        SELECT set_config(name, 'off', true)
        FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit']) AS name
        """;

    private const string LockUsers = "SELECT pg_advisory_xact_lock(h) FROM unnest($1::bigint[]) AS h";

    private const string OfCodes = "SELECT code, campaign_id, offer_id FROM coupons WHERE code = ANY ($1)";

    private const string OfFreeCodes = """
        SELECT c.code, b.campaign_id, b.offer_id FROM codes c JOIN code_batches b ON b.number = c.batch
        WHERE c.code = ANY ($1) AND c.claimed_at IS NULL
        """;

    private const string OfOwn = """
        SELECT k.user_id, k.code, c.code FROM unnest($1::text[], $2::text[], $3::text[]) AS k (user_id, code, issue_key)
        CROSS JOIN LATERAL (
          SELECT code FROM coupons c WHERE c.user_id = k.user_id AND c.issue_key = k.issue_key OFFSET 0) AS c
        """;

    private const string OfOffers = "SELECT id, campaign_id FROM offers WHERE id = ANY ($1)";

    private const string OfKeys = """
        SELECT r.code, r.campaign_id, c.offer_id, r.user_id, r.order_id FROM redemptions r JOIN coupons c ON c.code =
          r.code
        WHERE r.key = ANY ($1)
        UNION ALL
        SELECT v.code, v.campaign_id, c.offer_id, v.user_id, v.order_id FROM reservations v JOIN coupons c ON c.code =
          v.code
        WHERE v.key = ANY ($1)
        """;

    private const string OfOrders = """
        SELECT r.campaign_id FROM unnest($1::text[], $2::text[]) AS o (user_id, order_id)
        CROSS JOIN LATERAL (
          SELECT campaign_id FROM redemptions r
          WHERE r.user_id = o.user_id AND r.order_id = o.order_id AND r.rolled_back_at IS NULL OFFSET 0) AS r
        """;

    private const string OfDue = "SELECT DISTINCT campaign_id FROM reservations WHERE state = 1 AND until <= $1";

    /// <summary>Campaigns whose limits are asked or money is moved.</summary>
    public HashSet<CampaignId> Campaigns { get; } = [];

    /// <summary>Codes that were made in advance and that nobody has claimed, as far as can be told before their
    /// campaigns are locked.</summary>
    public Dictionary<string, FreeCode> FreeCodes { get; } = new(StringComparer.Ordinal);

    /// <summary>The codes that many share.</summary>
    public Dictionary<string, SharedCode> SharedCodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Offers whose coupons a step may count one more of.</summary>
    public HashSet<OfferId> Counting { get; } = [];

    public HashSet<string> Codes { get; } = new(StringComparer.Ordinal);

    public HashSet<OfferId> Offers { get; } = [];

    public HashSet<(UserId User, string Order)> Orders { get; } = [];

    /// <summary>Users with the campaigns of which they are issued coupons.</summary>
    public HashSet<(UserId User, CampaignId Campaign)> Issuing { get; } = [];

    /// <summary>Users with the campaigns of which they use coupons.</summary>
    public HashSet<(UserId User, CampaignId Campaign)> Using { get; } = [];

    /// <summary>Locks the users, if it is a change, and looks the names up, in one round trip.</summary>
    public static async Task<LedgerScope> Find(PostgresSession session, LedgerNeeds needs, bool changes)
    {
        var scope = new LedgerScope();
        scope.Codes.UnionWith(needs.Codes);
        scope.Offers.UnionWith(needs.Issuing.Select(issue => issue.Offer));
        scope.Orders.UnionWith(needs.Orders);
        var campaignOf = new Dictionary<string, CampaignId>(StringComparer.Ordinal);
        var offers = new Dictionary<OfferId, CampaignId>();
        var batch = session.Batch().Each(ByKeys, _ => { });
        if (changes && needs.Users.Count > 0)
        {
            // In one order everywhere, so that no two wait for each other.
            long[] locks = [.. needs.Users.Select(LockOf).Distinct().Order()];
            batch.Each(LockUsers, _ => { }, locks);
        }

        batch.EachOf(needs.Codes, OfCodes, row =>
        {
            scope.Offers.Add(new(row.GetString(2)));
            campaignOf.Add(row.GetString(0), new(row.GetString(1)));
        }, [needs.Codes.ToArray()]);
        batch.EachOf(needs.Codes, OfFreeCodes, row =>
        {
            scope.FreeCodes[row.GetString(0)] = new(row.GetString(0), new(row.GetString(2)));
            scope.Offers.Add(new(row.GetString(2)));
            offers[new(row.GetString(2))] = new(row.GetString(1));
        }, [needs.Codes.ToArray()]);
        batch.EachOf(scope.Offers, OfOffers, row => offers[new(row.GetString(0))] = new(row.GetString(1)),
            [scope.Offers.Select(offer => offer.Value).ToArray()]);
        var owned = new HashSet<(UserId User, string Code)>();
        FindShared(batch, needs, scope, owned);
        batch.EachOf(needs.Keys, OfKeys, row =>
        {
            scope.Codes.Add(row.GetString(0));
            scope.Campaigns.Add(new(row.GetString(1)));
            scope.Offers.Add(new(row.GetString(2)));
            scope.Orders.Add((new(row.GetString(3)), row.GetString(4)));
        }, [needs.Keys.ToArray()]);
        batch.EachOf(needs.Returning, OfOrders, row => scope.Campaigns.Add(new(row.GetString(0))), Columns(needs.Returning));
        if (needs.AllDue)
        {
            batch.Each(OfDue, row => scope.Campaigns.Add(new(row.GetString(0))), needs.Now.UtcTicks);
        }

        await batch.Run();
        scope.Issuing.UnionWith(needs.Claiming.Where(claim => scope.FreeCodes.ContainsKey(claim.Code))
            .Select(claim => (claim.User, offers[scope.FreeCodes[claim.Code].Offer])));
        scope.Issuing.UnionWith(needs.Issuing.Where(issue => offers.ContainsKey(issue.Offer))
            .Select(issue => (issue.User, offers[issue.Offer])));
        scope.Using.UnionWith(needs.Spending.Where(use => campaignOf.ContainsKey(use.Code))
            .Select(use => (use.User, campaignOf[use.Code])));
        foreach (var (user, code) in needs.Sharing.Where(share => scope.SharedCodes.ContainsKey(share.Code)))
        {
            var shared = scope.SharedCodes[code];
            scope.Offers.Add(shared.Offer);
            scope.Issuing.Add((user, shared.Campaign));
            scope.Using.Add((user, shared.Campaign));
            scope.Counting.UnionWith(owned.Contains((user, code)) ? [] : [shared.Offer]);
        }

        scope.Counting.UnionWith(needs.Issuing.Select(issue => issue.Offer).Concat(scope.FreeCodes.Values.Select(c => c.Offer)));
        scope.Campaigns.UnionWith(scope.Issuing.Concat(scope.Using).Select(pair => pair.Campaign));
        return scope;
    }

    private static void FindShared(
        PostgresBatch batch, LedgerNeeds needs, LedgerScope scope, HashSet<(UserId User, string Code)> owned)
    {
        var sharing = needs.Sharing.ToArray();
        batch.EachOf(sharing, PostgresCodeStore.SelectShared + "code = ANY ($1)", row =>
        {
            var shared = PostgresCodeStore.ReadShared(row);
            scope.SharedCodes[shared.Code] = shared;
        }, [Array.ConvertAll(sharing, share => share.Code)]);
        batch.EachOf(sharing, OfOwn, row =>
        {
            owned.Add((new(row.GetString(0)), row.GetString(1)));
            scope.Codes.Add(row.GetString(2));
        }, Array.ConvertAll(sharing, share => share.User.Value), Array.ConvertAll(sharing, share => share.Code),
            Array.ConvertAll(sharing, share => CodeRules.IssueOf(share.User, share.Code, default).Key));
    }

    /// <summary>Pairs as two columns for <c>unnest</c>.</summary>
    public static object?[] Columns(IReadOnlyCollection<(UserId User, string Other)> pairs) =>
        [pairs.Select(pair => pair.User.Value).ToArray(), pairs.Select(pair => pair.Other).ToArray()];

    /// <summary>Two users with one lock wait for each other without need; that does no harm.</summary>
    private static long LockOf(UserId user) => unchecked((long)StableHash.Of("user", user.Value));
}
