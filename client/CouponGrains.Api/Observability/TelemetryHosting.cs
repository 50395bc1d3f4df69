using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CouponGrains.Api.Observability;

/// <summary>Lets a process be watched: traces from HTTP through grains to the store, and the metrics of every stage of
/// the loop.</summary>
public static class TelemetryHosting
{
    private static readonly string[] Sources =
        [Telemetry.Name, "Microsoft.Orleans.Application", "Microsoft.Orleans.Storage", "Npgsql"];

    private static readonly string[] Meters =
        [Telemetry.Name, "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
            "System.Runtime", "Npgsql"];

    /// <summary>What is told of the connections to a database: not how they are made, which holds names.</summary>
    private static readonly string[] DatabaseLabels =
        ["db.system.name", "db.client.connection.state", "server.address", "server.port"];

    /// <summary>Registers what <paramref name="options"/> ask for. Orleans carries a trace on from process to process
    /// only where silos and clients add its activity propagation.</summary>
    /// <param name="services">The process.</param>
    /// <param name="role">What the process is: <c>silo</c>, <c>front-end</c>.</param>
    /// <param name="options">What is told, and to whom.</param>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, string role, TelemetryOptions options)
    {
        services.AddSingleton(options);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("coupongrains-" + role));
        if (options.Otlp is { } collector)
        {
            telemetry.WithTracing(traces => traces.AddCouponGrains(options)
                .AddOtlpExporter(otlp => otlp.Endpoint = collector));
        }

        if (options.Metrics)
        {
            telemetry.WithMetrics(metrics => metrics.AddMeter(Meters)
                .AddView("db.client.*", new MetricStreamConfiguration { TagKeys = DatabaseLabels })
                .AddPrometheusExporter());
        }

        return services;
    }

    /// <summary>The spans of the whole path, without the ids of users and the codes of coupons that stand in
    /// addresses.</summary>
    public static TracerProviderBuilder AddCouponGrains(
        this TracerProviderBuilder traces, TelemetryOptions options) => traces
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
        .AddSource(Sources)
        .AddAspNetCoreInstrumentation(http => http.Filter = IsAnswer)
        .AddProcessor(new IdsLeftOut());

    /// <summary>Maps <c>/metrics</c>, if it is wanted.</summary>
    public static WebApplication MapMetrics(this WebApplication app)
    {
        if (app.Services.GetService<TelemetryOptions>() is { Metrics: true })
        {
            app.MapPrometheusScrapingEndpoint("/metrics");
        }

        return app;
    }

    /// <summary>Probes and scrapes would drown the rest.</summary>
    private static bool IsAnswer(Microsoft.AspNetCore.Http.HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/health") && !http.Request.Path.StartsWithSegments("/metrics");
}
