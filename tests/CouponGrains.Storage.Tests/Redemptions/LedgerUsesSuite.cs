using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Coupons that may be used several times, once for an order.</summary>
public abstract class LedgerUsesSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_coupon_of_three_uses_is_open_until_the_third_and_each_takes_its_discount()
    {
        var coupon = await Thrice();
        for (var use = 1; use <= 3; use++)
        {
            var answer = await Redeem($"r{use}", coupon);
            Assert.Equal(
                (RedemptionStatus.Redeemed, use, use < 3), (answer.Answer.Status, answer.Coupon!.Uses, answer.Coupon.IsOpen));
            Assert.Equal(Text(answer.Answer), Text((await Redeem($"r{use}", coupon)).Answer)); // Once for a key.
        }

        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Redeem("r4", coupon)).Answer.Status);
        var found = (await Ledger.Find(coupon.Code, default))!;
        Assert.Equal((CouponState.Redeemed, 3, 3), (found.State, found.Uses, found.UsesMax));
        var use3 = await Budget();
        Assert.Equal((1_500, 1, 3), (use3.Spent.Minor, use3.Issued, use3.Redeemed));
        Assert.Equal(3, (await EventsOf("u1")).Count(e => e.Kind == EventKind.Redeemed));
        await RequireAudit();
    }

    [Fact]
    public async Task A_coupon_is_used_once_for_an_order_whatever_is_left()
    {
        var coupon = await Thrice(new() { Rule = StackingRule.StackableWith, With = ["default"] });
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r1", coupon, "order")).Answer.Status);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Redeem("r2", coupon, "order")).Answer.Status);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed,
            (await Ledger.Validate(On("r2", coupon, "order"), Now, default)).Status);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed,
            (await Ledger.Reserve(new(On("r2", coupon, "order"), Hold), Now, default)).Status);
        await Ledger.RollBack(coupon.User, "r1", Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r3", coupon, "order")).Answer.Status);
        await RequireAudit();
    }

    [Fact]
    public async Task Each_roll_back_gives_its_use_back_and_is_told_once()
    {
        var coupon = await Thrice();
        foreach (var key in (string[])["r1", "r2", "r3"])
        {
            await Redeem(key, coupon);
        }

        Assert.Equal((CouponState.Issued, 2), await RolledBack("r2"));
        Assert.Equal((CouponState.Issued, 2), await RolledBack("r2")); // Doing it twice answers the same.
        Assert.Equal((CouponState.Issued, 1), await RolledBack("r1"));
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r4", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r5", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Redeem("r6", coupon)).Answer.Status);
        Assert.Equal(
            [$"coupon:{coupon.Code}:rolled-back:1", $"coupon:{coupon.Code}:rolled-back:2"],
            (await EventsOf("u1")).Where(e => e.Kind == EventKind.RolledBack).Select(e => e.Id.Value));
        await RequireAudit();

        async Task<(CouponState, int)> RolledBack(string key)
        {
            var answer = await Ledger.RollBack(coupon.User, key, Now, default);
            return (answer.Coupon!.State, answer.Coupon.Uses);
        }
    }

    [Fact]
    public async Task Pieces_that_come_back_give_no_use_back()
    {
        var coupon = await Thrice();
        await Redeem("r1", coupon, "order");
        await Ledger.Return(
            new() { Key = "b1", User = coupon.User, Order = "order", Cart = Samples.Cart(), Now = [1] }, Now, default);
        Assert.Equal(1, (await Ledger.Find(coupon.Code, default))!.Uses);
        Assert.Equal(0, (await Budget()).Spent.Minor);
        await RequireAudit();
    }

    [Fact]
    public async Task One_reservation_holds_the_coupon_and_its_end_frees_the_uses_that_are_left()
    {
        var coupon = await Thrice();
        await Redeem("r1", coupon);
        Assert.Equal(RedemptionStatus.Reserved, (await Reserve("r2")).Status);
        Assert.Equal(RedemptionStatus.Reserved, (await Redeem("r3", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Confirm(coupon.User, "r2", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.Reserved, (await Reserve("r4")).Status);
        await Ledger.Release(coupon.User, "r4", Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r3", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Reserve("r5")).Status);
        await RequireAudit();

        Task<ReservationAnswer> Reserve(string key) => Ledger.Reserve(new(Samples.Redeem(key, coupon), Hold), Now, default);
    }

    [Fact]
    public async Task What_is_left_runs_out_or_is_taken_back_and_what_was_used_stays_used()
    {
        var (expiring, voided) = (await Thrice(), await Issue("k2", offer: "thrice"));
        await Redeem("r1", expiring);
        await Redeem("r2", voided);
        Assert.Null((await Ledger.Void(voided.User, voided.Code, Now, default)).Refusal);
        Store.Time.Advance(TimeSpan.FromDays(20));
        Assert.Single(await Ledger.ExpireDue(expiring.User, Now, default));
        Assert.Equal(RedemptionStatus.Expired, (await Redeem("r3", expiring)).Answer.Status);
        Assert.Equal(1_000, (await Budget()).Spent.Minor);
        await RequireAudit();

        // Nothing opens again what is over.
        Assert.Equal(CouponState.Expired, (await Ledger.RollBack(expiring.User, "r1", Now, default)).Coupon!.State);
        Assert.Equal(CouponState.Voided, (await Ledger.RollBack(voided.User, "r2", Now, default)).Coupon!.State);
        Assert.Equal(0, (await Budget()).Spent.Minor);
        await RequireAudit();
    }

    [Fact]
    public async Task Many_callers_at_once_use_a_coupon_exactly_as_often_as_it_allows()
    {
        var coupon = await Thrice();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => Redeem($"r{i}", coupon))));
        Assert.Equal(3, answers.Count(a => a.Answer.Status == RedemptionStatus.Redeemed));
        Assert.Equal(97, answers.Count(a => a.Answer.Status == RedemptionStatus.AlreadyRedeemed));
        Assert.Equal(1_500, (await Budget()).Spent.Minor);
        await RequireAudit();
    }

    private async Task<Coupon> Thrice(Stacking? stacking = null)
    {
        await Campaign();
        await Store.Campaigns.AddOffers(
            [Samples.Offer("thrice") with { UsesMax = 3, Stacking = stacking ?? new() }], default);
        return await Issue("k1", offer: "thrice");
    }

    private Task<LedgerAnswer> Redeem(string key, Coupon coupon, string? order = null) =>
        Ledger.Redeem(On(key, coupon, order), Now, default);

    private static RedemptionRequest On(string key, Coupon coupon, string? order)
    {
        var request = Samples.Redeem(key, coupon);
        return request with { Order = order ?? request.Order };
    }
}
