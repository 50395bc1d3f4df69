using System.Runtime.CompilerServices;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;
using CouponGrains.Storage.Postgres.Ledger;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Postgres;

/// <summary>The ledger. The changes of a silo gather into batches; each batch is read in two round trips under locks,
/// decided one change after the other by the steps that every store shares, and written and committed together. Limits
/// are exact with any number of processes: the locks are the database's. Silos that write to one campaign have leases
/// on parts of its budget, so that they do not wait for each other: <see cref="BudgetShards"/>.</summary>
internal sealed class PostgresLedger : ILedger, IAsyncDisposable
{
    private const int BatchMax = 256;

    /// <summary>A second one would wait for the locks of the first, and take its requests from it; and leases are a
    /// lane's.</summary>
    private const int Lanes = 1;

    private readonly PostgresDatabase _database;
    private readonly PostgresWriter<LedgerChange, object> _writer;

    public PostgresLedger(PostgresDatabase database, ILogger log)
    {
        _database = database;
        // Random: a silo that comes back under its name is another holder.
        var leases = new LedgerLeases($"{Guid.NewGuid():N}");
        _writer = new(
            database, (session, changes) => LedgerChange.Run(session, changes, leases), _ => 1, BatchMax, Lanes, log);
    }

    public Task<CouponAnswer> Issue(IssueRequest request, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Issue(request.User, request.Offer).IssueKey(request.User, request.Key),
        rows => CouponSteps.Issue(rows, request, now), cancel);

    public Task<CouponAnswer> View(UserId user, string code, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).User(user).Code(code), rows => CouponSteps.View(rows, user, code, now), cancel);

    public Task<CouponAnswer> Claim(UserId user, string code, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Claim(user, code), rows => CouponSteps.Claim(rows, user, code, now), cancel);

    public Task<CouponAnswer> Rate(UserId user, string code, int rating, DateTimeOffset now, CancellationToken cancel) =>
        Change(needs => needs.At(now).User(user).Code(code), rows => CouponSteps.Rate(rows, user, code, rating, now), cancel);

    public Task<CouponAnswer> Void(UserId user, string code, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Spend(user, code), rows => CouponSteps.Void(rows, user, code, now), cancel);

    public Task<IReadOnlyList<CouponAnswer>> ExpireDue(UserId user, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Due().Expire(user), rows => CouponSteps.ExpireDue(rows, user, now), cancel);

    public Task<LedgerAnswer> Redeem(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => Needs(needs, request, now), rows => CheckoutSteps.Redeem(rows, request, now), cancel);

    public Task<ReservationAnswer> Reserve(ReservationRequest request, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => Needs(needs, request.Checkout, now), rows => CheckoutSteps.Reserve(rows, request, now), cancel);

    public Task<LedgerAnswer> Confirm(UserId user, string key, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Due().User(user).Key(key), rows => CheckoutSteps.Confirm(rows, user, key, now), cancel);

    public Task<ReservationAnswer> Release(UserId user, string key, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).User(user).Key(key), rows => CheckoutSteps.Release(rows, user, key, now), cancel);

    public Task<int> ReleaseDue(DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Due(), rows => rows.ReleaseDue(now), cancel);

    public Task<LedgerAnswer> RollBack(UserId user, string redemptionKey, DateTimeOffset now, CancellationToken cancel) =>
        Change(needs => needs.At(now).User(user).Key(redemptionKey),
            rows => CheckoutSteps.RollBack(rows, user, redemptionKey, now), cancel);

    public Task<ReturnAnswer> Return(ReturnRequest request, DateTimeOffset now, CancellationToken cancel) => Change(
        needs => needs.At(now).Return(request.User, request.Order).ReturnKey(request.Key),
        rows => ReturnSteps.Book(rows, request, now), cancel);

    /// <summary>What time will have ended is ended in the book alone, which is not written.</summary>
    public Task<RedemptionAnswer> Validate(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        _database.ReadMoment(async session =>
        {
            var book = await LedgerLoad.Read(session, Needs(new(), request, now), leases: null);
            return CheckoutSteps.Validate(book, request, now);
        }, cancel);

    public Task<IReadOnlyList<UsedCoupon>> UsedOn(UserId user, string order, CancellationToken cancel) =>
        _database.ReadMoment(async session =>
        {
            var book = await LedgerLoad.Read(session, new LedgerNeeds().Order(user, order), leases: null);
            return IdRules.IsValid(order) ? book.UsedOn(user, order, DateTimeOffset.MinValue) : [];
        }, cancel);

    public async Task<IReadOnlyList<UserId>> UsersWithDue(DateTimeOffset now, int limit, CancellationToken cancel) =>
        await _database.Read(session => session.All("""
            SELECT DISTINCT user_id FROM coupons WHERE state IN (1, 2) AND expires_at <= $1
              AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.code = coupons.code AND r.state = 1 AND r.until > $1)
            LIMIT $2
            """, row => new UserId(row.GetString(0)), now.UtcTicks, limit), cancel);

    public async Task<SharedCode?> FindShared(string code, CancellationToken cancel) =>
        SharedCodes.Normalise(code) is { } normal
            ? await _database.Read(session => session.First(
                PostgresCodeStore.SelectShared + "code = $1", PostgresCodeStore.ReadShared, normal), cancel)
            : null;

    public async Task<Coupon?> Find(string code, CancellationToken cancel) => CouponCode.Normalise(code) is { } normal
        ? await _database.Read(session => session.First(
            $"SELECT {PostgresCoupons.Columns} FROM coupons c WHERE c.code = $1", PostgresCoupons.Read, normal), cancel)
        : null;

    public async Task<Coupon?> FindIssued(UserId user, string key, CancellationToken cancel) =>
        await _database.Read(session => session.First(
            $"SELECT {PostgresCoupons.Columns} FROM coupons c WHERE c.user_id = $1 AND c.issue_key = $2",
            PostgresCoupons.Read, user.Value, key), cancel);

    public async Task<IReadOnlyList<Coupon>> Wallet(UserId user, int limit, CancellationToken cancel) =>
        await _database.Read(session => session.All($"""
            SELECT {PostgresCoupons.Columns} FROM coupons c WHERE c.user_id = $1 ORDER BY c.issued_at DESC, c.number
              DESC LIMIT $2
            """, PostgresCoupons.Read, user.Value, limit), cancel);

    public async Task<IReadOnlyList<Coupon>> Coupons(string? after, int limit, CancellationToken cancel) =>
        await _database.Read(session => session.All(
            $"SELECT {PostgresCoupons.Columns} FROM coupons c WHERE c.code > $1 ORDER BY c.code LIMIT $2",
            PostgresCoupons.Read, after ?? "", limit), cancel);

    public async Task<IReadOnlyList<Redemption>> Redemptions(string? after, int limit, CancellationToken cancel) =>
        await _database.Read(session => session.All("""
            SELECT key, code, user_id, campaign_id, order_id, discount, at, rolled_back_at FROM redemptions
            WHERE key > $1 ORDER BY key LIMIT $2
            """, row => new Redemption
        {
            Key = row.GetString(0),
            Code = row.GetString(1),
            User = new(row.GetString(2)),
            Campaign = new(row.GetString(3)),
            Order = row.GetString(4),
            Discount = StoreJson.Read<Discount>(row.GetString(5)),
            At = row.Instant(6),
            RolledBackAt = row.InstantOrNull(7),
        }, after ?? "", limit), cancel);

    public Task<BudgetUse?> Budget(CampaignId campaign, CancellationToken cancel) => _database.Read(session =>
        session.First($"SELECT {PostgresCampaignStore.BudgetColumns} FROM budgets WHERE campaign_id = $1",
            row => PostgresCampaignStore.ReadBudget(row, 0), campaign.Value), cancel);

    public Task<LedgerAudit> Audit(CancellationToken cancel) => _database.ReadMoment(session => PostgresAudit.Run(session.Patient()), cancel);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static LedgerNeeds Needs(LedgerNeeds needs, RedemptionRequest request, DateTimeOffset now) => needs
        .At(now).Due().Spend(request.User, request.Code).Key(request.Key).Order(request.User, request.Order).Cart(request.Cart);

    private async Task<T> Change<T>(
        Func<LedgerNeeds, LedgerNeeds> needs, Func<ILedgerRows, T> step, CancellationToken cancel,
        [CallerMemberName] string name = "")
        where T : notnull => (T)await _writer.Write(new(needs, rows => step(rows)), cancel, name);
}
