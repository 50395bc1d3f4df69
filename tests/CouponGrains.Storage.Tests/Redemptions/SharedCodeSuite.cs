using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Codes that many users share, and the coupons that they get.</summary>
public abstract class SharedCodeSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly SharedCodeOrder Welcome = new(new("spring"), "Welcome10", new("five-off"));

    [Fact]
    public async Task A_code_belongs_to_one_offer_and_is_given_once()
    {
        await Share();
        await Store.Campaigns.AddOffers([Samples.Offer("other")], default);
        var code = new SharedCode("WELCOME10", Welcome.Campaign, Welcome.Offer, Now);
        Assert.Equal(code, Assert.Single(await Store.Codes.Shared(Welcome.Campaign, default)));
        Assert.Equal(code, (await Store.Codes.Share(Welcome with { Code = " welcome10 " }, Now.AddDays(1), default)).Code);
        Assert.Equal(code, await Ledger.FindShared("weLcome10", default));
        Assert.Null(await Ledger.FindShared("welcome11", default));
        Assert.Equal(RefusalCodes.DuplicateOtherContent,
            (await Store.Codes.Share(Welcome with { Offer = new("other") }, Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownOffer,
            (await Store.Codes.Share(Welcome with { Code = "NEW", Offer = new("none") }, Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.InvalidValue,
            (await Store.Codes.Share(Welcome with { Code = CouponCode.New() }, Now, default)).Refusal?.Code);
        await Store.Crash();
        Assert.Equal(code, Assert.Single(await Store.Codes.Shared(Welcome.Campaign, default)));
    }

    [Fact]
    public async Task Who_claims_it_gets_a_coupon_of_his_own_once()
    {
        await Share();
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => Ledger.Claim(new($"u{i % 4}"), i % 2 == 0 ? "welcome10" : "WELCOME10", Now, default))));
        Assert.All(claims, claim => Assert.Equal(CouponState.Claimed, claim.Coupon?.State));
        var coupons = claims.Select(claim => claim.Coupon!.Code).Distinct().ToList();
        Assert.Equal(4, coupons.Count);
        Assert.All(coupons, code => Assert.Equal(code, CouponCode.Normalise(code)));
        Assert.Equal((4L, 0L), ((await Budget()).Issued, (await Budget()).Redeemed));
        Assert.Equal([EventKind.Issued, EventKind.Claimed], (await EventsOf("u1")).Select(e => e.Kind));
        Assert.Equal(RefusalCodes.UnknownCoupon, (await Ledger.Claim(new("u1"), "welcome11", Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownCoupon, (await Ledger.View(new("u1"), "welcome10", Now, default)).Refusal?.Code);
        await RequireAudit();
    }

    [Fact]
    public async Task Presented_at_the_checkout_it_issues_and_redeems_in_one_step_and_only_if_accepted()
    {
        await Share(usesMax: 2);
        var wish = Wish("r1", "u1");
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Validate(wish, Now, default)).Status);
        Assert.Equal(RedemptionStatus.CurrencyMismatch,
            (await Ledger.Redeem(wish with { Key = "r0", Cart = Foreign() }, Now, default)).Answer.Status);
        Assert.Equal(0, (await Budget()).Issued);
        var first = await Ledger.Redeem(wish, Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, first.Answer.Status);
        Assert.Equal(Text(first.Answer), Text((await Ledger.Redeem(wish, Now, default)).Answer));
        Assert.Equal([EventKind.Issued, EventKind.Claimed, EventKind.Redeemed], (await EventsOf("u1")).Select(e => e.Kind));
        var own = first.Answer.Redemption!.Code;
        Assert.Equal(own, (await Ledger.Claim(new("u1"), "welcome10", Now, default)).Coupon?.Code);
        Assert.Equal(RedemptionStatus.KeyReusedWithOtherContent,
            (await Ledger.Redeem(wish with { Order = "another" }, Now, default)).Answer.Status);

        // His second use, reserved first; a third there is not.
        Assert.Equal(RedemptionStatus.Reserved,
            (await Ledger.Reserve(new(Wish("r2", "u1"), TimeSpan.FromHours(1)), Now, default)).Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Redeem(Wish("r2", "u1"), Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Ledger.Redeem(Wish("r3", "u1"), Now, default)).Answer.Status);
        Assert.Equal(RefusalCodes.CouponNotOpen, (await Ledger.Claim(new("u1"), "welcome10", Now, default)).Refusal?.Code);
        Assert.Equal(1, (await Budget()).Issued);
        await RequireAudit();
    }

    [Fact]
    public async Task A_reservation_of_it_holds_a_coupon_that_is_issued_with_it()
    {
        await Share();
        var held = await Ledger.Reserve(new(Wish("r1", "u1"), TimeSpan.FromHours(1)), Now, default);
        Assert.Equal(RedemptionStatus.Reserved, held.Status);
        Assert.Equal(RedemptionStatus.Reserved, (await Ledger.Redeem(Wish("r2", "u1"), Now, default)).Answer.Status);
        var again = await Ledger.Reserve(new(Wish("r1", "u1"), TimeSpan.FromHours(1)), Now, default);
        Assert.Equal((held.Status, held.Reservation!.Code), (again.Status, again.Reservation!.Code));
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Confirm(new("u1"), "r1", Now, default)).Answer.Status);
        Assert.Equal(1, (await Budget()).Issued);
        await RequireAudit();
    }

    [Fact]
    public async Task The_offers_stock_and_the_campaigns_rules_hold_for_claims_and_checkouts()
    {
        await Share(stock: 2);
        Assert.NotNull((await Ledger.Claim(new("u1"), "welcome10", Now, default)).Coupon);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Redeem(Wish("r2", "u2"), Now, default)).Answer.Status);
        Assert.Equal(RefusalCodes.StockExhausted, (await Ledger.Claim(new("u3"), "welcome10", Now, default)).Refusal?.Code);
        Assert.Equal(RedemptionStatus.CampaignCapReached, (await Ledger.Redeem(Wish("r3", "u3"), Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.CampaignCapReached, (await Ledger.Validate(Wish("r3", "u3"), Now, default)).Status);
        Assert.Equal(RedemptionStatus.Expired,
            (await Ledger.Redeem(Wish("r4", "u4"), Now.AddDays(90), default)).Answer.Status);
        await Store.Campaigns.WithdrawOffer(Welcome.Offer, default);
        Assert.Equal(RedemptionStatus.Voided, (await Ledger.Redeem(Wish("r5", "u5"), Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Redeem(Wish("r1", "u1"), Now, default)).Answer.Status);
        await RequireAudit();
    }

    [Fact]
    public async Task Of_many_who_present_it_at_once_exactly_as_many_get_one_as_there_are()
    {
        await Share(stock: 137);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async i => i % 3 == 0
            ? (await Ledger.Claim(new($"u{i / 2}"), "Welcome10", Now, default)).Coupon is not null
            : (await Ledger.Redeem(Wish($"r{i}", $"u{i / 2}"), Now, default)).Answer.Status is RedemptionStatus.Redeemed));
        Assert.Equal(137, (await Budget()).Issued);
        Assert.Contains(false, answers);
        await RequireAudit();
    }

    private async Task Share(int? stock = null, int usesMax = 1)
    {
        Assert.True(await Store.Campaigns.Put(Samples.Campaign(budget: 10_000_000), default));
        await Store.Campaigns.AddOffers([Samples.Offer() with { Stock = stock, UsesMax = usesMax }], default);
        Assert.NotNull((await Store.Codes.Share(Welcome, Now, default)).Code);
    }

    private static Domain.Offers.Cart Foreign() =>
        new() { Currency = new("EUR"), Lines = [new(new("i1"), 1, new(2_000, new("EUR")))] };

    private static RedemptionRequest Wish(string key, string user) => new()
    {
        Key = key, User = new(user), Code = "welcome10", Order = "order-" + key, Cart = Samples.Cart(),
    };
}
