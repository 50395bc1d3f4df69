using System.Diagnostics;
using CouponGrains.Benchmarks.Cluster;
using CouponGrains.Benchmarks.Ranking;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;
using CouponGrains.Grains;
using CouponGrains.Grains.Models;
using CouponGrains.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Benchmarks.Profiles;

/// <summary>How much memory active users take in one silo, and what it costs them that a model is published. The silo
/// and the embedded store are the real ones; of the users' events alone a generator tells instead of the
/// store.</summary>
internal sealed class UsersBenchmark : IAsyncDisposable
{
    private const int Batch = 10_000;
    private const int Parallel = 64;

    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-users-").FullName;
    private readonly RandomShop _shop;
    private readonly ResponseWeights _weights;
    private readonly SqliteStore _store;
    private readonly SqliteGrainStore _grains;
    private readonly int _users;
    private readonly GeneratedLog _log;

    private UsersBenchmark(int users, int past, int rank)
    {
        var at = TimeProvider.System.GetUtcNow();
        _users = users;
        _shop = new(rank, seed: 1, at);
        _weights = _shop.Weights(ResponseEncoder.None, 0, 0, 32, 16);
        _store = SqliteStore.Open(Path.Combine(_folder, "store"), TimeProvider.System, NullLoggerFactory.Instance);
        _grains = SqliteGrainStore.Prepare(Path.Combine(_folder, "store"), TimeProvider.System, NullLoggerFactory.Instance);
        _log = new(_shop.Goods, past, at);
    }

    public static async Task<int> Run(Arguments args)
    {
        var (users, past) = (args.Number("--users", 1_000_000), args.Number("--past", 20));
        var (offers, rank) = (args.Number("--offers", 1_000), args.Number("--rank", 64));
        await using var benchmark = new UsersBenchmark(users, past, rank);
        await benchmark.Fill(offers);
        var title = $"{users:N0} active users with {past} events each in one silo, {offers:N0} offers in force, rank {rank}, a "
            + $"response model; {Environment.ProcessorCount} cores";
        Console.WriteLine(title);
        var table = await benchmark.Measure(args.Number("--hold", 0));
        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(
                Path.Combine(folder, "users.md"), $"{title}\n\nMeasured with `CouponGrains.Benchmarks users --out docs/measured`.");
        }

        // A silo that is told to end first stores what changed of every user; nobody will ask for that.
        Directory.Delete(benchmark._folder, recursive: true);
        Environment.Exit(0);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _grains.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Fill(int offers)
    {
        await _store.Catalog.Put(_shop.Goods, default);
        await _store.Campaigns.Put(_shop.Spring, default);
        await _store.Campaigns.AddOffers(_shop.Offers(offers), default);
        await Topology.Publish(_store.Models, _shop.Model(_weights));
        foreach (var numbers in Enumerable.Range(0, _users).Chunk(Batch))
        {
            await _store.Users.Put([.. numbers.Select(n => new UserRecord { Id = Topology.User(n) })], default);
        }
    }

    private async Task<Table> Measure(int hold)
    {
        var host = Silo();
        await host.StartAsync();
        var (grains, replica) = (host.Services.GetRequiredService<IGrainFactory>(), host.Services.GetRequiredService<IReplica>());
        var table = new Table(["what", "#figure"]);
        var before = MemoryUse.Now();
        var woken = await Ask(grains, new(1));
        var after = MemoryUse.Now();
        table.Add("heap per user, after a full collection", $"{(after.Heap - before.Heap) / _users:N0} bytes");
        table.Add("heap of the whole process", $"{after.Heap / 1e9:F2} GB");
        table.Add("memory of the whole process at its peak", $"{after.Peak / 1e9:F2} GB");
        table.Add("a user's first answer: read, folded, ranked", Per(woken));
        table.Add("his next answer", Per(await Ask(grains, new(1))));
        if (hold > 0)
        {
            Console.WriteLine($"process {Environment.ProcessId} holds for {hold} s");
            await Task.Delay(TimeSpan.FromSeconds(hold), TimeProvider.System);
        }

        var version = await Topology.Publish(_store.Models, new RandomShop(_shop.Model(null).Factors.Rank, 2, _shop.Model(null).Reference)
            .Model(_weights));
        var begun = Stopwatch.GetTimestamp();
        await replica.Refresh(default);
        table.Add("a published model in the silo's copy", $"{Stopwatch.GetElapsedTime(begun).TotalMilliseconds:F0} ms");
        table.Add("his first answer under the new model", Per(await Ask(grains, version)));
        table.Add("his next answer under it", Per(await Ask(grains, version)));
        table.Add("a fold alone", Fold(replica.Current.Model!));
        table.Add("memory of the whole process at its peak, in the end", $"{MemoryUse.Now().Peak / 1e9:F2} GB");
        return table;
    }

    /// <summary>Asks for every user's offers; each answer must be of this model and personal.</summary>
    private async Task<Cost> Ask(IGrainFactory grains, ModelVersion version)
    {
        var (next, query) = (-1, new OffersQuery(Unexplained: true));
        var (processor, allocated, begun) = (
            ProcessorTime.Of(Environment.ProcessId), GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < _users)
            {
                var answer = await grains.GetGrain<IUserGrain>(Topology.User(number).Value).Offers(query);
                if (answer.Model != version || !answer.Personal || answer.Offers.Count == 0)
                {
                    throw new InvalidOperationException($"User {number} was answered from {answer.Model}, not {version}.");
                }
            }
        })));
        return new(
            Stopwatch.GetElapsedTime(begun) / _users, (ProcessorTime.Of(Environment.ProcessId) - processor) / _users,
            (GC.GetTotalAllocatedBytes() - allocated) / _users);
    }

    private static string Per(Cost cost) =>
        $"{cost.Processor.TotalMicroseconds:F0} µs of CPU, {cost.Allocated:N0} bytes allocated, one each {cost.Took.TotalMicroseconds:F0} µs";

    private string Fold(ModelSnapshot model)
    {
        var user = Topology.User(0);
        var profile = new UserProfile(new() { Id = user }, model.Weights, model.Reference);
        foreach (var recorded in _log.ReadUser(user, 0, int.MaxValue, default).Result)
        {
            profile.Apply(recorded, null);
        }

        const int Folds = 20_000;
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var fold = 0; fold < Folds; fold++)
            {
                TasteVector.Fold(profile, model);
            }

            best = best < Stopwatch.GetElapsedTime(begun) ? best : Stopwatch.GetElapsedTime(begun);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        TasteVector.Fold(profile, model);
        return $"{best.TotalMicroseconds / Folds:F1} µs, {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes allocated";
    }

    private IHost Silo()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error)
            .AddFilter("Orleans.Streams", LogLevel.None).AddFilter("Orleans.Providers", LogLevel.None);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IEventLog>(_log).AddSingleton(_store.Users)
            .AddSingleton(_store.Catalog).AddSingleton(_store.Campaigns).AddSingleton(_store.Ledger).AddSingleton(_store.Codes)
            .AddSingleton(_store.Webhooks).AddSingleton(_store.Reports).AddSingleton(_store.Models).AddSingleton(_store.Keys)
            .AddSingleton(_store.Approvals).AddSingleton(_store.Audit).AddSingleton(_store.Imports);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Topology.FreePort(), Topology.FreePort());
            silo.UseInMemoryReminderService();
            silo.AddAdoNetGrainStorage(
                GrainsHosting.StorageName, o => (o.Invariant, o.DataSource) = (SqliteGrainStore.Invariant, _grains));
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(PushStream.Provider);
            // Users stay, and what was read is not written meanwhile: the memory is asked for.
            silo.Configure<Orleans.Configuration.GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromHours(12));
            silo.AddCouponGrains(
                trains: false, o => (o.SnapshotPeriod, o.SnapshotEvents) = (TimeSpan.FromHours(12), int.MaxValue));
        });
        return builder.Build();
    }

    /// <summary>What one answer took.</summary>
    private readonly record struct Cost(TimeSpan Took, TimeSpan Processor, long Allocated);
}
