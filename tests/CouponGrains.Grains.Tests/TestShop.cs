using System.Collections.Concurrent;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Grains.Models;
using CouponGrains.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace CouponGrains.Grains.Tests;

/// <summary>A shop of its own for one test: a cluster of silos over one real store in a temporary folder.</summary>
internal sealed class TestShop : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-").FullName;
    private readonly SqliteGrainStore _grainStore;
    private InProcessTestCluster? _cluster;

    private TestShop()
    {
        Store = SqliteStore.Open(Path.Combine(_folder, "store"), Time, NullLoggerFactory.Instance);
        _grainStore = SqliteGrainStore.Prepare(Path.Combine(_folder, "store"), Time, NullLoggerFactory.Instance);
        Models = new(Store.Models);
        Trainer = new(Store.Events);
    }

    public ShiftedTime Time { get; } = new();

    public SqliteStore Store { get; }

    public RottingModels Models { get; }

    public SmallTrainer Trainer { get; }

    /// <summary>The calls between grains that were made, as caller and callee.</summary>
    public ConcurrentDictionary<(string From, string To), bool> Calls { get; } = new();

    public InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("Not started.");

    public IGrainFactory Grains => Cluster.Client;

    public ITrainerGrain TrainerGrain => Grains.GetGrain<ITrainerGrain>(0);

    public IModelRegistryGrain Registry => Grains.GetGrain<IModelRegistryGrain>(0);

    /// <summary>Starts a shop.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="trainers">How many of them, from the last on, have the train role.</param>
    /// <param name="servers">How many of them, from the first on, have the serve role; all if left out.</param>
    /// <param name="configure">Paces.</param>
    /// <param name="gpu">The number of the silo that has a GPU, from 0.</param>
    public static async Task<TestShop> Start(
        int silos = 1, int trainers = 1, int? servers = null, Action<GrainsOptions>? configure = null, int? gpu = null)
    {
        var shop = new TestShop();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.AssumeHomogenousSilosForTesting = false;
        builder.ConfigureSilo((options, silo) => shop.Configure(
            options, silo, (servers ?? int.MaxValue, silos - trainers, gpu), configure));
        builder.ConfigureClient(client => client.AddMemoryStreams(PushStream.Provider));
        shop._cluster = builder.Build();
        await shop._cluster.DeployAsync();
        return shop;
    }

    public IUserGrain User(string id) => Grains.GetGrain<IUserGrain>(id);

    public ICampaignGrain Campaign(string id = "spring") => Grains.GetGrain<ICampaignGrain>(id);

    public ICatalogGrain Shard(ItemId item) => Grains.GetGrain<ICatalogGrain>(CatalogShards.Of(item));

    /// <summary>Puts the items of <see cref="Samples"/> into the catalog, opens a campaign, and adds an offer for tea
    /// and one for bread.</summary>
    public async Task<Campaign> Open(string id = "spring", long budget = 100_000)
    {
        foreach (var item in Samples.Items)
        {
            Assert.Equal([null], await Shard(item.Id).Put([item]));
        }

        var campaign = (await Campaign(id).Put(Samples.Campaign(id, budget, Time.GetUtcNow()))).Value!;
        Assert.Equal([null, null], await Campaign(id).AddOffers([Samples.Offer(id, "tea"), Samples.Offer(id, "bread")]));
        return campaign;
    }

    /// <summary>Stores a model and puts it into force on every silo.</summary>
    public async Task<ModelVersion> Publish(ModelSnapshot model)
    {
        var stored = await Models.Store(model, Time.GetUtcNow());
        var answer = await Registry.Promote(stored.Version, "test");
        Assert.Null(answer.Refusal);
        await Refreshed();
        return stored.Version;
    }

    /// <summary>Takes the log back to a place, as when the store, but not what the grains keep, comes back from a
    /// backup.</summary>
    public void TakeBack(long lastSequence)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "store", SqliteStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM events WHERE seq > {lastSequence}; UPDATE sqlite_sequence SET seq = {lastSequence} WHERE name = 'events'";
        command.ExecuteNonQuery();
    }

    /// <summary>Waits until every silo has seen everything that is stored.</summary>
    public Task Refreshed() => Task.WhenAll(Cluster.Silos
        .Select(s => Cluster.GetSiloServiceProvider(s.SiloAddress).GetRequiredService<IReplica>().Refresh(CancellationToken.None)));

    /// <summary>Waits for something that happens soon.</summary>
    public static async Task<T> Soon<T>(Func<Task<T>> look, Func<T, bool> good, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var seen = await look();
            if (good(seen))
            {
                return seen;
            }

            Assert.False(limit.IsCancellationRequested, $"Waited 30 s for: {what}; last seen: {seen}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Trainer.Go();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await _grainStore.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    private void Configure(
        InProcessTestSiloSpecificOptions options, ISiloBuilder silo, (int Servers, int FirstTrainer, int? Gpu) roles,
        Action<GrainsOptions>? configure)
    {
        var number = int.Parse(options.SiloName.Split('_', '-')[^1].TrimStart('S', 'i', 'l', 'o'));
        var (serves, trains) = (number < roles.Servers, number >= roles.FirstTrainer);
        var services = silo.Services;
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Store.Events).AddSingleton(Store.Users).AddSingleton(Store.Catalog)
            .AddSingleton(Store.Campaigns).AddSingleton(Store.Ledger).AddSingleton(Store.Codes)
            .AddSingleton(Store.Webhooks).AddSingleton(Store.Keys).AddSingleton(Store.Reports).AddSingleton(Store.Audit)
            .AddSingleton(Store.Approvals).AddSingleton(Store.Imports).AddSingleton<IModelStore>(Models);
        if (trains)
        {
            services.AddSingleton<ITrainer>(Trainer);
        }

        silo.AddAdoNetGrainStorage(GrainsHosting.StorageName, o =>
        {
            o.Invariant = SqliteGrainStore.Invariant;
            o.DataSource = _grainStore;
        });
        // Where the clock is moved on while a grain is made, its end would lie in what is past then, and it would not
        // be made.
        silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromDays(3_650));
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddMemoryStreams(PushStream.Provider);
        silo.UseInMemoryReminderService();
        silo.AddCouponGrains(trains, o =>
        {
            o.ReplicaPoll = TimeSpan.FromMilliseconds(200);
            o.Upkeep = TimeSpan.FromMilliseconds(200);
            o.WebhookPoll = TimeSpan.FromMilliseconds(50);
            o.EvidencePeriod = TimeSpan.FromMilliseconds(100);
            o.HasGpu = number == roles.Gpu;
            configure?.Invoke(o);
        }, serves);
        silo.AddOutgoingGrainCallFilter(context =>
        {
            if (context.SourceId is { } source && context.TargetId is var target)
            {
                Calls.TryAdd((source.Type.ToString()!, target.Type.ToString()!), true);
            }

            return context.Invoke();
        });
        silo.Services.AddLogging(l => l.SetMinimumLevel(LogLevel.Warning));
    }
}
