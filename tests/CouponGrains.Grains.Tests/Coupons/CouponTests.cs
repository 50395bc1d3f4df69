using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using Orleans.Streams;

namespace CouponGrains.Grains.Tests.Coupons;

public sealed class CouponTests
{
    private static readonly CampaignId Spring = new("spring");

    [Fact]
    public async Task Issuing_twice_with_one_key_gives_one_coupon_though_its_offer_is_not_eligible_any_more()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");

        var first = (await user.Issue(new("k", Spring))).Value!;
        Assert.Equal(first, (await user.Issue(new("k", Spring))).Value);
        await shop.Cluster.DeactivateAsync(user.GetGrainId());
        Assert.Equal(first, (await user.Issue(new("k", Spring))).Value);

        var second = (await user.Issue(new("k2", Spring))).Value!;
        Assert.NotEqual(first.Offer, second.Offer);
        Assert.Equal(RefusalCodes.NoSuitableOffer, (await user.Issue(new("k3", Spring))).Refusal!.Code);
        Assert.Equal([second, first], (await user.Wallet()).Select(e => e.Coupon));
        Assert.Equal(2, (await shop.Campaign().Show()).Value!.Use.Issued);
    }

    [Fact]
    public async Task A_key_gives_its_coupon_again_though_hundreds_were_issued_after_it()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        var campaign = (await shop.Campaign().Show()).Value!.Campaign;
        Assert.True((await shop.Campaign().Put(campaign with
        {
            Revision = campaign.Revision + 1, Caps = new() { OpenPerUser = 1_000, IssuedPerUser = 1_000 },
        })).Succeeded);
        var first = (await user.Issue(new("k", Spring))).Value!;
        for (var i = 0; i < 520; i++)
        {
            var issued = await shop.Store.Ledger.Issue(
                new($"k{i}", new("ann"), new OfferId("spring-tea"), ModelVersion.None, 0, 1), shop.Time.GetUtcNow(), default);
            Assert.NotNull(issued.Coupon);
        }

        await shop.Cluster.DeactivateAsync(user.GetGrainId());
        Assert.DoesNotContain(first.Code, (await user.Wallet()).Select(entry => entry.Coupon.Code));
        var again = await user.Issue(new("k", Spring));
        Assert.Equal((first.Code, true), (again.Value?.Code, again.IsRepeat));
    }

    [Fact]
    public async Task A_key_that_issued_another_coupon_is_refused()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        Assert.True((await user.Issue(new("k", Spring, new("spring-tea")))).Succeeded);
        Assert.True((await user.Issue(new("k", Spring))).Succeeded);
        var otherOffer = await user.Issue(new("k", Spring, new("none")));
        var otherCampaign = await user.Issue(new("k", new("autumn")));
        Assert.Equal(RefusalCodes.DuplicateOtherContent, otherOffer.Refusal?.Code);
        Assert.Equal(RefusalCodes.DuplicateOtherContent, otherCampaign.Refusal?.Code);
    }

    [Fact]
    public async Task Refusals_of_an_issue_name_what_is_wrong()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        Assert.Equal(RefusalCodes.UnknownCampaign, (await user.Issue(new("k", new("none")))).Refusal!.Code);
        Assert.Equal(RefusalCodes.UnknownOffer, (await user.Issue(new("k", Spring, new("none")))).Refusal!.Code);
        await shop.Campaign().SetStatus(CampaignStatus.Paused);
        Assert.Equal(RefusalCodes.CampaignNotActive, (await user.Issue(new("k", Spring))).Refusal!.Code);
        await shop.Campaign().SetStatus(CampaignStatus.Active);
        Assert.Equal("spring-tea", (await user.Issue(new("k", Spring, new("spring-tea")))).Value!.Offer.Value);
    }

    [Fact]
    public async Task A_new_coupon_is_pushed_to_whoever_listens_and_a_repeated_issue_is_not()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var pushed = System.Threading.Channels.Channel.CreateUnbounded<CouponPush>();
        var stream = shop.Cluster.Client.GetStreamProvider(PushStream.Provider)
            .GetStream<CouponPush>(StreamId.Create(PushStream.Namespace, "ann"));
        await stream.SubscribeAsync((push, _) => pushed.Writer.WriteAsync(push).AsTask());

        var coupon = (await shop.User("ann").Issue(new("k", Spring))).Value!;
        await shop.User("ann").Issue(new("k", Spring));
        var other = (await shop.User("ann").Issue(new("k2", Spring))).Value!;

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var first = await pushed.Reader.ReadAsync(limit.Token);
        Assert.Equal(coupon, first.Coupon);
        Assert.Equal(coupon.Offer, first.Offer.Id);
        Assert.NotEmpty(first.Reasons);
        Assert.Equal(other, (await pushed.Reader.ReadAsync(limit.Token)).Coupon);
    }

    [Fact]
    public async Task What_happens_to_a_coupon_enters_the_profile()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        var code = (await user.Issue(new("k", Spring))).Value!.Code;

        Assert.NotNull((await user.View(code.ToLowerInvariant())).Value!.ViewedAt);
        Assert.Equal(CouponState.Claimed, (await user.Claim(code)).Value!.State);
        Assert.Equal(5, (await user.Rate(code, 5)).Value!.Rating);
        Assert.Equal(RefusalCodes.InvalidValue, (await user.Rate(code, 6)).Refusal!.Code);
        Assert.Equal(RefusalCodes.UnknownCoupon, (await user.View("no code")).Refusal!.Code);
        Assert.Equal(
            [EventKind.Issued, EventKind.CouponViewed, EventKind.Claimed, EventKind.Rated],
            (await user.Show()).Value!.Recent.Select(e => e.Kind));
    }

    [Fact]
    public async Task Parallel_redemptions_of_one_coupon_spend_the_budget_once()
    {
        await using var shop = await TestShop.Start(silos: 2);
        await shop.Open();
        var user = shop.User("ann");
        var coupon = (await user.Issue(new("k", Spring, new("spring-tea")))).Value!;
        Assert.Equal(RedemptionStatus.Redeemed, (await user.Validate(Samples.Request("r", "ann", coupon.Code))).Status);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => user.Redeem(Samples.Request($"r{i % 4}", "ann", coupon.Code))));

        var redeemed = answers.Where(a => a.Status == RedemptionStatus.Redeemed).ToArray();
        Assert.Single(redeemed.Select(a => a.Redemption!.Key).Distinct());
        Assert.Equal(5, redeemed.Length);
        Assert.All(answers.Except(redeemed), a => Assert.Equal(RedemptionStatus.AlreadyRedeemed, a.Status));
        var use = (await shop.Campaign().Show()).Value!.Use;
        Assert.Equal((100, 1), (use.Spent.Minor, use.Redeemed));
        Assert.Equal(1, (await user.Show()).Value!.Kinds[EventKind.Redeemed].Count);

        Assert.Equal(RedemptionStatus.Redeemed, (await user.RollBack(redeemed[0].Redemption!.Key)).Status);
        Assert.Equal(0, (await shop.Campaign().Show()).Value!.Use.Spent.Minor);
        Assert.True((await user.Wallet())[0].Coupon.IsOpen);
    }

    [Fact]
    public async Task A_coupon_runs_out_when_the_clock_advances()
    {
        await using var shop = await TestShop.Start(configure: o => o.Upkeep = TimeSpan.FromHours(1));
        await shop.Open();
        var user = shop.User("ann");
        var coupon = (await user.Issue(new("k", Spring, new("spring-tea")))).Value!;
        shop.Time.Advance(TimeSpan.FromDays(15));
        Assert.Equal(CouponState.Expired, (await user.Wallet())[0].Coupon.State);
        Assert.Equal(RedemptionStatus.Expired, (await user.Redeem(Samples.Request("r", "ann", coupon.Code))).Status);
        Assert.Equal(1, (await user.Show()).Value!.Kinds[EventKind.Expired].Count);
        Assert.NotNull((await user.Issue(new("k2", Spring, new("spring-tea")))).Value);
    }

    [Fact]
    public async Task Coupons_of_users_who_never_look_are_expired_too()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var coupon = (await shop.User("ann").Issue(new("k", Spring))).Value!;
        shop.Time.Advance(TimeSpan.FromDays(15));
        await TestShop.Soon(
            () => shop.Store.Ledger.Find(coupon.Code, CancellationToken.None), c => c!.State == CouponState.Expired, "expiry");
    }

    [Fact]
    public async Task A_malformed_cart_is_refused_with_its_code_across_the_wire()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var request = Samples.Request("r", "ann", "code");
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => shop.User("ann").Redeem(request with { Cart = request.Cart with { Lines = [new(new("tea-1"), 0, new(1, Samples.Usd))] } }));
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
    }
}
