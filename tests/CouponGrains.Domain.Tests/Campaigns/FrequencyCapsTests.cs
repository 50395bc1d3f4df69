using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Ranking;
using CsCheck;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class FrequencyCapsTests
{
    private static readonly DateTimeOffset Now = Samples.Noon;

    [Fact]
    public void A_sequence_of_issues_under_caps_never_passes_them_in_any_window() => Gen.Select(
        Gen.Int[0, 3].Nullable(), Gen.Int[0, 6].Nullable(), Gen.Int[0, 48], Gen.Int[1, 30].Array[0, 200])
        .Sample((day, week, coolDownHours, gaps) =>
        {
            var caps = new FrequencyCaps
            {
                IssuedPerDay = day,
                IssuedPerWeek = week,
                CoolDownAfterIssue = TimeSpan.FromHours(coolDownHours),
            };
            var (coupons, at) = (new List<Coupon>(), Now);
            foreach (var gap in gaps)
            {
                at = at.AddHours(gap);
                if (caps.Reached(coupons, at) is null)
                {
                    coupons.Add(Issued(at));
                }
            }

            foreach (var coupon in coupons)
            {
                Assert.True(coupons.Count(c => Within(c, coupon, 1)) <= (day ?? int.MaxValue));
                Assert.True(coupons.Count(c => Within(c, coupon, 7)) <= (week ?? int.MaxValue));
            }

            Assert.All(coupons.Zip(coupons.Skip(1)), pair =>
                Assert.True(pair.Second.IssuedAt - pair.First.IssuedAt >= caps.CoolDownAfterIssue));
        }, iter: 300);

    [Fact]
    public void After_a_coupon_that_ran_out_unused_there_is_a_pause()
    {
        var caps = new FrequencyCaps { CoolDownAfterExpiry = TimeSpan.FromDays(3) };
        var expired = Issued(Now.AddDays(-20)) with { State = CouponState.Expired, ExpiresAt = Now.AddDays(-2) };
        Assert.NotNull(caps.Reached([expired], Now));
        Assert.NotNull(caps.Reached([expired with { State = CouponState.Claimed }], Now));
        Assert.Null(caps.Reached([expired with { State = CouponState.Redeemed }], Now));
        Assert.Null(caps.Reached([expired with { UsesMax = 2, Uses = 1 }], Now));
        Assert.Null(caps.Reached([expired], Now.AddDays(1)));
    }

    [Fact]
    public void The_caps_of_the_shop_count_the_coupons_of_all_campaigns_and_those_of_a_campaign_its_own()
    {
        var offer = Samples.Percent(500, id: "zz");
        var other = Samples.Coupon(offer, CouponState.Redeemed) with { Campaign = new("other"), IssuedAt = Now };
        var caps = new FrequencyCaps { IssuedPerDay = 1 };
        var ofCampaign = Samples.Campaign() with { Caps = new() { Frequency = caps } };

        Assert.Equal(RefusalCodes.CapReached, Obstacle(Samples.Campaign(), caps)?.Code);
        Assert.Null(Obstacle(ofCampaign, new()));
        Assert.Null(Obstacle(Samples.Campaign(), new() { IssuedPerDay = 2 }));

        Refusal? Obstacle(Campaign campaign, FrequencyCaps shop)
        {
            var index = OfferIndex.Build(null, [(campaign, [offer])], CatalogIndex.Empty, shop);
            var subject = new RankingSubject(Samples.Profile(), null, [other]);
            var refusal = OfferRanker.Obstacle(index, subject, campaign.Id, Now);
            Assert.Equal(refusal is null ? 1 : 0, OfferRanker.Rank(index, subject, null, 5, Now).Count);
            return refusal;
        }
    }

    [Fact]
    public void Caps_out_of_range_are_refused_with_a_pointer()
    {
        var campaign = Samples.Campaign() with
        {
            Caps = new() { Frequency = new() { CoolDownAfterIssue = TimeSpan.FromDays(-1) } },
        };
        Assert.Equal("/caps/frequency/coolDownAfterIssue", CampaignRules.Check(campaign)!.Pointer);
        Assert.NotNull(new FrequencyCaps { IssuedPerWeek = -1 }.Check());
        Assert.Null(new FrequencyCaps().Check());
    }

    private static bool Within(Coupon coupon, Coupon last, int days) =>
        coupon.IssuedAt <= last.IssuedAt && coupon.IssuedAt > last.IssuedAt.AddDays(-days);

    private static Coupon Issued(DateTimeOffset at) => new()
    {
        Code = "code",
        User = Samples.Ann,
        Offer = new("offer"),
        Campaign = Samples.Spring,
        IssueKey = "k",
        State = CouponState.Redeemed,
        IssuedAt = at,
        ExpiresAt = at.AddDays(14),
    };
}
