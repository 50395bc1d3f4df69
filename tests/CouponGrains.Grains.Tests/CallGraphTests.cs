using CouponGrains.Contracts.Coupons;
using CouponGrains.Grains.Tests.Models;
using CouponGrains.Grains.Tests.Transfers;

namespace CouponGrains.Grains.Tests;

public sealed class CallGraphTests
{
    /// <summary>Every call between grains that there may be. It has no cycle, so grains cannot wait for each
    /// other.</summary>
    private static readonly (string From, string To)[] Allowed =
    [
        ("trainer", "model-registry"),
        ("trainer", "campaign"),
        ("campaign", "user"),
        ("expiry", "user"),
        ("user", "catalog"),
        ("shop", "user"),
        ("shop", "catalog"),
        ("import", "user"),
        ("import", "catalog"),
    ];

    [Fact]
    public async Task Grains_call_each_other_only_as_declared()
    {
        await using var shop = await TestShop.Start(silos: 2);
        await shop.Open();
        await TrainerTests.Behave(shop);
        await TrainerTests.Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        await shop.TrainerGrain.Design(new("spring"), 2, 1);
        await shop.User("ann").Issue(new IssueCommand("k", new("spring")));
        await shop.User("ann").Record([Samples.Event("new", "ann", "tea-new", shop.Time.GetUtcNow())]);
        await shop.Campaign().Push("wave");
        await TestShop.Soon(() => shop.Campaign().Wave("wave"), w => w.Value!.Done, "the wave");
        shop.Time.Advance(TimeSpan.FromDays(15));
        await TestShop.Soon(() => Task.FromResult(shop.Calls.ContainsKey(("expiry", "user"))), yes => yes, "the expiry");

        await ImportTests.TakeAll(shop);

        var ours = shop.Calls.Keys.Where(c => IsOurs(c.From) && IsOurs(c.To)).ToHashSet();
        Assert.Equal(Allowed.Order(), ours.Order());
    }

    [Fact]
    public void The_declared_calls_have_no_cycle()
    {
        var left = Allowed.ToList();
        while (left.RemoveAll(c => !left.Any(d => d.From == c.To)) > 0)
        {
            // Take away calls to grains that call nobody, until none is left.
        }

        Assert.Empty(left);
    }

    private static bool IsOurs(string type) =>
        type is "user" or "campaign" or "catalog" or "model-registry" or "trainer" or "shop" or "expiry" or "webhook"
            or "import";
}
