using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;

namespace CouponGrains.Grains.Tests.Events;

public sealed class FeedbackTests
{
    [Fact]
    public async Task Feedback_from_outside_is_held_against_the_ledger_and_counted()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var (user, now) = (shop.User("ann"), shop.Time.GetUtcNow());
        var coupon = (await user.Issue(new("k", new("spring")))).Value!;

        // Of another system, with its own codes: taken in.
        Assert.Null(await Refusal("e1", EventKind.Redeemed, "THEIR-CODE-7"));
        Assert.Null(await Refusal("e2", EventKind.Redeemed, null, "their-offer"));
        Assert.Equal(RefusalCodes.UnknownCoupon, await Refusal("e3", EventKind.Redeemed, CouponCode.New()));
        Assert.Equal(RefusalCodes.RecordedByShop, await Refusal("e4", EventKind.Redeemed, coupon.Code));
        Assert.Equal(RefusalCodes.RecordedByShop, await Refusal("e5", EventKind.Rated, coupon.Code.ToLowerInvariant()));
        Assert.Equal(RefusalCodes.RecordedByShop, await Refusal("e6", EventKind.Exposed, null, "spring-tea"));
        Assert.Equal(RefusalCodes.UnknownCoupon, (await user.View(CouponCode.New())).Refusal?.Code);

        var feedback = (await shop.Grains.GetGrain<IShopGrain>(0).Overview()).Feedback!;
        Assert.Equal(2, feedback[RefusalCodes.UnknownCoupon]);
        Assert.Equal(3, feedback[RefusalCodes.RecordedByShop]);

        async Task<string?> Refusal(string id, EventKind kind, string? code, string? offer = null)
        {
            var e = new UserEvent
            {
                Id = new(id), User = new("ann"), Kind = kind, At = now, CouponCode = code,
                Offer = offer is null ? null : new(offer), Rating = kind == EventKind.Rated ? 3 : null,
            };
            return (await user.Record([e]))[0].Refusal?.Code;
        }
    }

    [Fact]
    public async Task A_clock_that_is_ahead_and_an_unknown_item_are_taken_in_and_counted_and_the_far_future_is_refused()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Refreshed();
        var (user, now) = (shop.User("ann"), shop.Time.GetUtcNow());
        var answers = await user.Record(
        [
            Samples.Event("e1", "ann", "tea-1", now.AddHours(23)), Samples.Event("e2", "ann", "nobody-knows-it", now),
            Samples.Event("e3", "ann", "tea-1", now.AddHours(25)), Samples.Event("e4", "ann", "tea-1", now.AddDays(-2_000)),
        ]);
        Assert.Equal(
            [null, null, RefusalCodes.DateOutOfRange, null], answers.Select(a => a.Refusal?.Code));
        await user.Record([Samples.Event("e1", "ann", "tea-1", now.AddHours(23))]);

        var feedback = (await shop.Grains.GetGrain<IShopGrain>(0).Overview()).Feedback!;
        Assert.Equal(1, feedback[FeedbackRules.ClockAhead]);
        Assert.Equal(1, feedback[FeedbackRules.ItemNotInCatalog]);
        Assert.Equal(1, feedback[RefusalCodes.DateOutOfRange]);
    }

    [Fact]
    public async Task Shop_caps_hold_over_campaigns_and_are_answered_with_their_code()
    {
        await using var shop = await TestShop.Start(configure: o => o.ShopCaps = new() { IssuedPerDay = 1 });
        await shop.Open();
        await shop.Open("autumn");
        var user = shop.User("ann");
        Assert.True((await user.Issue(new("k1", new("spring")))).Succeeded);
        Assert.Equal(RefusalCodes.CapReached, (await user.Issue(new("k2", new("autumn")))).Refusal?.Code);
        Assert.Empty((await user.Offers(new())).Offers);
    }
}
