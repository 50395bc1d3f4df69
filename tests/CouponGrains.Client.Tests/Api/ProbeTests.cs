using System.Net;
using CouponGrains.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Client.Tests.Api;

public sealed class ProbeTests
{
    [Fact]
    public async Task A_process_that_is_still_starting_says_so_and_is_alive()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddCouponGrainsProbes();
        builder.Services.AddSingleton<LateStart>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LateStart>());
        await using var app = builder.Build();
        app.MapCouponGrainsProbes();
        await app.StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, app.Services.GetRequiredService<LateStart>().Startup);
        Assert.Equal(HttpStatusCode.OK, app.Services.GetRequiredService<LateStart>().Live);
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        using var answer = await http.GetAsync("/health/startup");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Asks the probes when HTTP is answered already, but not everything has started.</summary>
    private sealed class LateStart(IServer server) : IHostedLifecycleService
    {
        public HttpStatusCode Startup { get; private set; }

        public HttpStatusCode Live { get; private set; }

        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            using var http = new HttpClient
            {
                BaseAddress = new(server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
            };
            using var startup = await http.GetAsync("/health/startup", cancellationToken);
            using var live = await http.GetAsync("/health/live", cancellationToken);
            (Startup, Live) = (startup.StatusCode, live.StatusCode);
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
