using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CouponGrains.Grains.Tests.Webhooks;

/// <summary>A shop that listens on this machine, and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public Receiver()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://localhost:{Port}/");
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _loop = Loop();
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}/hooks";

    /// <summary>The status that it answers with.</summary>
    public int Status { get; set; } = 200;

    public ConcurrentQueue<Received> All { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private async Task Loop()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new StreamReader(context.Request.InputStream);
                var headers = context.Request.Headers;
                All.Enqueue(new(
                    headers["webhook-id"]!, DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"]!)),
                    headers["webhook-signature"]!, await body.ReadToEndAsync()));
                context.Response.StatusCode = Status;
                context.Response.RedirectLocation = Url;
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // It was stopped, or the caller went.
            }
        }
    }
}

/// <summary>What arrived.</summary>
internal sealed record Received(string Id, DateTimeOffset At, string Signature, string Body);
