using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;

namespace CouponGrains.Grains.Tests.Experiments;

public sealed class ExposureTests
{
    [Fact]
    public async Task A_list_that_is_shown_is_logged_place_by_place_and_a_question_is_not()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var version = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        await user.Offers(new());
        Assert.Empty(await Exposed(shop));

        var shown = (await user.Expose(new("list", 2))).Value!;
        Assert.Equal(["spring-tea", "spring-bread"], shown.Offers.Select(o => o.Offer.Id.Value));
        var events = await Exposed(shop);
        Assert.Equal(shown.Offers.Select(o => (OfferId?)o.Offer.Id), events.Select(e => e.Offer));
        Assert.Equal([1, 2], events.Select(e => e.Exposure!.Position));
        Assert.All(events, e => Assert.Equal((version, 1.0), (e.Exposure!.Model, e.Propensity)));
        Assert.Equal(shown.Offers.Select(o => o.Score), events.Select(e => e.Exposure!.Score));

        var view = (await user.Show()).Value!;
        Assert.Equal(2, view.Kinds[EventKind.Exposed].Count);
        Assert.DoesNotContain(view.Recent, e => e.Kind == EventKind.Exposed);
    }

    [Fact]
    public async Task A_repeated_key_shows_the_same_list_and_logs_nothing_twice()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        var first = (await user.Expose(new("list", 2))).Value!;
        await user.Record([Samples.Event("e1", "ann", "bread-1", shop.Time.GetUtcNow())]);
        var again = (await user.Expose(new("list", 2))).Value!;
        Assert.Equal(first.Offers.Select(o => o.Offer.Id), again.Offers.Select(o => o.Offer.Id));
        Assert.Equal(RefusalCodes.DuplicateOtherContent, (await user.Expose(new("list", 1))).Refusal?.Code);

        await shop.Cluster.DeactivateAsync(user.GetGrainId());
        Assert.Equal(RefusalCodes.DuplicateOtherContent, (await user.Expose(new("list", 2))).Refusal?.Code);
        Assert.Equal(2, (await Exposed(shop)).Count);
        Assert.True((await shop.User("bob").Expose(new("list", 2))).Succeeded);
    }

    [Fact]
    public async Task A_wish_out_of_range_is_refused_and_a_campaign_without_offers_shows_nothing()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        Assert.Equal(RefusalCodes.InvalidId, (await user.Expose(new(""))).Refusal?.Code);
        Assert.Equal(RefusalCodes.InvalidValue, (await user.Expose(new("k", 0))).Refusal?.Code);
        Assert.Equal(RefusalCodes.InvalidValue, (await user.Expose(new("k", ListRules.CountMax + 1))).Refusal?.Code);
        Assert.Empty((await user.Expose(new ExposeCommand("k", 2, new("none")))).Value!.Offers);
    }

    [Fact]
    public async Task Every_event_of_a_coupon_repeats_what_was_known_when_it_was_issued()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var version = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var user = shop.User("ann");
        await user.Record([Samples.Event("e1", "ann", "tea-1", shop.Time.GetUtcNow())]);
        var coupon = (await user.Issue(new("k", new("spring")))).Value!;
        await user.View(coupon.Code);
        await user.Claim(coupon.Code);
        await user.Redeem(Samples.Request("r", "ann", coupon.Code));
        await user.Rate(coupon.Code, 5);
        var events = (await All(shop)).Where(e => e.CouponCode == coupon.Code).ToList();
        Assert.Equal(
            [EventKind.Issued, EventKind.CouponViewed, EventKind.Claimed, EventKind.Redeemed, EventKind.Rated],
            events.Select(e => e.Kind));
        var known = new Exposure(version, 1, coupon.IssuedAt, coupon.Score);
        Assert.All(events, e => Assert.Equal((known, coupon.Propensity), (e.Exposure, e.Propensity)));
    }

    private static async Task<List<UserEvent>> Exposed(TestShop shop) =>
        [.. (await All(shop)).Where(e => e.Kind == EventKind.Exposed)];

    private static async Task<List<UserEvent>> All(TestShop shop)
    {
        var events = new List<UserEvent>();
        await foreach (var recorded in shop.Store.Events.ReadAll(0, CancellationToken.None))
        {
            events.Add(recorded.Event);
        }

        return events;
    }
}
