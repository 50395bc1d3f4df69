using CouponGrains.Api;
using CouponGrains.Api.Access;
using CouponGrains.Api.Hosting;
using CouponGrains.Api.Observability;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Grains;
using CouponGrains.SiloHost.SampleShop;
using CouponGrains.Training.Models;
using Orleans.Dashboard;

namespace CouponGrains.SiloHost;

/// <summary>The process: one store, one silo, one HTTP port.</summary>
internal static class HostProcess
{
    /// <summary>Runs until it is told to end. Throws <see cref="RefusedException"/> where it cannot begin.</summary>
    public static async Task Run(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(HostArguments.Parse(arguments));
        var settings = HostSettings.Read(builder.Configuration);
        var access = AccessOptions.Read(builder.Configuration.GetSection(HostArguments.Section), settings.Front);
        HostPorts.Check(settings);
        var pseudonyms = PseudonymSettings.Read(
            builder.Configuration.GetSection(HostArguments.Section), settings.Connection is null ? settings.Data : null,
            out var isNew);

        using var logs = LoggerFactory.Create(logging => Log(logging, builder.Configuration));
        await using var store = await HostStore.Open(settings, logs);
        await Agree(store, pseudonyms, settings, isNew);
        Compose(builder, settings, access, store, pseudonyms);
        await using var app = builder.Build();
        settings.Front.Guard(app);
        _ = settings.Serves ? app.MapCouponGrains() : app.MapCouponGrainsProbes();
        app.MapMetrics();
        if (settings.Dashboard)
        {
            app.MapOrleansDashboard("/dashboard");
        }

        await Front.Run(app);
    }

    /// <summary>Has the store's users be named as they are named there. A key that was made for nothing does not stay,
    /// so that nobody takes it for the store's.</summary>
    private static async Task Agree(HostStore store, Pseudonyms? pseudonyms, HostSettings settings, bool isNew)
    {
        try
        {
            await store.Pseudonyms.Agree(pseudonyms?.Fingerprint, CancellationToken.None);
        }
        catch (RefusedException) when (isNew)
        {
            File.Delete(Path.Combine(settings.Data, PseudonymSettings.FileName));
            throw;
        }
    }

    private static void Compose(
        WebApplicationBuilder builder, HostSettings settings, AccessOptions access, HostStore store, Pseudonyms? pseudonyms)
    {
        Log(builder.Logging, builder.Configuration);
        settings.Front.Open(builder.WebHost);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        AddPorts(builder.Services, settings, store);
        AddWatch(builder.Services, settings, access, builder.Configuration, pseudonyms);
        // Hosted services begin in the order of their registration: the shop is loaded before the silo takes requests.
        SampleShopHosting.AddLoad(builder.Services, settings, pseudonyms);
        builder.UseOrleans(silo => ComposeSilo(silo, settings, store, pseudonyms?.Fingerprint));
        SampleShopHosting.AddOpening(builder.Services, settings);
        builder.Services.AddHostedService<TrainingTimetable>();
    }

    private static void AddPorts(IServiceCollection services, HostSettings settings, HostStore store)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        store.AddPorts(services);
        if (settings.Trains)
        {
            services.AddSingleton<ITrainer, ModelTrainer>();
        }
    }

    private static void AddWatch(
        IServiceCollection services, HostSettings settings, AccessOptions access, ConfigurationManager configuration,
        Pseudonyms? pseudonyms)
    {
        services.AddTelemetry("silo", TelemetryOptions.Read(configuration.GetSection(HostArguments.Section)));
        _ = settings.Serves
            ? services.AddCouponGrainsApi(new() { Rates = settings.Rates, Pseudonyms = pseudonyms }, access)
            : services.AddCouponGrainsProbes(access).AddTrainerHealth();
    }

    private static void ComposeSilo(ISiloBuilder silo, HostSettings settings, HostStore store, string? pseudonyms)
    {
        store.AddCluster(silo, settings);
        silo.AddMemoryStreams(PushStream.Provider);
        silo.AddActivityPropagation();
        silo.AddCouponGrains(settings.Trains, grains =>
        {
            grains.PrivateWebhooks = settings.PrivateWebhooks;
            grains.Pseudonyms = pseudonyms;
            grains.HasGpu = settings.Trains && CudaDevice.IsThere;
            grains.ApprovalAbove = settings.ApprovalAbove;
            grains.ShopCaps = new()
            {
                IssuedPerDay = settings.CouponsPerDay > 0 ? settings.CouponsPerDay : null,
                IssuedPerWeek = settings.CouponsPerWeek > 0 ? settings.CouponsPerWeek : null,
            };
        }, settings.Serves);
        if (settings.Dashboard)
        {
            silo.AddDashboard(options => options.HideTrace = true);
        }
    }

    private static void Log(ILoggingBuilder logging, ConfigurationManager configuration) =>
        logging.AddLog(configuration.GetSection("Logging"), configuration.GetSection(HostArguments.Section));
}
