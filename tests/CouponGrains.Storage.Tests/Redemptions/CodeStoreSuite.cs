using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Codes made in advance, and the coupons that they become.</summary>
public abstract class CodeStoreSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly CodeOrder Leaflet = new(new("spring"), "leaflet", new("five-off"), 25);

    [Fact]
    public async Task A_batch_is_made_in_steps_to_the_last_code_and_no_further()
    {
        await Campaign();
        var ordered = (await Store.Codes.Order(Leaflet, Now, default)).Batch!;
        Assert.Equal((25, 0, false), (ordered.Wanted, ordered.Made, ordered.Done));
        Assert.Equal(10, (await Make(10))!.Made);
        await Store.Crash();
        Assert.Equal((20, 25, 25), ((await Make(10))!.Made, (await Make(10))!.Made, (await Make(10))!.Made));
        var codes = await Codes();
        Assert.Equal(25, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Equal(code, CouponCode.Normalise(code.ToLowerInvariant())));
        Assert.Equal(codes.Skip(20), await Store.Codes.Codes(Leaflet.Campaign, "leaflet", 20, 100, default));
        Assert.Equal(ordered with { Made = 25 }, Assert.Single(await Store.Codes.Batches(Leaflet.Campaign, default)));
        Assert.Equal(ordered with { Made = 25 }, (await Store.Codes.Order(Leaflet, Now.AddDays(1), default)).Batch);
        Assert.Null(await Store.Codes.Make(Leaflet.Campaign, "none", 1, default));
        await RequireAudit();
    }

    [Fact]
    public async Task Many_makers_at_once_make_each_code_once()
    {
        await Campaign();
        await Store.Codes.Order(Leaflet with { Count = 1_000 }, Now, default);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Make(70))));
        Assert.Equal(1_000, (await Store.Codes.Codes(Leaflet.Campaign, "leaflet", 0, 5_000, default)).Distinct().Count());
        await RequireAudit();
    }

    [Theory]
    [InlineData("", "five-off", 1, RefusalCodes.InvalidId)]
    [InlineData("a", "five-off", 0, RefusalCodes.InvalidValue)]
    [InlineData("a", "five-off", CodeRules.CountMax + 1, RefusalCodes.InvalidValue)]
    [InlineData("a", "none", 1, RefusalCodes.UnknownOffer)]
    [InlineData("leaflet", "five-off", 26, RefusalCodes.DuplicateOtherContent)]
    public async Task What_cannot_be_ordered_is_refused(string name, string offer, int count, string code)
    {
        await Campaign();
        await Store.Codes.Order(Leaflet, Now, default);
        var order = new CodeOrder(new("spring"), name, new(offer), count);
        Assert.Equal(code, (await Store.Codes.Order(order, Now, default)).Refusal?.Code);
        Assert.Single(await Store.Codes.Batches(new("spring"), default));
    }

    [Fact]
    public async Task A_code_is_claimed_by_one_user_and_then_redeemed_like_any_coupon()
    {
        await Campaign();
        await Store.Codes.Order(Leaflet, Now, default);
        await Make(2);
        var code = (await Codes())[0];
        var request = new RedemptionRequest
        {
            Key = "r1", User = new("u1"), Code = code.ToLowerInvariant(), Order = "o", Cart = Samples.Cart(),
        };
        Assert.Equal(RedemptionStatus.NotClaimed, (await Ledger.Redeem(request, Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.NotClaimed, (await Ledger.Validate(request, Now, default)).Status);
        Assert.Null(await Ledger.Find(code, default));
        Assert.Equal(0, (await Budget()).Issued);

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => Ledger.Claim(new($"u{i}"), code.Replace("-", ""), Now, default))));
        var coupon = Assert.Single(claims, c => c.Coupon is not null).Coupon!;
        Assert.Equal((code, CouponState.Claimed, Now), (coupon.Code, coupon.State, coupon.ClaimedAt));
        Assert.All(claims.Where(c => c.Coupon is null), c => Assert.Equal(RefusalCodes.UnknownCoupon, c.Refusal?.Code));
        Assert.Equal(coupon, (await Ledger.Claim(coupon.User, code, Now.AddHours(1), default)).Coupon);
        Assert.Equal([EventKind.Issued, EventKind.Claimed], (await EventsOf(coupon.User.Value)).Select(e => e.Kind));
        Assert.Equal(RedemptionStatus.Redeemed,
            (await Ledger.Redeem(request with { User = coupon.User }, Now, default)).Answer.Status);
        Assert.Equal(1, (await Store.Codes.Batches(Leaflet.Campaign, default))[0].Claimed);
        await RequireAudit();
    }

    [Fact]
    public async Task A_code_gives_no_more_than_the_campaigns_rules_of_issue_allow()
    {
        await Campaign(Samples.Campaign() with { Caps = new() { OpenPerUser = 1 } });
        await Store.Codes.Order(Leaflet, Now, default);
        await Make(25);
        var codes = await Codes();
        Assert.NotNull((await Ledger.Claim(new("u1"), codes[0], Now, default)).Coupon);
        Assert.Equal(RefusalCodes.CapReached, (await Ledger.Claim(new("u1"), codes[1], Now, default)).Refusal?.Code);
        Assert.NotNull((await Ledger.Claim(new("u2"), codes[1], Now, default)).Coupon);
        Assert.Equal(RefusalCodes.CampaignNotActive,
            (await Ledger.Claim(new("u3"), codes[2], Now.AddDays(90), default)).Refusal?.Code);
        await RequireAudit();
    }

    private Task<CodeBatch?> Make(int count) => Store.Codes.Make(Leaflet.Campaign, "leaflet", count, default);

    private Task<IReadOnlyList<string>> Codes() => Store.Codes.Codes(Leaflet.Campaign, "leaflet", 0, 1_000, default);
}
