using System.Net;
using CouponGrains.Api;
using CouponGrains.Api.Observability;
using CouponGrains.Benchmarks.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Benchmarks.Http;

/// <summary>A front end in a process of its own, put together as the real one is; or, as the floor, an address behind
/// which is one call to the grain that does nothing. It ends when its input ends.</summary>
internal static class FrontProcess
{
    public static async Task<int> Run(Arguments args)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, args.Number("--port", 0));
        });
        var gateways = args.Text("--gateways")!.Split(',').Select(IPEndPoint.Parse);
        builder.UseOrleansClient(client => Topology.Join(client, gateways));
        var isBare = args.Number("--bare", 0) > 0;
        if (!isBare)
        {
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddTelemetry("front-end", new());
            builder.Services.AddCouponGrainsApi();
        }

        await using var app = builder.Build();
        if (isBare)
        {
            app.MapGet("/ping/{id}", async (string id, IGrainFactory grains) =>
                Results.Text($"{await grains.GetGrain<IPingGrain>(id).Ping(1)}"));
        }
        else
        {
            app.MapCouponGrains();
        }

        await app.StartAsync();
        Console.WriteLine(SiloProcess.Ready);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
        return 0;
    }
}
