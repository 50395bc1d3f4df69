using System.Text.Json;
using System.Threading.Channels;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Coupons;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;

namespace CouponGrains.Api.Coupons;

/// <summary>A user's coupons as server-sent events, from the moment they are issued. What was missed while nobody
/// listened is in the wallet.</summary>
internal static class CouponStream
{
    /// <summary>Coupons kept for a listener that reads slower than coupons come; beyond it the oldest are dropped (they
    /// are in the wallet).</summary>
    private const int BacklogMax = 256;

    public static void Map(IEndpointRouteBuilder routes, ApiOptions options) =>
        routes.MapGet(
            "/users/{id}/coupons/stream",
            async (
                string id, HttpContext http, IClusterClient client, PushInstruments instruments,
                IHostApplicationLifetime lifetime, TimeProvider time) =>
            {
                using var listener = instruments.Listen();
                await Listen(
                    Address.Id(id, "id"), http, client, listener, options.Heartbeat, time, lifetime.ApplicationStopping);
            });

    private static async Task Listen(
        string user, HttpContext http, IClusterClient client, PushInstruments.Listener listener, TimeSpan heartbeat,
        TimeProvider time, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var backlog = Channel.CreateBounded<CouponPush>(
            new BoundedChannelOptions(BacklogMax)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
            });
        var stream = client.GetStreamProvider(PushStream.Provider)
            .GetStream<CouponPush>(StreamId.Create(PushStream.Namespace, user));
        var subscription = await stream.SubscribeAsync((push, _) =>
        {
            listener.Heard();
            backlog.Writer.TryWrite(push);
            return Task.CompletedTask;
        });
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await Send(http, "event: ready\nretry: 2000\ndata: {}\n\n", ended.Token);
            while (true)
            {
                await Send(http, await Next(backlog.Reader, heartbeat, time, ended.Token), ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The listener left, or the process ends: the answer is complete.
        }
        finally
        {
            await subscription.UnsubscribeAsync();
        }
    }

    private static async Task<string> Next(
        ChannelReader<CouponPush> backlog, TimeSpan heartbeat, TimeProvider time, CancellationToken ended)
    {
        using var silence = new CancellationTokenSource(heartbeat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ended);
        try
        {
            var push = await backlog.ReadAsync(either.Token);
            var data = JsonSerializer.Serialize(push, WireJson.Options);
            return $"event: coupon\nid: {push.Coupon.Code}\ndata: {data}\n\n";
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return ": heartbeat\n\n";
        }
    }

    private static async Task Send(HttpContext http, string text, CancellationToken ended)
    {
        await http.Response.WriteAsync(text, ended);
        await http.Response.Body.FlushAsync(ended);
    }
}
