using CouponGrains.Api;
using CouponGrains.Api.Access;
using CouponGrains.Api.Hosting;
using CouponGrains.Api.Observability;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using Orleans.Configuration;

namespace CouponGrains.FrontEnd;

/// <summary>The process: an Orleans client and the HTTP API on it. It holds nothing, so any number of them may
/// run.</summary>
internal static class FrontEndProcess
{
    /// <summary>The id of cluster and service, the same in the silo host.</summary>
    private const string Cluster = "coupongrains";

    private static readonly TimeSpan ConnectAgain = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo that was declared dead is still asked, where its connection looks alive: it stands
    /// still, or its network is cut.</summary>
    private static readonly TimeSpan LooksForSilos = TimeSpan.FromSeconds(2);

    /// <summary>Runs until it is told to end. Throws <see cref="RefusedException"/> where it cannot begin.</summary>
    public static async Task Run(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(FrontEndSettings.Parse(arguments));
        var section = builder.Configuration.GetSection(Arguments.Section);
        var settings = FrontEndSettings.Read(section);
        var access = AccessOptions.Read(section, settings.Front);
        var pseudonyms = PseudonymSettings.Read(section, null, out _);
        if (settings.Connection is { } connection)
        {
            await ClusterDatabase.Require(connection);
        }

        builder.Logging.AddLog(builder.Configuration.GetSection("Logging"), section);
        settings.Front.Open(builder.WebHost);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddTelemetry("front-end", TelemetryOptions.Read(section));
        builder.Services.AddCouponGrainsApi(new() { Rates = settings.Rates, Pseudonyms = pseudonyms }, access);
        builder.UseOrleansClient(client => Compose(client, settings));
        if (pseudonyms is not null)
        {
            builder.Services.AddSingleton(pseudonyms).AddHostedService<SamePseudonyms>();
        }


        await using var app = builder.Build();
        settings.Front.Guard(app);
        app.MapCouponGrains();
        app.MapMetrics();
        await Front.Run(app);
    }

    private static void Compose(IClientBuilder client, FrontEndSettings settings)
    {
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Cluster, Cluster));
        _ = settings.Connection is { } connection
            ? client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", ClusterDatabase.Brief(connection)))
            : client.UseStaticClustering([.. settings.Gateways]);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = LooksForSilos);
        // A front end may start before the first silo: until one answers it is not started, and says so by its silence.
        client.UseConnectionRetryFilter(async (_, cancel) =>
        {
            await Task.Delay(ConnectAgain, cancel);
            return true;
        });
        client.AddOutgoingGrainCallFilter<TurnedAway>();
        client.AddActivityPropagation();
        client.AddMemoryStreams(PushStream.Provider);
    }
}
