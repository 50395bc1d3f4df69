using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CouponGrains.Domain.Webhooks;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Webhooks;

/// <summary>Posts messages to endpoints. Connects to public addresses alone, unless private ones are allowed: the name
/// is resolved and every address checked when the connection is made, so that a name that points elsewhere later leads
/// nowhere. Follows no redirection and uses no proxy.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int FaultLengthMax = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly bool _allowPrivate;
    private readonly HttpClient _http;

    public WebhookSender(IOptions<GrainsOptions> options)
    {
        _allowPrivate = options.Value.PrivateWebhooks;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = Connect,
        })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    /// <summary>Posts one message and answers what that brought; a fault is an answer too.</summary>
    public async Task<DeliveryResult> Send(
        WebhookEndpoint endpoint, OutboxMessage message, DateTimeOffset now, CancellationToken cancel)
    {
        var body = WebhookRules.Body(message);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(
            "webhook-signature", WebhookSignature.Header(endpoint, message.Id, now, body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return new((int)response.StatusCode, null);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            return new(null, Fault(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Fault(Exception e)
    {
        var text = (e is TaskCanceledException ? $"no answer within {Patience.TotalSeconds} s" : e.Message)
            .ReplaceLineEndings(" ");
        return text.Length > FaultLengthMax ? text[..FaultLengthMax] : text;
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancel);
        if (!_allowPrivate && addresses.Any(address => !WebhookRules.IsPublic(address)))
        {
            throw new HttpRequestException($"{host} is not on the public network");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
