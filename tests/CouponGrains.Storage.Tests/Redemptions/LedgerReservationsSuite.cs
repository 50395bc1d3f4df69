using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Coupons set aside while the user pays.</summary>
public abstract class LedgerReservationsSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_reservation_holds_coupon_and_budget_and_is_redeemed_once()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var reserved = await Reserve("r1", coupon);
        Assert.Equal(RedemptionStatus.Reserved, reserved.Status);
        Assert.Equal((Now + Hold, 500L), (reserved.Reservation!.Until, reserved.Reservation.Discount.Total.Minor));
        Assert.Equal((0, 500, 1, 0), await Balance());
        Assert.Equal(RedemptionStatus.Reserved, (await Redeem("r2", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.Reserved, (await Ledger.Validate(Samples.Redeem("r2", coupon), Now, default)).Status);

        Store.Time.Advance(TimeSpan.FromMinutes(1));
        var first = await Ledger.Confirm(coupon.User, "r1", Now, default);
        var again = await Ledger.Confirm(coupon.User, "r1", Now.AddMinutes(1), default);
        Assert.Equal((RedemptionStatus.Redeemed, Now), (first.Answer.Status, first.Answer.Redemption!.At));
        Assert.Equal(Text(first.Answer), Text(again.Answer));
        Assert.Equal(Text(first.Answer), Text((await Redeem("r1", coupon)).Answer));
        Assert.Null(again.Event);
        Assert.Equal(CouponState.Redeemed, (await Ledger.Find(coupon.Code, default))!.State);
        Assert.Equal((500, 0, 0, 1), await Balance());
        await RequireAudit();
    }

    [Fact]
    public async Task Redeeming_with_the_key_and_content_of_a_reservation_redeems_it()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Reserve("r1", coupon);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Validate(Samples.Redeem("r1", coupon), Now, default)).Status);
        Assert.Equal(RedemptionStatus.KeyReusedWithOtherContent,
            (await Ledger.Redeem(Samples.Redeem("r1", coupon, 3_000), Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r1", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.Reserved, (await Reserve("r1", coupon)).Status); // A repeat answers as before.
        await Ledger.RollBack(coupon.User, "r1", Now, default);
        Assert.Equal(RedemptionStatus.RolledBack, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.RolledBack, (await Reserve("r1", coupon)).Status);
        Assert.Equal((0, 0, 0, 0), await Balance());
        await RequireAudit();
    }

    [Fact]
    public async Task A_reservation_repeated_answers_alike_and_another_content_is_refused()
    {
        await Campaign();
        var (coupon, other) = (await Issue("k1"), await Issue("k2"));
        var first = await Reserve("r1", coupon);
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first.Reservation!.Until, (await Reserve("r1", coupon)).Reservation!.Until);
        Assert.Equal(RedemptionStatus.KeyReusedWithOtherContent, (await Reserve("r1", other)).Status);
        Assert.Equal((0, 500, 1, 0), await Balance());
        await Redeem("r2", other);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Reserve("r2", other)).Status);
    }

    [Fact]
    public async Task A_look_at_another_time_sees_a_reservation_ended_and_ends_none()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Reserve("r1", coupon);
        var before = await Balance();
        var later = await Ledger.Validate(Samples.Redeem("r2", coupon), Now + Hold, default);
        Assert.Equal(RedemptionStatus.Redeemed, later.Status);
        Assert.Equal(before, await Balance());
        Assert.Equal(RedemptionStatus.Reserved, (await Ledger.Validate(Samples.Redeem("r2", coupon), Now, default)).Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
    }

    [Fact]
    public async Task A_reservation_ends_by_itself_and_stays_ended_though_the_clock_is_set_back()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var begun = Now;
        await Reserve("r1", coupon);
        Store.Time.Advance(Hold);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Validate(Samples.Redeem("r2", coupon), Now, default)).Status);
        Assert.Equal(RedemptionStatus.Reserved, (await Reserve("r2", coupon)).Status);
        Assert.Equal(RedemptionStatus.ReservationExpired, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.ReservationExpired, (await Ledger.Confirm(coupon.User, "r1", begun, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.ReservationExpired, (await Reserve("r1", coupon)).Status);
        Assert.Equal(RedemptionStatus.ReservationExpired, (await Redeem("r1", coupon)).Answer.Status);
        Assert.Equal(RedemptionStatus.Released, (await Ledger.Release(coupon.User, "r1", Now, default)).Status);
        Store.Time.Advance(Hold);
        Assert.Equal((1, 0), (await Ledger.ReleaseDue(Now, default), await Ledger.ReleaseDue(Now, default)));
        Assert.Equal((0, 0, 0, 0), await Balance());
        await RequireAudit();
    }

    [Fact]
    public async Task A_release_gives_back_what_was_held_and_doing_it_twice_answers_the_same()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Reserve("r1", coupon);
        Assert.Equal(RedemptionStatus.UnknownReservation, (await Ledger.Release(new("u2"), "r1", Now, default)).Status);
        Assert.Equal(RedemptionStatus.UnknownReservation, (await Ledger.Confirm(new("u2"), "r1", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.UnknownReservation, (await Ledger.Confirm(coupon.User, "r9", Now, default)).Answer.Status);
        var first = await Ledger.Release(coupon.User, "r1", Now, default);
        Assert.Equal((RedemptionStatus.Released, ReservationState.Released), (first.Status, first.Reservation!.State));
        Assert.Equal(ReservationState.Released, (await Ledger.Release(coupon.User, "r1", Now, default)).Reservation!.State);
        Assert.Equal((0, 0, 0, 0), await Balance());
        Assert.Equal(RedemptionStatus.Released, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.Released, (await Reserve("r1", coupon)).Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem("r2", coupon)).Answer.Status);
        await Reserve("r3", await Issue("k3"));
        await Ledger.Confirm(coupon.User, "r3", Now, default);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Ledger.Release(coupon.User, "r3", Now, default)).Status);
        await RequireAudit();
    }

    [Fact]
    public async Task What_was_reserved_in_time_is_redeemed_though_the_coupon_has_ended_meanwhile()
    {
        await Campaign();
        var (coupon, other) = (await Issue("k1"), await Issue("k2"));
        Store.Time.Advance(coupon.ExpiresAt - Now - TimeSpan.FromMinutes(1));
        await Reserve("r1", coupon);
        await Reserve("r2", other);
        Store.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await Ledger.UsersWithDue(Now, 10, default));
        Assert.Empty(await Ledger.ExpireDue(coupon.User, Now, default));
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
        Store.Time.Advance(Hold);
        Assert.Single(await Ledger.UsersWithDue(Now, 10, default));
        Assert.Equal(other.Code, Assert.Single(await Ledger.ExpireDue(coupon.User, Now, default)).Coupon!.Code);
        await Ledger.ReleaseDue(Now, default);
        await RequireAudit();
    }

    [Fact]
    public async Task A_coupon_that_runs_out_ends_the_reservation_that_ran_out_before_it_is_swept()
    {
        await Campaign();
        var coupon = await Issue("k1");
        Store.Time.Advance(coupon.ExpiresAt - Now - TimeSpan.FromMinutes(1));
        var held = Now;
        await Reserve("r1", coupon);
        Store.Time.Advance(Hold);
        Assert.Equal(CouponState.Expired, Assert.Single(await Ledger.ExpireDue(coupon.User, Now, default)).Coupon!.State);
        await RequireAudit();
        Assert.Equal((0, 0, 0, 0), await Balance());

        // Neither of them is back because the clock is.
        var confirmed = await Ledger.Confirm(coupon.User, "r1", held, default);
        Assert.Equal(RedemptionStatus.ReservationExpired, confirmed.Answer.Status);
        Assert.Equal(CouponState.Expired, (await Ledger.Find(coupon.Code, default))!.State);
        await RequireAudit();
    }

    [Fact]
    public async Task A_coupon_that_is_taken_back_gives_up_its_reservation_and_a_used_one_is_not_taken_back()
    {
        await Campaign();
        var (coupon, used) = (await Issue("k1"), await Issue("k2"));
        await Reserve("r1", coupon);
        await Redeem("r2", used);
        var first = await Ledger.Void(coupon.User, coupon.Code, Now, default);
        Assert.Equal(CouponState.Voided, first.Coupon!.State);
        Assert.Equal(first.Coupon, (await Ledger.Void(coupon.User, coupon.Code, Now, default)).Coupon);
        Assert.Equal(RedemptionStatus.Released, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.Voided, (await Redeem("r3", coupon)).Answer.Status);
        Assert.Equal(RefusalCodes.CouponNotOpen, (await Ledger.Void(used.User, used.Code, Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownCoupon, (await Ledger.Void(new("u2"), coupon.Code, Now, default)).Refusal?.Code);
        Assert.Equal((500, 0, 0, 1), await Balance());
        await RequireAudit();
    }

    [Fact]
    public async Task Reservations_count_for_every_limit_and_the_budget_is_not_lowered_below_them()
    {
        var campaign = Samples.Campaign() with { RedemptionsMax = 2, Caps = new() { RedeemedPerUser = 1 } };
        await Campaign(campaign);
        Coupon[] coupons = [await Issue("a"), await Issue("b"), await Issue("c", "u2"), await Issue("d", "u3")];
        await Reserve("r-a", coupons[0]);
        Assert.Equal(RedemptionStatus.UserCapReached, (await Redeem("r-b", coupons[1])).Answer.Status);
        await Reserve("r-c", coupons[2]);
        Assert.Equal(RedemptionStatus.CampaignCapReached, (await Reserve("r-d", coupons[3])).Status);
        var lower = await Assert.ThrowsAsync<RefusedException>(() => Store.Campaigns.Put(
            campaign with { Revision = 2, Budget = new(999, Samples.Usd) }, default));
        Assert.Equal(RefusalCodes.BudgetBelowSpent, lower.Refusal.Code);
        Assert.True(await Store.Campaigns.Put(
            campaign with { Revision = 2, RedemptionsMax = null, Budget = new(1_000, Samples.Usd) }, default));
        Assert.Equal(RedemptionStatus.BudgetExhausted, (await Reserve("r-d", coupons[3])).Status);
        Assert.Equal(0, (await Budget()).Left.Minor);
        await RequireAudit();
    }

    [Fact]
    public async Task A_coupon_reserved_on_an_order_stands_beside_the_others_as_if_it_were_used()
    {
        await Campaign(WithFloor(-10_000));
        await Store.Campaigns.AddOffers(
            [Samples.Offer("a", amount: 1_500) with { Stacking = new() { Rule = StackingRule.StackableWith, With = ["default"] } },
                Samples.Offer("b", amount: 1_500) with { Stacking = new() { Rule = StackingRule.StackableWith, With = ["default"] } }], default);
        Coupon[] coupons = [await Issue("k1", offer: "a"), await Issue("k2", offer: "b"), await Issue("k3")];
        await Ledger.Reserve(new(On("r1", coupons[0]), Hold), Now, default);
        Assert.Equal(500, (await Ledger.Redeem(On("r2", coupons[1]), Now, default)).Answer.Discount!.Total.Minor);
        Assert.Equal(RedemptionStatus.NotStackable, (await Ledger.Redeem(On("r3", coupons[2]), Now, default)).Answer.Status);
        await Ledger.Confirm(coupons[0].User, "r1", Now, default);
        Assert.Equal(2, (await Ledger.UsedOn(coupons[0].User, "order", default)).Count);
        var cart = Samples.Cart();
        await Ledger.Return(new() { Key = "b1", User = coupons[0].User, Order = "order", Cart = cart, Now = [1] }, Now, default);
        Assert.Equal((0, 0, 0, 2), await Balance());
        await RequireAudit();

        RedemptionRequest On(string key, Coupon coupon) => Samples.Redeem(key, coupon) with { Order = "order" };
    }

    [Fact]
    public async Task What_is_no_reservation_is_refused_and_holds_nothing()
    {
        await Campaign();
        var coupon = await Issue("k1");
        foreach (var hold in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromDays(8), TimeSpan.MaxValue])
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => Ledger.Reserve(new(Samples.Redeem("r1", coupon), hold), Now, default));
            Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
        }

        var tooDear = Samples.Cart() with { Lines = [new(new("i1"), 2, new(long.MaxValue, Samples.Usd))] };
        await Assert.ThrowsAsync<RefusedException>(() => Ledger.Reserve(new(Samples.Redeem("", coupon), Hold), Now, default));
        await Assert.ThrowsAsync<RefusedException>(
            () => Ledger.Reserve(new(Samples.Redeem("r1", coupon, price: -1), Hold), Now, default));
        await Assert.ThrowsAsync<RefusedException>(
            () => Ledger.Reserve(
                new(Samples.Redeem("r1", coupon) with { Cart = tooDear }, Hold), Now, default));
        Assert.Equal(RedemptionStatus.UnknownCoupon,
            (await Ledger.Reserve(new(Samples.Redeem("r1", coupon) with { Code = "none" }, Hold), Now, default)).Status);
        Assert.Equal((0, 0, 0, 0), await Balance());
        Assert.Equal(RedemptionStatus.Reserved, (await Reserve("r1", coupon)).Status);
    }

    [Fact]
    public async Task A_reservation_survives_a_crash()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Reserve("r1", coupon);
        await Store.Crash();
        Assert.Equal((0, 500, 1, 0), await Balance());
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Confirm(coupon.User, "r1", Now, default)).Answer.Status);
        await RequireAudit();
    }

    [Fact]
    public async Task Parallel_reservations_confirmations_and_releases_never_pass_the_limit()
    {
        const int Limit = 23;
        await Campaign(Samples.Campaign() with
        {
            RedemptionsMax = Limit, Budget = new(1_000_000, Samples.Usd),
            Caps = new() { OpenPerUser = 1_000, IssuedPerUser = 1_000, RedeemedPerUser = 1_000 },
        });
        var coupons = new List<Coupon>();
        for (var i = 0; i < 200; i++)
        {
            coupons.Add(await Issue($"k{i}", $"u{i % 10}"));
        }

        var answers = await Task.WhenAll(coupons.Select(c => Task.Run(() => Reserve("r-" + c.Code, c))));
        Assert.Equal(Limit, answers.Count(a => a.Status == RedemptionStatus.Reserved));
        var held = answers.Select(a => a.Reservation).OfType<Reservation>().ToList();
        await Task.WhenAll(held[..10].Select(r => Task.Run(() => Ledger.Release(r.User, r.Key, Now, default))));
        var confirmed = Task.WhenAll(held.Select(r => Task.Run(() => Ledger.Confirm(r.User, r.Key, Now, default))));
        var redeemed = await Task.WhenAll(coupons.Select(c => Task.Run(() => Redeem("x-" + c.Code, c))));
        Assert.Equal(13, (await confirmed).Count(a => a.Answer.Status == RedemptionStatus.Redeemed));
        Assert.Equal(10, redeemed.Count(a => a.Answer.Status == RedemptionStatus.Redeemed));
        Assert.Equal((Limit * 500, 0, 0, Limit), await Balance());
        await RequireAudit();
    }

    private Task<ReservationAnswer> Reserve(string key, Coupon coupon) =>
        Ledger.Reserve(new(Samples.Redeem(key, coupon), Hold), Now, default);

    private Task<LedgerAnswer> Redeem(string key, Coupon coupon) =>
        Ledger.Redeem(Samples.Redeem(key, coupon), Now, default);

    private async Task<(long Spent, long Reserved, long Held, long Redeemed)> Balance() =>
        await Budget() is var use ? (use.Spent.Minor, use.ReservedMinor, use.Held, use.Redeemed) : default;
}
