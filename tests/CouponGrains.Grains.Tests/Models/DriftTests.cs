using CouponGrains.Contracts.Models;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models.Drift;

namespace CouponGrains.Grains.Tests.Models;

public sealed class DriftTests
{
    [Fact]
    public async Task A_day_is_measured_once_it_is_over_against_what_the_model_was_trained_on()
    {
        await using var shop = await TestShop.Start(configure: o => o.Upkeep = TimeSpan.FromHours(1));
        await shop.Open();
        await Buy(shop, "tea", "before", 200);
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var drift = shop.Grains.GetGrain<IDriftGrain>(0);
        await drift.Measure();

        await Buy(shop, "bread", "after", 150);
        var today = (await drift.Measure()).Days[0];
        Assert.Equal(DriftLevel.Moved, today.Features.Single(f => f.Name == "item_popularity").Level);
        Assert.Equal(DriftLevel.Stable, today.Features.Single(f => f.Name == "event_kind").Level);

        shop.Time.Advance(TimeSpan.FromDays(1));
        await drift.Look();
        await drift.Look();
        var report = await drift.Show();
        Assert.Equal(2, report.Days.Count);
        Assert.Equal(today.Features.Select(f => f.Index), report.Days[1].Features.Select(f => f.Index));
        Assert.Contains(report.References, r => r.Name == "item_popularity");
        Assert.Equal(0, report.Days[0].Events);
    }

    [Fact]
    public async Task What_was_measured_outlives_the_activation_and_a_day_under_way_is_read_again()
    {
        await using var shop = await TestShop.Start(configure: o => o.Upkeep = TimeSpan.FromHours(1));
        await shop.Open();
        var drift = shop.Grains.GetGrain<IDriftGrain>(0);
        await drift.Measure();
        var coupon = (await shop.User("ann").Issue(new("k", new("spring"), new("spring-tea")))).Value!;
        shop.Time.Advance(TimeSpan.FromDays(1));
        await drift.Look();
        await shop.User("ann").Redeem(Samples.Request("r", "ann", coupon.Code));

        await shop.Cluster.DeactivateAsync(drift.GetGrainId());
        var report = await drift.Measure();
        Assert.Equal(2, report.Days.Count);
        var outcome = Assert.Single(report.Days[0].Outcomes);
        Assert.Equal((1L, 1L), (outcome.Issued, outcome.Redeemed));
        Assert.Empty(report.Days[1].Outcomes);
    }

    private static async Task Buy(TestShop shop, string category, string prefix, int times)
    {
        for (var batch = 0; batch < times / 10; batch++)
        {
            UserEvent[] events =
            [
                .. Enumerable.Range(0, 10).Select(n => Samples.Event(
                    $"{prefix}-{batch}-{n}", $"user-{batch}", $"{category}-{1 + (n % 3)}", shop.Time.GetUtcNow())),
            ];
            Assert.All(await shop.User($"user-{batch}").Record(events), a => Assert.Null(a.Refusal));
        }
    }
}
