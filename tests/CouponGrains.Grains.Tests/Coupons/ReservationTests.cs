using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Grains.Tests.Coupons;

public sealed class ReservationTests
{
    [Fact]
    public async Task A_user_reserves_pays_and_his_profile_learns_of_it()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var ann = shop.User("ann");
        var coupon = (await ann.Issue(new("k", new("spring"), new("spring-tea")))).Value!;
        var request = new ReservationRequest(Samples.Request("r", "ann", coupon.Code), TimeSpan.FromMinutes(10));
        Assert.Equal(RedemptionStatus.Reserved, (await ann.Reserve(request)).Status);
        Assert.Equal(RedemptionStatus.Reserved, (await ann.Redeem(Samples.Request("r2", "ann", coupon.Code))).Status);
        Assert.Equal(RedemptionStatus.UnknownReservation, (await shop.User("bob").Confirm("r")).Status);
        Assert.Equal(RedemptionStatus.Redeemed, (await ann.Confirm("r")).Status);
        Assert.Equal(1, (await ann.Show()).Value!.Kinds[EventKind.Redeemed].Count);
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await ann.Release("r")).Status);
    }

    [Fact]
    public async Task Reservations_whose_time_is_over_are_given_back_without_being_asked()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var ann = shop.User("ann");
        var coupon = (await ann.Issue(new("k", new("spring"), new("spring-tea")))).Value!;
        await ann.Reserve(new(Samples.Request("r", "ann", coupon.Code), TimeSpan.FromMinutes(10)));
        Assert.Equal(1, (await shop.Campaign().Show()).Value!.Use.Held);
        shop.Time.Advance(TimeSpan.FromMinutes(10));
        await TestShop.Soon(() => shop.Campaign().Show(), view => view.Value!.Use.Held == 0, "the hold to be given back");
        Assert.Equal(RedemptionStatus.ReservationExpired, (await ann.Confirm("r")).Status);
        var taken = (await ann.Void(coupon.Code)).Value!;
        Assert.Equal(CouponState.Voided, taken.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Ten_thousand_parallel_redemptions_against_a_limit_give_exactly_the_limit(int silos)
    {
        const int Limit = 1_234;
        const int Users = 500;
        const int PerUser = 20;
        await using var shop = await TestShop.Start(silos);
        await shop.Open("few", 10_000_000);
        var campaign = (await shop.Campaign("few").Show()).Value!.Campaign;
        Assert.True((await shop.Campaign("few").Put(campaign with
        {
            Revision = campaign.Revision + 1,
            RedemptionsMax = Limit,
            Caps = new() { OpenPerUser = PerUser, IssuedPerUser = PerUser, RedeemedPerUser = PerUser },
        })).Succeeded);
        var coupons = await Task.WhenAll(Enumerable.Range(0, Users * PerUser).Select(i => Issue(shop, i)));

        var statuses = await Task.WhenAll(coupons.Select(async c =>
            (await shop.User(c.User.Value).Redeem(Samples.Request("r-" + c.Code, c.User.Value, c.Code))).Status));

        Assert.Equal(Limit, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(coupons.Length - Limit, statuses.Count(s => s == RedemptionStatus.CampaignCapReached));
        Assert.Equal(Limit, (await shop.Campaign("few").Show()).Value!.Use.Redeemed);
        Assert.True((await shop.Store.Ledger.Audit(default)).Holds);

        static async Task<Coupon> Issue(TestShop shop, int i) => (await shop.Store.Ledger.Issue(
            new($"k{i}", new($"u{i % Users}"), new OfferId("few-tea"), ModelVersion.None, 0, 1), shop.Time.GetUtcNow(),
            default)).Coupon!;
    }
}
