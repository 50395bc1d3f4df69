using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>What offers demand of a ledger: stock, times, and other coupons on one order.</summary>
public abstract class LedgerOffersSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task A_coupon_is_found_by_the_key_that_its_user_was_issued_it_under()
    {
        await Campaign();
        var coupon = await Issue("k1");
        Assert.Equal(coupon, await Ledger.FindIssued(coupon.User, "k1", default));
        Assert.Null(await Ledger.FindIssued(new("u9"), "k1", default));
        Assert.Null(await Ledger.FindIssued(coupon.User, "k2", default));
    }

    [Fact]
    public async Task The_stock_of_an_offer_is_issued_to_the_last_coupon_under_many_callers_at_once()
    {
        await Campaign();
        await Store.Campaigns.AddOffers([Samples.Offer("few") with { Stock = 17 }], default);
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(
            () => Ledger.Issue(Samples.Issue($"k{i}", $"u{i}", "few"), Now, default))));
        Assert.Equal(17, answers.Count(a => a.Coupon is not null));
        Assert.All(answers.Where(a => a.Coupon is null),
            a => Assert.Equal(RefusalCodes.StockExhausted, a.Refusal?.Code));
        Assert.NotNull(await Issue("k", "u1"));
    }

    [Fact]
    public async Task An_offer_that_ended_is_not_issued_and_its_coupons_end_with_it()
    {
        await Campaign();
        var end = Now.AddHours(5);
        await Store.Campaigns.AddOffers([Samples.Offer("short") with { Times = new() { End = end } }], default);
        Assert.Equal(end, (await Issue("k1", offer: "short")).ExpiresAt);
        Assert.Equal(
            RefusalCodes.OfferEnded,
                (await Ledger.Issue(Samples.Issue("k2", offer: "short"), end, default)).Refusal?.Code);
    }

    [Fact]
    public async Task A_coupon_that_would_run_out_before_its_hours_is_not_issued()
    {
        await Campaign(); // Sunday, 9:00 UTC, 10:00 in Berlin.
        var evening = new OfferTimes { From = new(18, 0), Until = new(20, 0) };
        await Store.Campaigns.AddOffers(
        [
            Samples.Offer("eight") with { Times = evening, ValidFor = TimeSpan.FromHours(8), Stock = 1 },
            Samples.Offer("nine") with { Times = evening, ValidFor = TimeSpan.FromHours(9) },
        ], default);
        var refused = await Ledger.Issue(Samples.Issue("k1", offer: "eight"), Now, default);
        Assert.Equal(RefusalCodes.NoUsableTime, refused.Refusal?.Code);
        Assert.NotNull(await Issue("k2", offer: "nine"));
        // Nothing was counted: its one coupon is there in the afternoon.
        Assert.NotNull((await Ledger.Issue(Samples.Issue("k1", offer: "eight"), Now.AddHours(4), default)).Coupon);
    }

    [Fact]
    public async Task A_coupon_is_redeemed_in_its_hours_of_the_campaigns_zone_alone()
    {
        await Campaign(); // In Berlin; the store's clock shows Sunday, 9:00 UTC.
        await Store.Campaigns.AddOffers(
            [Samples.Offer("late") with { Times = new() { From = new(18, 0), Until = new(20, 0) } }], default);
        var request = Samples.Redeem("r1", await Issue("k1", offer: "late"));
        Assert.Equal(RedemptionStatus.OutsideTimes, (await Ledger.Redeem(request, Now, default)).Answer.Status);
        var evening = Now.AddHours(8); // 17:00 UTC, 18:00 in Berlin.
        Assert.Equal(RedemptionStatus.OutsideTimes,
            (await Ledger.Validate(request, evening.AddTicks(-1), default)).Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Redeem(request, evening, default)).Answer.Status);
    }

    [Fact]
    public async Task Coupons_on_one_order_stand_beside_each_other_and_take_off_what_is_left()
    {
        await Campaign(WithFloor(-10_000));
        await Store.Campaigns.AddOffers([Stackable("a", 1_500), Stackable("b", 1_500)], default);
        var (a, b, alone) = (await Issue("k1", offer: "a"), await Issue("k2", offer: "b"), await Issue("k3"));
        var first = await Ledger.Redeem(On("order", "r1", a), Now, default);
        var second = await Ledger.Redeem(On("order", "r2", b), Now, default);
        Assert.Equal((1_500, 500), (first.Answer.Discount!.Total.Minor, second.Answer.Discount!.Total.Minor));
        Assert.Equal(RedemptionStatus.NotStackable,
            (await Ledger.Redeem(On("order", "r3", alone), Now, default)).Answer.Status);
        Assert.Equal(
            [1_500, 500],
            (await Ledger.UsedOn(a.User, "order", default)).Select(u => u.Discount.Total.Minor));
        Assert.Empty(await Ledger.UsedOn(new("u2"), "order", default));

        await Ledger.RollBack(a.User, "r1", Now, default);
        await Ledger.RollBack(a.User, "r2", Now, default);
        Assert.Equal(RedemptionStatus.Redeemed,
            (await Ledger.Redeem(On("order", "r3", alone), Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.NotStackable,
            (await Ledger.Redeem(On("order", "r4", a), Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.Redeemed,
            (await Ledger.Redeem(On("other", "r5", a), Now, default)).Answer.Status);
        Assert.Equal(2_000, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task A_second_coupon_of_an_order_finds_each_line_again_and_no_other_cart()
    {
        await Campaign(WithFloor(-10_000));
        await Store.Campaigns.AddOffers([Stackable("a", 1_500), Stackable("b", 1_500)], default);
        var (a, b) = (await Issue("k1", offer: "a"), await Issue("k2", offer: "b"));
        var cart = Samples.Cart();
        cart = cart with { Lines = [cart.Lines[0], new(new("i2"), 1, new(500, Samples.Usd))] };
        var turned = cart with { Lines = [.. cart.Lines.Reverse()] };
        Assert.Equal([1_200, 300], Parts(await Ledger.Redeem(On("order", "r1", a) with { Cart = cart }, Now, default)));
        var other = On("order", "r2", b);
        Assert.Equal(RedemptionStatus.OtherCart, (await Ledger.Validate(other, Now, default)).Status);
        Assert.Equal(RedemptionStatus.OtherCart, (await Ledger.Redeem(other, Now, default)).Answer.Status);
        Assert.Equal(1_500, (await Budget()).Spent.Minor);
        Assert.Equal([200, 800], Parts(await Ledger.Redeem(other with { Cart = turned }, Now, default)));
        Assert.Equal(2_500, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task Coupons_on_one_order_together_keep_the_higher_margin_floor_of_their_campaigns()
    {
        // 20.00 with an unknown margin, taken as 30 %: the floor of 5 % has room for 5.00, that of 0 for 6.00.
        await Campaign(WithFloor(0));
        await Store.Campaigns.Put(WithFloor(500) with { Id = new("summer") }, default);
        await Store.Campaigns.AddOffers(
            [Stackable("a", 300), Stackable("b", 300), Stackable("c", 300) with { Campaign = new("summer") }], default);
        var (a, b, c) = (
            await Issue("k1", offer: "a"), await Issue("k2", offer: "b"), await Issue("k3", offer: "c"));
        Assert.Equal([300], Parts(await Ledger.Redeem(On("one", "r1", a), Now, default)));
        Assert.Equal(RedemptionStatus.BelowMarginFloor,
            (await Ledger.Validate(On("one", "r2", c), Now, default)).Status);
        Assert.Equal(RedemptionStatus.BelowMarginFloor,
            (await Ledger.Redeem(On("one", "r2", c), Now, default)).Answer.Status);
        Assert.Equal([300], Parts(await Ledger.Redeem(On("one", "r3", b), Now, default)));
        await Ledger.RollBack(a.User, "r1", Now, default);
        await Ledger.RollBack(a.User, "r3", Now, default);
        Assert.Equal([300], Parts(await Ledger.Redeem(On("two", "r4", c), Now, default)));
        Assert.Equal(RedemptionStatus.BelowMarginFloor,
            (await Ledger.Redeem(On("two", "r5", a), Now, default)).Answer.Status);
        Assert.Equal(0, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task Points_spent_are_part_of_a_redemption_and_of_its_repeated_answer()
    {
        await Campaign();
        await Store.Campaigns.AddOffers(
            [Samples.Offer("points") with { Kind = OfferKind.PointsRedemption, Points = new() { Price = 300 } }],
                default);
        var request = Samples.Redeem("r1", await Issue("k1", offer: "points"));
        Assert.Equal(RedemptionStatus.NotEnoughPoints, (await Ledger.Redeem(request, Now, default)).Answer.Status);
        request = request with { Cart = request.Cart with { Points = 300 } };
        var answer = await Ledger.Redeem(request, Now, default);
        Assert.Equal(300, answer.Answer.Redemption?.Discount.PointsSpent);
        Assert.Equal(Text(answer.Answer), Text((await Ledger.Redeem(request, Now, default)).Answer));
    }

    private static IEnumerable<long> Parts(LedgerAnswer answer) =>
        answer.Answer.Discount!.Lines.Select(l => l.Minor);

    private static Offer Stackable(string id, long amount) => Samples.Offer(id, amount: amount) with
    {
        Stacking = new() { Rule = StackingRule.OnePerClass, Class = id },
    };

    private static RedemptionRequest On(string order, string key, Coupon coupon) =>
        Samples.Redeem(key, coupon) with { Order = order };
}
