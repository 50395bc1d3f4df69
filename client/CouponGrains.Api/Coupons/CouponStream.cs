using System.Threading.Channels;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;

namespace CouponGrains.Api.Coupons;

/// <summary>A user's coupons as server-sent events, from the moment they are issued. An event's id is the newest
/// coupon's code; who comes back with it in <c>Last-Event-ID</c> is told first, from the wallet, what he
/// missed.</summary>
internal static class CouponStream
{
    /// <summary>Coupons kept for a listener that reads slower than coupons come; beyond it the oldest are dropped (they
    /// are in the wallet).</summary>
    private const int BacklogMax = 256;

    /// <summary>The id of an event when the wallet is empty. No code is like it.</summary>
    private const string NoCoupon = "none";

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
            var lastHeard = EventStream.LastHeard(http);
            var wallet = await client.User(new UserId(user)).Wallet(ended.Token);
            var events = await EventStream.Open(http, ended.Token, lastHeard is null ? Newest(wallet) : null);
            var told = lastHeard is null ? [] : wallet;
            foreach (var entry in told.TakeWhile(entry => entry.Coupon.Code != lastHeard).Reverse())
            {
                await Send(events, new(entry.Coupon, entry.Offer, []));
            }

            // The stream may tell once more of what he was told by now.
            var known = told.Select(entry => entry.Coupon.Code).ToHashSet(StringComparer.Ordinal);
            while (await EventStream.MayGoOn(http))
            {
                if (await Next(backlog.Reader, heartbeat, time, ended.Token) is not { } push)
                {
                    await events.Beat();
                }
                else if (!known.Contains(push.Coupon.Code))
                {
                    await Send(events, push);
                }
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

    private static string Newest(IReadOnlyList<WalletEntry> wallet) => wallet is [var newest, ..] ? newest.Coupon.Code : NoCoupon;

    private static Task Send(EventStream events, CouponPush push) => events.Send("coupon", push.Coupon.Code, push);

    /// <summary>The next coupon, or null after so long a silence that a heartbeat is due.</summary>
    private static async Task<CouponPush?> Next(
        ChannelReader<CouponPush> backlog, TimeSpan heartbeat, TimeProvider time, CancellationToken ended)
    {
        using var silence = new CancellationTokenSource(heartbeat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ended);
        try
        {
            return await backlog.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return null;
        }
    }
}
