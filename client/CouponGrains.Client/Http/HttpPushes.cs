using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;

namespace CouponGrains.Client.Http;

/// <summary>Coupons of a user as they come, over connections that may break.</summary>
internal sealed class HttpPushes(HttpDoor door, IOffersClient offers, UserId user, TimeProvider time)
{
    private static readonly TimeSpan ConnectAgain = TimeSpan.FromSeconds(1);

    /// <summary>After so long a silence the connection is taken for broken: the server sends a heartbeat every 15
    /// s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly Channel<CouponPush> _pushes = Channel.CreateUnbounded<CouponPush>();
    private HashSet<string>? _seen;

    public async IAsyncEnumerable<CouponPush> Read([EnumeratorCancellation] CancellationToken cancel)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var listening = Listen(left.Token);
        try
        {
            await foreach (var push in _pushes.Reader.ReadAllAsync(cancel))
            {
                yield return push;
            }
        }
        finally
        {
            await left.CancelAsync();
            await listening;
        }
    }

    private async Task Listen(CancellationToken left)
    {
        try
        {
            while (true)
            {
                await Connection(left);
                await Task.Delay(ConnectAgain, time, left);
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            _pushes.Writer.Complete(); // The reader has left.
        }
        catch (Exception e)
        {
            _pushes.Writer.Complete(e);
        }
    }

    /// <summary>Listens until the connection ends. Throws <see cref="CouponsException"/> for what will not get better
    /// by itself.</summary>
    private async Task Connection(CancellationToken left)
    {
        try
        {
            _seen ??= await offers.Wallet(user, left).Select(entry => entry.Coupon.Code).ToHashSetAsync(cancellationToken: left);
            using var response = await door.Open($"users/{HttpDoor.Part(user.Value)}/coupons/stream", left);
            using var stream = new TimedStream(await response.Content.ReadAsStreamAsync(left), Silence, time);
            await foreach (var message in SseParser.Create(stream).EnumerateAsync(left))
            {
                switch (message.EventType)
                {
                    case "ready":
                        await CatchUp(left);
                        break;
                    case "coupon":
                        Pass(HttpDoor.Read<CouponPush>(message.Data));
                        break;
                }
            }
        }
        catch (CouponsException e) when (e.IsUnknown)
        {
            // Nobody answers now; the next try may find somebody.
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The connection broke.
        }
    }

    /// <summary>What came into the wallet while nobody listened, oldest first.</summary>
    private async Task CatchUp(CancellationToken left)
    {
        await foreach (var (coupon, offer) in offers.Wallet(user, left).Reverse().WithCancellation(left))
        {
            Pass(new(coupon, offer, []));
        }
    }

    private void Pass(CouponPush push)
    {
        if (_seen!.Add(push.Coupon.Code))
        {
            _pushes.Writer.TryWrite(push);
        }
    }
}
