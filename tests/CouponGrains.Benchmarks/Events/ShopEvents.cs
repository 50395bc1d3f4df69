using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Benchmarks.Events;

/// <summary>What users of a shop do: mostly look, sometimes search, fill the cart, buy. Few items are popular. The ids
/// are those that senders draw: random, so that an index finds no order in them.</summary>
internal static class ShopEvents
{
    public const int Users = 50_000;
    public const int Items = 5_000;

    private static readonly Currency Usd = new("USD");

    public static UserEvent[] Make(int count, int seed)
    {
        var random = new Random(seed);
        var (events, id) = (new UserEvent[count], new byte[16]);
        var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(id);
            var e = new UserEvent
            {
                Id = new(new Guid(id).ToString()), User = new($"user-{random.Next(Users)}"), Kind = EventKind.View,
                At = at = at.AddMilliseconds(random.Next(400)),
                Item = new($"item-{(int)(Items * Math.Pow(random.NextDouble(), 3))}"),
            };
            events[i] = random.Next(100) switch
            {
                < 70 => e with { Dwell = TimeSpan.FromSeconds(random.Next(1, 90)) },
                < 80 => e with { Kind = EventKind.Search, Query = $"words of search {random.Next(2_000)}", Item = null },
                < 92 => e with { Kind = EventKind.Cart, Quantity = random.Next(1, 4) },
                _ => e with
                {
                    Kind = EventKind.Purchase, Quantity = random.Next(1, 4), Amount = new(random.Next(99, 9_999), Usd),
                    Order = $"order-{i}",
                },
            };
        }

        return events;
    }
}
