using CouponGrains.Api.Access;
using CouponGrains.Api.Audit;
using CouponGrains.Api.Campaigns;
using CouponGrains.Api.Catalog;
using CouponGrains.Api.Coupons;
using CouponGrains.Api.Events;
using CouponGrains.Api.Health;
using CouponGrains.Api.Models;
using CouponGrains.Api.Pages;
using CouponGrains.Api.Profiles;
using CouponGrains.Api.Ranking;
using CouponGrains.Api.Redemptions;
using CouponGrains.Api.Reference;
using CouponGrains.Api.Reports;
using CouponGrains.Api.Shop;
using CouponGrains.Api.Transfers;
using CouponGrains.Api.Webhooks;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Shop;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Api;

/// <summary>The HTTP API and the first pages, on any Orleans client: the silo's own, or that of a front-end
/// process.</summary>
public static class CouponGrainsApi
{
    /// <summary>Registers what <see cref="MapCouponGrains"/> needs. The application must have an Orleans client with
    /// the stream provider <see cref="Contracts.Coupons.PushStream.Provider"/>.</summary>
    public static IServiceCollection AddCouponGrainsApi(
        this IServiceCollection services, ApiOptions? options = null, AccessOptions? access = null)
    {
        access ??= new();
        options ??= new();
        services.AddSingleton(options);
        services.AddSingleton(_ => new Strangers(options.Rates.StrangersPerMinute));
        services.AddSingleton(access);
        SignIn.Add(services, access);
        services.AddSingleton<PushInstruments>();
        services.AddSingleton<KeysInFlight>();
        services.AddSingleton(_ => new KnownOffers<byte[]>(json => json));
        services.AddCouponGrainsProbes().AddHealthChecks().AddCheck<ClusterHealth>("cluster", tags: [Probes.Ready]);
        return services;
    }

    /// <summary>Registers what <see cref="MapCouponGrainsProbes"/> needs, for a process without the API.</summary>
    public static IServiceCollection AddCouponGrainsProbes(
        this IServiceCollection services, AccessOptions? access = null)
    {
        services.TryAddSingleton(access ?? new());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<Operators>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<KnownCallers>();
        services.TryAddSingleton(_ => new Strangers(0));
        services.AddHealthChecks().AddCheck<StartHealth>("start", tags: [Probes.Startup]);
        return services;
    }

    /// <summary>Maps <c>/health</c>.</summary>
    public static WebApplication MapCouponGrainsProbes(this WebApplication app)
    {
        UseGuard(app);
        HealthApi.Map(app);
        return app;
    }

    /// <summary>Maps <c>/v1</c>, <c>/health</c>, <c>/problems</c>, <c>/openapi/v1.json</c> and the pages.</summary>
    public static WebApplication MapCouponGrains(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ApiOptions>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("CouponGrains.Api");
        app.Use(next => new Door(next, options, log).Invoke);
        if (options.Pseudonyms is { } pseudonyms)
        {
            app.Use(next => new UserDoor(next, pseudonyms).Invoke); // Before the guard, which compares a key's user.
        }

        var access = app.Services.GetRequiredService<AccessOptions>();
        if (access.SignIn is not null)
        {
            app.UseAuthentication(); // Answers the browser that the identity provider sends back.
        }

        UseGuard(app);
        app.Use(next =>
        {
            var limits = new RateLimits(next, options.Rates);
            app.Lifetime.ApplicationStopped.Register(limits.Dispose);
            return limits.Invoke;
        });

        var v1 = app.MapGroup("/v1");
        EventsApi.Map(v1);
        UsersApi.Map(v1);
        OffersApi.Map(v1);
        OfferStream.Map(v1, options);
        DecisionsApi.Map(v1);
        CouponsApi.Map(v1);
        CouponStream.Map(v1, options);
        RedemptionsApi.Map(v1);
        ReservationsApi.Map(v1);
        ChoicesApi.Map(v1);
        CampaignsApi.Map(v1);
        ApprovalsApi.Map(v1);
        BudgetsApi.Map(v1);
        CampaignOffersApi.Map(v1);
        CodesApi.Map(v1);
        ItemsApi.Map(v1);
        ModelsApi.Map(v1);
        DriftApi.Map(v1);
        TrainingApi.Map(v1);
        WebhooksApi.Map(v1);
        AuditApi.Map(v1);
        OverviewApi.Map(v1);
        ReportsApi.Map(v1);
        ClusterApi.Map(v1);
        KeysApi.Map(v1);
        ImportsApi.Map(v1);
        ExportsApi.Map(v1);
        OperationsApi.Map(v1);
        HealthApi.Map(app);
        SessionApi.Map(app, access);
        PagesApi.Map(app);
        ReferenceApi.Map(app);
        return app;
    }

    private static void UseGuard(WebApplication app)
    {
        var options = app.Services.GetRequiredService<AccessOptions>();
        var callers = app.Services.GetRequiredService<KnownCallers>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("CouponGrains.Api.Access");
        app.Use(next => new Guard(next, options, callers, log).Invoke);
    }
}
