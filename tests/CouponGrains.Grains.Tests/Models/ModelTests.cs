using CouponGrains.Domain;
using CouponGrains.Grains.Models;
using Microsoft.Extensions.DependencyInjection;
namespace CouponGrains.Grains.Tests.Models;

public sealed class ModelTests
{
    [Fact]
    public async Task A_corrupt_artifact_does_not_go_into_force()
    {
        await using var shop = await TestShop.Start();
        var good = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var bad = await shop.Models.Store(Samples.TeaAndBread(shop.Time.GetUtcNow()), shop.Time.GetUtcNow());
        shop.Models.Rotten = bad.Version;

        Assert.Equal(RefusalCodes.ArtifactCorrupt, (await shop.Registry.Promote(bad.Version, "test")).Refusal!.Code);
        Assert.Equal(good, (await shop.Registry.List()).Current);
    }

    [Fact]
    public async Task A_silo_that_reads_a_rotten_artifact_keeps_the_model_that_it_holds()
    {
        await using var shop = await TestShop.Start();
        var good = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var bad = await shop.Models.Store(Samples.TeaAndBread(shop.Time.GetUtcNow()), shop.Time.GetUtcNow());
        shop.Models.Rotten = bad.Version;
        Assert.True(await shop.Models.Promote(bad.Version, good, "past the registry", shop.Time.GetUtcNow(), CancellationToken.None));

        await shop.Refreshed();
        Assert.Equal(good, Replica(shop).Current.Model!.Version);
        shop.Models.Rotten = ModelVersion.None;
        await shop.Refreshed();
        Assert.Equal(bad.Version, Replica(shop).Current.Model!.Version);
    }

    [Fact]
    public async Task A_model_that_cannot_be_read_does_not_keep_campaigns_and_catalog_from_a_silo()
    {
        await using var shop = await TestShop.Start();
        var good = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var next = await shop.Models.Store(Samples.TeaAndBread(shop.Time.GetUtcNow()), shop.Time.GetUtcNow());
        shop.Models.Faults = int.MaxValue;
        Assert.True(await shop.Models.Promote(next.Version, good, "past the registry", shop.Time.GetUtcNow(), CancellationToken.None));

        await shop.Open();
        await shop.Refreshed();
        var current = Replica(shop).Current;
        Assert.Equal((good, 2, 6), (current.Model!.Version, current.Offers.Count, current.Catalog.Count));

        shop.Models.Faults = 0;
        await TestShop.Soon(
            () => Task.FromResult(Replica(shop).Current.Model!.Version), v => v == next.Version, "the model that can be read again");
    }

    [Theory]
    [InlineData(256, RefusalCodes.UnknownModel)]
    [InlineData(257, RefusalCodes.InvalidValue)]
    public async Task A_reason_has_at_most_256_characters(int length, string code)
    {
        await using var shop = await TestShop.Start();
        var reason = new string('x', length);
        Assert.Equal(code, (await shop.Registry.Promote(new(9), reason)).Refusal!.Code);
        var started = await shop.TrainerGrain.Start(new() { Reason = reason });
        Assert.Equal(length > 256 ? RefusalCodes.InvalidValue : null, started.Refusal?.Code);
    }

    [Fact]
    public async Task A_worse_model_is_held_back_and_a_stale_publication_conflicts()
    {
        await using var shop = await TestShop.Start();
        var first = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var worse = await shop.Models.Store(
            Samples.TeaAndBread(shop.Time.GetUtcNow()), shop.Time.GetUtcNow(), new(0.1, 0.1, 0.3, 0.2, 10));
        Assert.Equal(RefusalCodes.GateFailed, (await shop.Registry.Publish(worse.Version, first)).Refusal!.Code);
        var even = await shop.Models.Store(Samples.TeaAndBread(shop.Time.GetUtcNow()), shop.Time.GetUtcNow());
        Assert.Equal(RefusalCodes.VersionConflict, (await shop.Registry.Publish(even.Version, ModelVersion.None)).Refusal!.Code);
        Assert.Equal(RefusalCodes.UnknownModel, (await shop.Registry.Publish(new(99), first)).Refusal!.Code);
        Assert.Null((await shop.Registry.Publish(even.Version, first)).Refusal);
        Assert.Equal(even.Version, (await shop.Registry.List()).Current);
    }

    [Fact]
    public async Task Every_silo_follows_and_one_that_joins_late_too()
    {
        await using var shop = await TestShop.Start(silos: 2);
        var version = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var late = await shop.Cluster.StartAdditionalSiloAsync();
        var replica = shop.Cluster.GetSiloServiceProvider(late.SiloAddress).GetRequiredService<IReplica>();
        await TestShop.Soon(() => Task.FromResult(replica.Current.Model?.Version), v => v == version, "the late silo's model");
        Assert.True(replica.IsReady);
    }

    [Fact]
    public async Task A_silo_is_ready_when_it_knows_that_there_is_no_model()
    {
        await using var shop = await TestShop.Start();
        await shop.Refreshed();
        Assert.True(Replica(shop).IsReady);
        Assert.Null(Replica(shop).Current.Model);
    }

    private static IReplica Replica(TestShop shop) =>
        shop.Cluster.GetSiloServiceProvider(shop.Cluster.Silos[0].SiloAddress).GetRequiredService<IReplica>();
}
