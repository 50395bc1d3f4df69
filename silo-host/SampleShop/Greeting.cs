using System.Collections.Concurrent;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using Orleans.Streams;

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>Shows people what came out: three users with their coupons and reasons, heard as they were pushed, and the
/// addresses to open.</summary>
internal sealed class Greeting(IClusterClient cluster, HostSettings settings, Progress progress)
{
    private const int Users = 3;
    private const int OrdersMin = 8;
    private const int LooksMax = 100;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly List<UserId> _users = [];
    private readonly List<StreamSubscriptionHandle<CouponPush>> _subscriptions = [];
    private readonly ConcurrentDictionary<UserId, CouponPush> _pushes = [];

    /// <summary>Chooses the users and listens to their coupons.</summary>
    public async Task Watch(CancellationToken cancel)
    {
        var some = await cluster.GetGrain<IShopGrain>(0).Users(null, 100, cancel);
        foreach (var user in some.Where(user => user.Attributes.Count > 0))
        {
            var view = await cluster.GetGrain<IUserGrain>(user.Id.Value).Show(cancel);
            if (view.Value is { } known && known.Orders >= OrdersMin)
            {
                _users.Add(user.Id);
            }

            if (_users.Count == Users)
            {
                break;
            }
        }

        _users.AddRange(some.Select(user => user.Id).Except(_users).Take(Users - _users.Count).ToList());
        var streams = cluster.GetStreamProvider(PushStream.Provider);
        foreach (var user in _users)
        {
            var stream = streams.GetStream<CouponPush>(StreamId.Create(PushStream.Namespace, user.Value));
            _subscriptions.Add(await stream.SubscribeAsync((push, _) =>
            {
                _pushes.TryAdd(user, push);
                return Task.CompletedTask;
            }));
        }
    }

    /// <summary>Prints the users' coupons with reasons.</summary>
    public async Task Coupons(CancellationToken cancel)
    {
        await Heard(cancel);
        foreach (var subscription in _subscriptions)
        {
            await subscription.UnsubscribeAsync();
        }

        foreach (var user in _users)
        {
            var view = (await cluster.GetGrain<IUserGrain>(user.Value).Show(cancel)).Value;
            var wallet = await cluster.GetGrain<IUserGrain>(user.Value).Wallet(cancel);
            var told = view is null ? ""
                : string.Join(", ", view.Record.Attributes.Values.Take(3).Append($"{view.Orders} orders"));
            progress.Line();
            progress.Line($"User {user} ({told})");
            foreach (var entry in wallet.Take(1))
            {
                progress.Line($"  {entry.Coupon.Code}  {entry.Offer.Title}, until {entry.Coupon.ExpiresAt:yyyy-MM-dd}");
            }

            foreach (var reason in _pushes.TryGetValue(user, out var push) ? push.Reasons.Take(3) : [])
            {
                var part = reason.Contribution == 0 ? "" : $" ({reason.Contribution:+0.000;-0.000})";
                progress.Line($"    because: {reason.Text}{part}");
            }
        }
    }

    /// <summary>Pushes are delivered behind the wave that sent them: waits a moment for those of users who hold a
    /// coupon.</summary>
    private async Task Heard(CancellationToken cancel)
    {
        foreach (var user in _users)
        {
            var wallet = await cluster.GetGrain<IUserGrain>(user.Value).Wallet(cancel);
            for (var look = 0; look < LooksMax && wallet.Count > 0 && !_pushes.ContainsKey(user); look++)
            {
                await Task.Delay(Look, cancel);
            }
        }
    }

    /// <summary>Prints where to look.</summary>
    public async Task Addresses(CancellationToken cancel)
    {
        var overview = await cluster.GetGrain<IShopGrain>(0).Overview(cancel);
        var known = await cluster.GetGrain<IShopGrain>(0).Users(null, 1, cancel);
        var someone = _users.Count > 0 ? _users[0] : known.Count > 0 ? known[0].Id : new UserId("u1");
        var address = $"{settings.Front.Scheme}://127.0.0.1:{settings.Port}";
        progress.Line();
        progress.Line($"Ready: {overview.Events:N0} events, {overview.Campaigns} campaigns, "
            + (overview.Model == ModelVersion.None ? "no model yet." : $"model {overview.Model}."));
        progress.Line($"  page       {address}/#user={Uri.EscapeDataString(someone.Value)}");
        progress.Line($"  offers     curl {address}/v1/users/{Uri.EscapeDataString(someone.Value)}/offers");
        progress.Line($"  wallet     curl {address}/v1/users/{Uri.EscapeDataString(someone.Value)}/coupons");
        if (settings.Dashboard)
        {
            progress.Line($"  dashboard  {address}/dashboard");
        }

        progress.Line("Ctrl-C ends it; the next start goes on from here.");
    }
}
