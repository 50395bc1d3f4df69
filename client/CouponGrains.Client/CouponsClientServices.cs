using System.Net;
using CouponGrains.Client.Http;
using CouponGrains.Client.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace CouponGrains.Client;

/// <summary>Registers <see cref="ICouponsClient"/>, one way or the other; over HTTP <see cref="IExportsClient"/>
/// too.</summary>
public static class CouponsClientServices
{
    /// <summary>Over HTTP. Requests that may safely be sent again are: those that only read, and those that carry a key
    /// or an id. Wrong options throw <see cref="OptionsValidationException"/> when the client is first asked
    /// for.</summary>
    public static IServiceCollection AddCouponsClient(
        this IServiceCollection services, Action<CouponsClientOptions> configure)
    {
        services.AddOptions<CouponsClientOptions>().Configure(configure);
        services.AddSingleton<IValidateOptions<CouponsClientOptions>, OptionsCheck>();
        services.AddHttpClient(HttpDoor.Requests, Configure).ConfigurePrimaryHttpMessageHandler(Connect)
            .AddResilienceHandler(HttpDoor.Requests, Repeat);
        services.AddHttpClient(HttpDoor.Streams, Configure).ConfigurePrimaryHttpMessageHandler(Connect);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HttpDoor>();
        services.AddSingleton<HttpCouponsClient>();
        services.AddSingleton<ICouponsClient>(all => all.GetRequiredService<HttpCouponsClient>());
        services.AddSingleton<IExportsClient>(all => all.GetRequiredService<HttpCouponsClient>());
        return services;
    }

    /// <summary>As an Orleans client, for a server in the cluster's own network: the application must have an
    /// <see cref="IClusterClient"/> (<c>UseOrleansClient</c>) with the stream provider
    /// <see cref="Contracts.Coupons.PushStream.Provider"/>.</summary>
    public static IServiceCollection AddCouponsOrleansClient(this IServiceCollection services) =>
        services.AddSingleton<ICouponsClient, OrleansCouponsClient>();

    private static HttpMessageHandler Connect(IServiceProvider services) => Authority.Handler(
        services.GetRequiredService<IOptions<CouponsClientOptions>>().Value.CertificateAuthorityFile);

    private static void Configure(IServiceProvider services, HttpClient http)
    {
        var options = services.GetRequiredService<IOptions<CouponsClientOptions>>().Value;
        http.BaseAddress = options.Address;
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (options.Key is { } key)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    private static void Repeat(
        ResiliencePipelineBuilder<HttpResponseMessage> pipeline, ResilienceHandlerContext context)
    {
        var options = context.ServiceProvider.GetRequiredService<IOptions<CouponsClientOptions>>().Value;
        pipeline.AddTimeout(options.Timeout);
        if (options.Repeats > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Repeats,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = outcome => ValueTask.FromResult(
                    (HttpClientResiliencePredicates.IsTransient(outcome.Outcome) || IsInFlight(outcome.Outcome.Result))
                        && outcome.Context.GetRequestMessage() is { } request && HttpDoor.MayRepeat(request)),
            });
        }

        pipeline.AddTimeout(options.TryTimeout);
    }

    /// <summary>True if the server is still at work on this very request: a conflict that ends by itself.</summary>
    private static bool IsInFlight(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.Conflict, Headers.RetryAfter: not null };

    private sealed class OptionsCheck : IValidateOptions<CouponsClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, CouponsClientOptions options) => options.Fault() is { } fault
            ? ValidateOptionsResult.Fail(fault)
            : ValidateOptionsResult.Success;
    }
}
