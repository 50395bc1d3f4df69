using System.Net;
using System.Net.Sockets;
using CouponGrains.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CouponGrains.Cli;

/// <summary>No silo answers, or not any more.</summary>
internal sealed class NoSiloException(string message) : Exception(message);

/// <summary>A connection to a running silo.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    /// <summary>Where a silo listens that was started without options.</summary>
    public const string Default = "127.0.0.1:30000";

    /// <summary>The id of cluster and service, the same in the silo host.</summary>
    private const string Cluster = "coupongrains";

    private readonly IHost _host;

    private Gateway(IHost host) => _host = host;

    /// <summary>The client.</summary>
    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Connects. Throws <see cref="NoSiloException"/> if nothing answers within 10 seconds.</summary>
    public static async Task<Gateway> Connect(string address, CancellationToken cancel)
    {
        var endpoint = await Resolve(address, cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using (var probe = new TcpClient())
            {
                await probe.ConnectAsync(endpoint, patience.Token);
            }

            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddLogging(l => l.ClearProviders());
            builder.UseOrleansClient(client =>
            {
                client.UseStaticClustering(endpoint);
                client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Cluster, Cluster));
                client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromMinutes(2));
            });
            var host = builder.Build();
            await host.StartAsync(patience.Token);
            return new(host);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && (e is SocketException or OperationCanceledException || IsGone(e)))
        {
            throw new NoSiloException($"no silo answers at {address}; start one with: dotnet run -c Release --project silo-host");
        }
    }

    /// <summary>True if a call failed because the silo is not there.</summary>
    public static bool IsGone(Exception e) =>
        e is SiloUnavailableException or OrleansMessageRejectionException or TimeoutException
            or ClientNotAvailableException or GatewayTooBusyException
            or Orleans.Runtime.Messaging.ConnectionFailedException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _host.StopAsync(patience.Token);
        _host.Dispose();
    }

    private static async Task<IPEndPoint> Resolve(string address, CancellationToken cancel)
    {
        if (IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port > 0)
        {
            return endpoint;
        }

        var parts = address.Split(':');
        if (parts.Length == 2 && parts[0].Length > 0 && ushort.TryParse(parts[1], out var port) && port > 0)
        {
            try
            {
                return new((await Dns.GetHostAddressesAsync(parts[0], AddressFamily.InterNetwork, cancel))[0], port);
            }
            catch (SocketException)
            {
                throw new NoSiloException($"there is no host {parts[0]}");
            }
        }

        throw new RefusedException(RefusalCodes.InvalidValue, $"A gateway is host:port, as in {Default}; '{address}' is not.");
    }
}
