using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Simulation.Policies;

/// <summary>The same offers for everybody: those on the items bought most in the past.</summary>
public sealed class PopularPolicy : IPolicy
{
    private readonly List<RankedOffer> _ranked = [];

    /// <inheritdoc/>
    public string Name => "popularity";

    /// <inheritdoc/>
    public Task Learn(Shop shop, CancellationToken cancel)
    {
        var bought = shop.Log.Events.Where(e => e.Event is { Kind: EventKind.Purchase, Item: not null })
            .GroupBy(e => e.Event.Item!.Value).ToDictionary(g => g.Key, g => g.Count());
        _ranked.Clear();
        _ranked.AddRange(shop.Offers
            .Select(o => (Offer: o, Sold: shop.Catalog.InScope(o.Scope).Sum(i => bought.GetValueOrDefault(i.Id))))
            .OrderByDescending(o => o.Sold).ThenBy(o => o.Offer.Id)
            .Select(o => new RankedOffer(o.Offer, o.Sold, 1, ModelVersion.None, [])));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public RankedOffer? Choose(Shop shop, UserRecord user, DateTimeOffset now, Random random)
    {
        var held = shop.Open(user.Id).Select(c => c.Offer).ToHashSet();
        return _ranked.FirstOrDefault(o => !held.Contains(o.Offer.Id));
    }
}
