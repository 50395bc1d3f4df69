using CouponGrains.Contracts.Health;

namespace CouponGrains.Grains.Tests.Health;

public sealed class ClusterGrainTests
{
    [Fact]
    public async Task The_silos_are_told_with_roles_version_and_load_and_a_dead_one_stays_in_the_picture()
    {
        await using var shop = await TestShop.Start(silos: 3, trainers: 1, servers: 2);
        await shop.Open();
        await shop.User("ann").Show();
        var cluster = shop.Grains.GetGrain<IClusterGrain>(0);
        var view = await TestShop.Soon(
            () => cluster.Show(), v => v.Silos.All(s => s.Roles.Count > 0 && s.Load is not null), "every silo's figures");

        Assert.Equal(3, view.Silos.Count);
        Assert.Equal(3, view.Silos.Select(s => s.Address).Distinct().Count());
        Assert.All(view.Silos, s => Assert.Equal(SiloState.Active, s.Status));
        Assert.Equal(["serve", "serve", "train"], view.Silos.SelectMany(s => s.Roles).Order());
        Assert.All(view.Silos, s => Assert.Matches(@"^\d+\.\d+\.\d+", s.Version));
        Assert.All(view.Silos, s => Assert.True(s.Load!.MemoryBytes > 0 && s.Load.MemoryMaxBytes > s.Load.MemoryBytes));
        Assert.Equal(view.Activations, view.Silos.Sum(s => s.Load!.Activations));
        Assert.Equal(1, view.Grains.Single(g => g.Type == "UserGrain").Activations);
        Assert.Equal(1, view.Grains.Single(g => g.Type == "CampaignGrain").Activations);

        await shop.Cluster.StopSiloAsync(shop.Cluster.Silos[^1]);
        view = await TestShop.Soon(
            () => cluster.Show(), v => v.Silos.Any(s => s.Status == SiloState.Dead), "the silo that ended");
        Assert.Null(view.Silos.Single(s => s.Status == SiloState.Dead).Load);
        Assert.Equal(2, view.Silos.Count(s => s.Status == SiloState.Active));
    }

    [Theory]
    [InlineData("CouponGrains.Grains.Profiles.UserGrain,CouponGrains.Grains", "UserGrain")]
    [InlineData("Orleans.Streams.MemoryStreamQueueGrain", "MemoryStreamQueueGrain")]
    [InlineData("Some.Space.Box`1[[Other.Thing, Other]]", "Box")]
    public void A_kind_of_grain_is_told_by_its_class(string type, string name) =>
        Assert.Equal(name, Grains.Health.ClusterGrain.Name(type));
}
