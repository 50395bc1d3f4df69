using System.Security.Cryptography;
using System.Text;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Redemptions;

/// <summary>The events that tell the log what came back. Their ids are derived from what happened.</summary>
public static class ReturnEvents
{
    /// <summary>One refund for each line of which pieces came back, with what was paid for them.</summary>
    public static IReadOnlyList<UserEvent> Of(OrderReturn booked, IReadOnlyList<ReturnedLine> lines)
    {
        // A key may be as long as an id.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(booked.Key)).AsSpan(0, 16));
        return
        [
            .. lines.Select(line => new UserEvent
            {
                Id = new($"return:{digest}:{line.Place}"),
                User = booked.User,
                Kind = EventKind.Refund,
                At = booked.At,
                Item = line.Item,
                Quantity = line.Quantity,
                Amount = line.Money,
                Order = booked.Order,
            }),
        ];
    }
}
