using System.Reflection;
using CouponGrains.Contracts.Shop;
using CouponGrains.Grains.Audit;
using CouponGrains.Grains.Coupons;
using CouponGrains.Grains.Events;
using CouponGrains.Grains.Health;
using CouponGrains.Grains.Models;
using CouponGrains.Grains.Profiles;
using CouponGrains.Grains.Ranking;
using CouponGrains.Grains.Redemptions;
using CouponGrains.Grains.Transfers;
using CouponGrains.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Placement;
using Orleans.Providers;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;

namespace CouponGrains.Grains;

/// <summary>Takes the grains into a silo.</summary>
public static class GrainsHosting
{
    /// <summary>The name of the grain storage that the host provides.</summary>
    public const string StorageName = "grains";

    /// <summary>Registers what the grains need apart from the ports of the Domain, the grain storage
    /// <see cref="StorageName"/>, the stream provider <see cref="Contracts.Coupons.PushStream.Provider"/> and
    /// reminders, which the host provides.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="trains">True if the trainer may live here; the host then registers an
    /// <see cref="Domain.Models.ITrainer"/>.</param>
    /// <param name="configure">Paces, or null for the defaults.</param>
    /// <param name="serves">True if users and what else serves requests may live here.</param>
    public static ISiloBuilder AddCouponGrains(
        this ISiloBuilder silo, bool trains, Action<GrainsOptions>? configure = null, bool serves = true)
    {
        var services = silo.Services;
        services.AddOptions<GrainsOptions>().Configure(configure ?? (_ => { }));
        services.AddSingleton<IConfigurationValidator, GrainsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        AddInstruments(services);
        AddHealth(services);
        services.AddSingleton<AuditDesk>();
        services.AddSingleton<AuditWatch>();
        services.AddSingleton<CouponPorts>();
        services.AddSingleton<RememberedOffers>();
        services.AddSingleton<ImportDesk>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<ModelReplica>();
        services.AddSingleton<IReplica>(s => s.GetRequiredService<ModelReplica>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<ModelReplica>());
        services.AddSingleton<ReplicaHints>();
        services.AddSingleton<TrainingRuns>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<TrainingRuns>());
        silo.AddGrainService<ReplicaService>();
        var options = new GrainsOptions();
        configure?.Invoke(options);
        if (options.Pseudonyms is not null)
        {
            silo.AddIncomingGrainCallFilter<PseudonymsOnly>();
        }

        AddRoles(silo, serves, trains, options.HasGpu);
        // Where no place is found for a grain in time, Orleans tells it with an exception of Polly's in it.
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Polly"));
        // The shapes of the states are numbered for Orleans' own format.
        services.TryAddKeyedSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>(StorageName);
        return silo;
    }

    /// <summary>Makes a silo that only trains ready when it can: where it serves too, users are not kept waiting for
    /// the trainer.</summary>
    public static IServiceCollection AddTrainerHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<TrainerHealth>("trainer", tags: [Probes.Ready]);
        return services.AddSingleton<TrainerHealth>();
    }

    /// <summary>Of the program: its number, and the first letters of the commit where the build knew it.</summary>
    private static string Version { get; } = Short(typeof(GrainsHosting).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    private static string Short(string version) => version.Split('+') is [var number, { Length: > 8 } commit]
        ? $"{number}+{commit[..8]}" : version;

    private static void AddRoles(ISiloBuilder silo, bool serves, bool trains, bool hasGpu)
    {
        silo.UseSiloMetadata(new Dictionary<string, string>
        {
            [RoleStrategy.Serve] = serves ? "true" : "false",
            [RoleStrategy.Train] = trains ? "true" : "false",
            [RoleStrategy.Gpu] = trains && hasGpu ? "true" : "false",
            [RoleStrategy.Version] = Version,
        });
        silo.Services.AddPlacementFilter<TrainRoleStrategy, RoleDirector>(ServiceLifetime.Singleton);
        silo.Services.AddPlacementFilter<ServeRoleStrategy, RoleDirector>(ServiceLifetime.Singleton);
        silo.Services.AddPlacementFilter<ServeRoleFirstStrategy, RoleDirector>(ServiceLifetime.Singleton);
        if (serves)
        {
            silo.Services.AddHostedService<Upkeep>();
        }
        else
        {
            // Pushes that wait for delivery, and who listens to them, live where users live.
            silo.Services.PostConfigure<GrainTypeOptions>(
                types => types.Classes.RemoveWhere(grain => grain.Assembly == typeof(MemoryStreamQueueGrain).Assembly));
        }
    }

    private static void AddHealth(IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<StoreHealth>("store", tags: [Probes.Ready])
        .AddCheck<ReplicaHealth>("model", tags: [Probes.Ready])
        .AddTypeActivatedCheck<SiloHealth>("silo", null, [Probes.Ready], Probes.Ready)
        .AddTypeActivatedCheck<SiloHealth>("membership", null, [Probes.Live], Probes.Live);

    private static void AddInstruments(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<EventInstruments>();
        services.AddSingleton<FeedbackCounts>();
        services.AddSingleton<ProfileInstruments>();
        services.AddSingleton<ModelInstruments>();
        services.AddSingleton<CouponInstruments>();
        services.AddSingleton<RedemptionInstruments>();
        services.AddSingleton<Instruments>();
    }

    private sealed class GrainsOptionsValidator(IOptions<GrainsOptions> options) : IConfigurationValidator
    {
        public void ValidateConfiguration()
        {
            if (options.Value.Check() is { } broken)
            {
                throw new OrleansConfigurationException($"{nameof(GrainsOptions)}: {broken}");
            }
        }
    }
}
