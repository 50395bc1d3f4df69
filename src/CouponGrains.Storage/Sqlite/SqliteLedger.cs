using System.Runtime.CompilerServices;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;
using CouponGrains.Storage.Sqlite.Ledger;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The ledger. Every change is one operation of the one writer, decided by the steps that every store
/// shares.</summary>
internal sealed class SqliteLedger(SqliteWriter writer, SqliteReaders readers) : ILedger
{
    public Task<CouponAnswer> Issue(IssueRequest request, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CouponSteps.Issue(rows, request, now), cancel);

    public Task<CouponAnswer> View(UserId user, string code, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CouponSteps.View(rows, user, code, now), cancel);

    public Task<CouponAnswer> Claim(UserId user, string code, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CouponSteps.Claim(rows, user, code, now), cancel);

    public Task<CouponAnswer> Rate(UserId user, string code, int rating, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CouponSteps.Rate(rows, user, code, rating, now), cancel);

    public Task<CouponAnswer> Void(UserId user, string code, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CouponSteps.Void(rows, user, code, now), cancel);

    public Task<IReadOnlyList<CouponAnswer>> ExpireDue(UserId user, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CouponSteps.ExpireDue(rows, user, now), cancel);

    public Task<LedgerAnswer> Redeem(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CheckoutSteps.Redeem(rows, request, now), cancel);

    public Task<ReservationAnswer> Reserve(ReservationRequest request, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CheckoutSteps.Reserve(rows, request, now), cancel);

    public Task<LedgerAnswer> Confirm(UserId user, string key, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CheckoutSteps.Confirm(rows, user, key, now), cancel);

    public Task<ReservationAnswer> Release(UserId user, string key, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CheckoutSteps.Release(rows, user, key, now), cancel);

    public Task<int> ReleaseDue(DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => rows.ReleaseDue(now), cancel);

    public Task<LedgerAnswer> RollBack(UserId user, string redemptionKey, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => CheckoutSteps.RollBack(rows, user, redemptionKey, now), cancel);

    public Task<ReturnAnswer> Return(ReturnRequest request, DateTimeOffset now, CancellationToken cancel) =>
        Change(rows => ReturnSteps.Book(rows, request, now), cancel);

    /// <summary>Only what time will have ended needs the writer, which undoes it: the time may be one that the caller
    /// made up.</summary>
    public async Task<RedemptionAnswer> Validate(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        await Read(rows => rows.AnyDue(now) ? null : CheckoutSteps.Validate(rows, request, now), cancel)
        ?? await writer.Write(
            session => session.Undone(() => CheckoutSteps.Validate(new SqliteRows(session), request, now)), cancel);

    public Task<IReadOnlyList<UsedCoupon>> UsedOn(UserId user, string order, CancellationToken cancel) =>
        Read(rows => rows.UsedOn(user, order, DateTimeOffset.MinValue), cancel);

    public Task<IReadOnlyList<UserId>> UsersWithDue(DateTimeOffset now, int limit, CancellationToken cancel) =>
        Read(rows => rows.UsersWithDue(now, limit), cancel);

    public Task<SharedCode?> FindShared(string code, CancellationToken cancel) => Read(rows => rows.FindShared(code), cancel);

    public Task<Coupon?> Find(string code, CancellationToken cancel) => Read(rows => rows.FindCoupon(code), cancel);

    public Task<Coupon?> FindIssued(UserId user, string key, CancellationToken cancel) =>
        Read(rows => rows.FindIssued(user, key), cancel);

    public Task<IReadOnlyList<Coupon>> Wallet(UserId user, int limit, CancellationToken cancel) =>
        Read(rows => rows.Wallet(user, limit), cancel);

    public Task<IReadOnlyList<Coupon>> Coupons(string? after, int limit, CancellationToken cancel) =>
        Read(rows => rows.Coupons(after ?? "", limit), cancel);

    public Task<IReadOnlyList<Redemption>> Redemptions(string? after, int limit, CancellationToken cancel) =>
        Read(rows => rows.Redemptions(after ?? "", limit), cancel);

    public Task<BudgetUse?> Budget(CampaignId campaign, CancellationToken cancel) =>
        Read(rows => rows.FindBudget(campaign), cancel);

    public Task<LedgerAudit> Audit(CancellationToken cancel) => readers.Read(SqliteAudit.Run, cancel);

    private Task<T> Change<T>(
        Func<SqliteRows, T> step, CancellationToken cancel, [CallerMemberName] string name = "") =>
        writer.Write(session => step(new(session)), cancel, name);

    private Task<T> Read<T>(
        Func<SqliteRows, T> read, CancellationToken cancel, [CallerMemberName] string name = "") =>
        readers.Read(session => read(new(session)), cancel, name);
}
