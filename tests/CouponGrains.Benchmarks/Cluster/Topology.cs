using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CouponGrains.Benchmarks.Ranking;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace CouponGrains.Benchmarks.Cluster;

/// <summary>What stands in the store.</summary>
/// <param name="Offers">Offers in force.</param>
/// <param name="Rank">Rank of the model.</param>
/// <param name="Users">Users with a past.</param>
/// <param name="Past">Events of each.</param>
/// <param name="Response">True if the model tells responses too.</param>
/// <param name="Remember">True if silos answer as before while nothing has happened.</param>
internal sealed record ShopSize(int Offers, int Rank, int Users, int Past, bool Response, bool Remember)
{
    public override string ToString() => $"{Offers:N0} offers in force, rank {Rank}, {Users:N0} users with {Past} events each, "
        + $"{(Response ? "a" : "no")} response model, answers {(Remember ? "remembered" : "ranked each time anew")}";
}

/// <summary>PostgreSQL and silos in processes of their own, on a store with offers, a model and users.</summary>
internal sealed class Topology : IAsyncDisposable
{
    private const string Database = "shop";
    private const int Batch = 1_000;

    private readonly List<Child> _silos = [];
    private readonly List<IPEndPoint> _gateways = [];

    private Topology(PostgresServer server, ShopSize size, RandomShop shop) =>
        (Server, Size, Shop, Offers) = (server, size, shop, shop.Offers(size.Offers));

    public PostgresServer Server { get; }

    public ShopSize Size { get; }

    public RandomShop Shop { get; }

    /// <summary>The offers in force.</summary>
    public IReadOnlyList<Offer> Offers { get; }

    public IReadOnlyList<Child> Silos => _silos;

    public IReadOnlyList<IPEndPoint> Gateways => _gateways;

    public static UserId User(int number) => new($"user-{number:D7}");

    public static async Task<Topology> Start(ShopSize size, int silos, int seed, string? folder)
    {
        var server = await PostgresServer.Create(folder, "shared_buffers=512MB", "max_wal_size=4GB");
        var topology = new Topology(server, size, new(size.Rank, seed, TimeProvider.System.GetUtcNow()));
        try
        {
            await server.Execute("postgres", $"CREATE DATABASE {Database} TEMPLATE template0");
            await topology.Fill();
            for (var number = 1; number <= silos; number++)
            {
                var (silo, gateway) = (FreePort(), FreePort());
                topology._silos.Add(await Child.Start($"silo {number}", "silo", "--connection", server.Connection(Database),
                    "--silo-port", $"{silo}", "--gateway-port", $"{gateway}", "--remember", size.Remember ? "1" : "0"));
                topology._gateways.Add(new(IPAddress.Loopback, gateway));
            }

            return topology;
        }
        catch
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    /// <summary>An Orleans client in this process.</summary>
    public async Task<IHost> Connect()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client => Join(client, _gateways));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Has a client come in through these silos.</summary>
    public static void Join(IClientBuilder client, IEnumerable<IPEndPoint> gateways)
    {
        client.Configure<ClusterOptions>(
            cluster => (cluster.ClusterId, cluster.ServiceId) = (SiloProcess.Cluster, SiloProcess.Cluster));
        client.UseStaticClustering([.. gateways]);
        client.AddActivityPropagation();
        client.AddMemoryStreams(PushStream.Provider);
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
        await Server.DisposeAsync();
    }

    private async Task Fill()
    {
        await using var store = await PostgresStore.Open(
            Server.Connection(Database), TimeProvider.System, NullLoggerFactory.Instance);
        await store.Catalog.Put(Shop.Goods, default);
        await store.Campaigns.Put(Shop.Spring, default);
        await store.Campaigns.AddOffers(Offers, default);
        var weights = Size.Response ? Shop.Weights(ResponseEncoder.None, 0, 0, 32, 16) : null;
        await Publish(store.Models, Shop.Model(weights));
        var events = Enumerable.Range(0, Size.Users * Size.Past)
            .Select(n => Shop.Event(User(n / Size.Past), n % Size.Past, $"past-{n}"));
        foreach (var batch in events.Chunk(Batch))
        {
            await store.Events.Append(batch, default);
        }
    }

    /// <summary>Stores a model and puts it in force.</summary>
    public static async Task<ModelVersion> Publish(IModelStore models, ModelSnapshot model)
    {
        var artifact = ModelArtifact.Write(model);
        var stored = await models.Write(artifact, version => new()
        {
            Version = version, Sha256 = Convert.ToHexStringLower(SHA256.HashData(artifact)), Length = artifact.Length,
            CreatedAt = model.Reference, Metrics = new(0.5, 0.4, 0.3, 0.2, 10),
        }, default);
        var before = await models.Current(default);
        await models.Promote(stored.Version, before, "measured", model.Reference, default);
        return stored.Version;
    }
}
