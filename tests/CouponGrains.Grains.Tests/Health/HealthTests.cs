using CouponGrains.Contracts.Shop;
using CouponGrains.Grains.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Grains.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_silo_in_the_cluster_with_a_store_and_no_model_is_ready()
    {
        await using var shop = await TestShop.Start();
        var report = await Ask(shop, Probes.Ready);
        Assert.All(report, check => Assert.True(check.Value.Status == HealthStatus.Healthy, $"{check}"));
        Assert.Equal(["model", "silo", "store"], report.Keys.Order());
        Assert.Equal("there is no model", report["model"].Description);
        Assert.Equal(HealthStatus.Healthy, (await Ask(shop, Probes.Live))["membership"].Status);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_makes_the_silo_unready_and_leaves_it_alive()
    {
        await using var shop = await TestShop.Start();
        shop.Models.Gone = true;
        Assert.Equal(HealthStatus.Unhealthy, (await Ask(shop, Probes.Ready))["store"].Status);
        Assert.Equal(HealthStatus.Healthy, (await Ask(shop, Probes.Live))["membership"].Status);
        shop.Models.Gone = false;
        Assert.Equal(HealthStatus.Healthy, (await Ask(shop, Probes.Ready))["store"].Status);
    }

    [Fact]
    public async Task A_silo_that_could_not_read_the_model_in_force_is_unready_until_it_can()
    {
        await using var shop = await TestShop.Start();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        shop.Models.Rotten = new(1);
        var late = await shop.Cluster.StartAdditionalSiloAsync();
        var check = await Ask(shop, Probes.Ready, late.SiloAddress);
        Assert.Equal(HealthStatus.Unhealthy, check["model"].Status);
        Assert.Equal("holds model v1", (await Ask(shop, Probes.Ready))["model"].Description);

        shop.Models.Rotten = Domain.ModelVersion.None;
        await shop.Refreshed();
        Assert.Equal("holds model v1", (await Ask(shop, Probes.Ready, late.SiloAddress))["model"].Description);
    }

    [Theory]
    [InlineData(SiloStatus.Joining, false, true)]
    [InlineData(SiloStatus.Active, true, true)]
    [InlineData(SiloStatus.ShuttingDown, false, true)]
    [InlineData(SiloStatus.Dead, false, false)]
    public void Only_a_member_of_the_cluster_is_ready_and_only_a_dead_one_is_not_alive(
        SiloStatus status, bool ready, bool alive)
    {
        Assert.Equal(ready, SiloHealth.Judge(Probes.Ready, status).Status == HealthStatus.Healthy);
        Assert.Equal(alive, SiloHealth.Judge(Probes.Live, status).Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_silo_that_cannot_train_is_unready_where_it_only_trains()
    {
        await using var shop = await TestShop.Start();
        shop.Trainer.InTheWay = "libtorch cannot be loaded";
        var check = new TrainerHealth(Services(shop));
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new(), CancellationToken.None)).Status);
        shop.Trainer.InTheWay = null;
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new(), CancellationToken.None)).Status);

        var without = new TrainerHealth(new ServiceCollection().BuildServiceProvider());
        Assert.Equal(HealthStatus.Unhealthy, (await without.CheckHealthAsync(new(), CancellationToken.None)).Status);
    }

    private static async Task<IReadOnlyDictionary<string, HealthReportEntry>> Ask(
        TestShop shop, string probe, SiloAddress? silo = null)
    {
        var checks = Services(shop, silo).GetRequiredService<HealthCheckService>();
        return (await checks.CheckHealthAsync(check => check.Tags.Contains(probe))).Entries;
    }

    private static IServiceProvider Services(TestShop shop, SiloAddress? silo = null) =>
        shop.Cluster.GetSiloServiceProvider(silo ?? shop.Cluster.Silos[0].SiloAddress);
}
