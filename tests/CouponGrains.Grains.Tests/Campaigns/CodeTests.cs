using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Grains.Tests.Campaigns;

public sealed class CodeTests
{
    [Fact]
    public async Task Codes_are_made_to_the_last_one_though_the_grain_goes_meanwhile()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var order = new CodeOrder(new("spring"), "leaflet", new("spring-tea"), 30_000);
        Assert.True((await shop.Campaign().OrderCodes(order)).Succeeded);
        await shop.Cluster.DeactivateAsync(shop.Campaign().GetGrainId());
        Assert.Equal(RefusalCodes.DuplicateOtherContent,
            (await shop.Campaign().OrderCodes(order with { Count = 1 })).Refusal?.Code);
        await TestShop.Soon(() => shop.Campaign().Codes("leaflet"), batch => batch.Value!.Done, "the codes");
        Assert.Equal(30_000, (await shop.Campaign().OrderCodes(order)).Value!.Made);

        var codes = new List<string>();
        while ((await shop.Campaign().CodePage("leaflet", codes.Count)).Value is { Codes.Count: > 0 } page)
        {
            codes.AddRange(page.Codes);
        }

        Assert.Equal(30_000, codes.Distinct().Count());
        var coupon = (await shop.User("ann").Claim(codes[7])).Value!;
        Assert.Equal(coupon, Assert.Single(await shop.User("ann").Wallet()).Coupon);
        Assert.Equal(RefusalCodes.UnknownCoupon, (await shop.User("bob").Claim(codes[7])).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownBatch, (await shop.Campaign().Codes("none")).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownCampaign,
            (await shop.Campaign("none").OrderCodes(order with { Campaign = new("none") })).Refusal?.Code);
    }
}
