using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Grains.Tests.Models;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace CouponGrains.Grains.Tests;

public sealed class RolesTests
{
    [Fact]
    public async Task What_serves_requests_lives_only_on_silos_that_serve()
    {
        await using var shop = await TestShop.Start(silos: 3, trainers: 1, servers: 2);
        await shop.Open();
        await TrainerTests.Behave(shop);
        var users = Enumerable.Range(0, 40).Select(n => shop.User($"user-{n}")).ToArray();
        await Task.WhenAll(users.Select(u => u.Offers(new())));
        await shop.Registry.List();

        IGrain[] served = [.. users, shop.Campaign(), .. Samples.Items.Select(i => shop.Shard(i.Id)), shop.Registry];
        var serving = shop.Cluster.Silos.Take(2).Select(s => s.SiloAddress).ToArray();
        Assert.All(served, grain => Assert.Contains(At(shop, grain), serving));
        await shop.TrainerGrain.Runs();
        Assert.Equal(shop.Cluster.Silos[2].SiloAddress, At(shop, shop.TrainerGrain));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_trainer_lives_on_the_silo_with_a_GPU_and_elsewhere_only_without_one(int gpu)
    {
        await using var shop = await TestShop.Start(silos: 4, trainers: 3, servers: 1, gpu: gpu);
        await shop.TrainerGrain.Runs();
        Assert.Equal(shop.Cluster.Silos[gpu].SiloAddress, At(shop, shop.TrainerGrain));
        await shop.Cluster.KillSiloAsync(shop.Cluster.Silos[gpu]);
        await shop.TrainerGrain.Runs();
        Assert.Contains(
            At(shop, shop.TrainerGrain), shop.Cluster.Silos.Select(silo => silo.SiloAddress).Except([shop.Cluster.Silos[0].SiloAddress]));
    }

    [Fact]
    public async Task Losing_the_train_silo_loses_no_serving()
    {
        await using var shop = await TestShop.Start(silos: 3, trainers: 1, servers: 2);
        await shop.Open();
        await TrainerTests.Behave(shop);
        await shop.TrainerGrain.Runs();
        var before = Enumerable.Range(0, 20).Select(n => $"before-{n}").ToArray();
        await Task.WhenAll(before.Select(u => shop.User(u).Offers(new())));

        // A front end enters by a silo that serves, as the host has it.
        var grains = shop.Cluster.GetSiloServiceProvider(shop.Cluster.Silos[0].SiloAddress)
            .GetRequiredService<IGrainFactory>();
        await shop.Cluster.KillSiloAsync(shop.Cluster.Silos[2]);
        foreach (var user in before.Concat(Enumerable.Range(0, 20).Select(n => $"after-{n}")))
        {
            var grain = grains.GetGrain<IUserGrain>(user);
            Assert.Equal(2, (await grain.Offers(new())).Offers.Count);
            Assert.Null((await grain.Record([Samples.Event($"e-{user}", user, "tea-1", shop.Time.GetUtcNow())]))[0].Refusal);
            Assert.Null((await grain.Issue(new($"k-{user}", new("spring")))).Refusal);
        }
    }

    [Fact]
    public async Task A_cluster_that_only_trains_refuses_users_at_once_and_still_tells_of_its_models()
    {
        await using var shop = await TestShop.Start(silos: 2, trainers: 2, servers: 0);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => shop.User("ann").Offers(new()));
        Assert.Equal(RefusalCodes.NoServeSilo, refused.Refusal.Code);
        refused = await Assert.ThrowsAsync<RefusedException>(() => shop.Campaign().Show());
        Assert.Equal(RefusalCodes.NoServeSilo, refused.Refusal.Code);
        Assert.Equal(ModelVersion.None, (await shop.Registry.List()).Current);
        Assert.Empty(await shop.TrainerGrain.Runs());
    }

    [Fact]
    public async Task That_no_place_was_found_in_time_can_be_told_to_another_process()
    {
        await using var shop = await TestShop.Start();
        var serializer = shop.Cluster.GetSiloServiceProvider(shop.Cluster.Silos[0].SiloAddress)
            .GetRequiredService<Serializer>();
        Exception found = new TimeoutException("no place", new Polly.Timeout.TimeoutRejectedException("too long"));
        Assert.IsType<TimeoutException>(serializer.Deserialize<Exception>(serializer.SerializeToArray(found)));
    }

    private static SiloAddress? At(TestShop shop, IGrain grain)
    {
        Assert.True(shop.Cluster.TryGetGrainContext(grain.GetGrainId(), out var context), $"{grain} is not active.");
        return context.Address.SiloAddress;
    }
}
