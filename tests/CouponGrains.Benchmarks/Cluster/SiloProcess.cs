using System.Net;
using CouponGrains.Api.Observability;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Grains;
using CouponGrains.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CouponGrains.Benchmarks.Cluster;

/// <summary>A process of the topology that is measured: one silo with the real grains on PostgreSQL, put together as
/// the host does it, and beside them the grain that does nothing. It ends when its input ends.</summary>
internal static class SiloProcess
{
    /// <summary>The id of cluster and service.</summary>
    public const string Cluster = "coupongrains";

    /// <summary>What it says once it is up.</summary>
    public const string Ready = "ready";

    public static async Task<int> Run(Arguments args)
    {
        using var logs = LoggerFactory.Create(Log);
        await using var store = await PostgresStore.Open(args.Text("--connection")!, TimeProvider.System, logs);
        var builder = Host.CreateApplicationBuilder();
        Log(builder.Logging);
        Stand(builder.Services, store);
        builder.Services.AddTelemetry("silo", new());
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Cluster, Cluster));
            silo.ConfigureEndpoints(IPAddress.Loopback, args.Number("--silo-port", 0), args.Number("--gateway-port", 0));
            silo.UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (PostgresStore.Invariant, store.Source));
            silo.UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = (PostgresStore.Invariant, store.Source));
            foreach (var name in (string[])[GrainsHosting.StorageName, "PubSubStore"])
            {
                silo.AddAdoNetGrainStorage(name, o => (o.Invariant, o.DataSource) = (PostgresStore.Invariant, store.Source));
            }

            silo.AddMemoryStreams(PushStream.Provider);
            silo.AddActivityPropagation();
            silo.AddCouponGrains(
                trains: false, o => o.OffersLifetime = args.Number("--remember", 1) > 0 ? o.OffersLifetime : TimeSpan.Zero);
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await host.StopAsync();
        return 0;
    }

    private static void Stand(IServiceCollection services, PostgresStore store) => services
        .AddSingleton(TimeProvider.System).AddSingleton(store.Events).AddSingleton(store.Users)
        .AddSingleton(store.Catalog).AddSingleton(store.Campaigns).AddSingleton(store.Ledger).AddSingleton(store.Codes)
        .AddSingleton(store.Webhooks).AddSingleton(store.Reports).AddSingleton(store.Models).AddSingleton(store.Keys)
        .AddSingleton(store.Approvals).AddSingleton(store.Audit).AddSingleton(store.Imports);

    private static void Log(ILoggingBuilder logging) => logging.ClearProviders()
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        // A silo that ends tells of every queue that it was just reading.
        .SetMinimumLevel(LogLevel.Error).AddFilter("Orleans.Streams", LogLevel.None)
        .AddFilter("Orleans.Providers", LogLevel.None);
}
