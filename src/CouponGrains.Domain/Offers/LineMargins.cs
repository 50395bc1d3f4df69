namespace CouponGrains.Domain.Offers;

/// <summary>What a discount takes off the margins of a cart's lines, and how much they have for it.</summary>
/// <param name="Borne">Minor units that each line bears. A line bears its part of the discount; what a gift, or pieces
/// got from a scope of their own, are worth is borne by the lines that are bought for it, in proportion to their prices
/// and rounded up: those are the lines whose margin the floor is held for.</param>
/// <param name="Room">Minor units that each line's margin leaves above the floor; may be negative.</param>
internal sealed record LineMargins(long[] Borne, long[] Room)
{
    /// <summary>A line of which no floor is known.</summary>
    internal const long Unbounded = long.MaxValue;

    /// <summary>What <paramref name="discount"/> takes off.</summary>
    internal static LineMargins Of(Offer offer, Cart cart, Coverage coverage, Discount discount)
    {
        var parts = discount.Lines.Select(l => l.Minor);
        long[] bought = offer.Kind == OfferKind.Gift || offer.Bundle?.GetScope is not null ? [.. coverage.Bought] : [];
        if (offer.Kind == OfferKind.Gift && coverage.Gift >= 0 && bought[coverage.Gift] > 0)
        {
            bought[coverage.Gift] -= cart.Lines[coverage.Gift].UnitPrice.Minor;
        }

        var worth = bought.Aggregate((Int128)0, (sum, w) => sum + w);
        return new(
            worth == 0
                ? [.. parts]
                : Array.ConvertAll(bought, w => (long)((((Int128)discount.Total.Minor * w) + worth - 1) / worth)),
            coverage.Room);
    }

    /// <summary>The room of a line, exact and rounded down: <c>⌊price · (margin − floor)⌋</c>, at most
    /// <see cref="Unbounded"/>: under a floor below zero it may be more than the price.</summary>
    internal static long RoomOf(long price, int marginBasisPoints, int floorBasisPoints)
    {
        var scaled = (Int128)price * (marginBasisPoints - floorBasisPoints);
        return (long)Int128.Clamp((scaled >= 0 ? scaled : scaled - 9_999) / 10_000, -Unbounded, Unbounded);
    }

    /// <summary>True if no line that both bear has less left of its margin than the higher of their floors.</summary>
    internal bool Allows(LineMargins other)
    {
        for (var i = 0; i < Borne.Length; i++)
        {
            if (Borne[i] > 0 && other.Borne[i] > 0
                && (Int128)Borne[i] + other.Borne[i] > Math.Min(Room[i], other.Room[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Both together.</summary>
    internal LineMargins With(LineMargins other) => new(
        [.. Borne.Zip(other.Borne, (a, b) => checked(a + b))],
        [.. Room.Select((room, i) => other.Borne[i] > 0 ? Math.Min(room, other.Room[i]) : room)]);

    /// <summary>Those of a cart on which no coupon was used.</summary>
    internal static LineMargins None(int lines)
    {
        var room = new long[lines];
        Array.Fill(room, Unbounded);
        return new(new long[lines], room);
    }
}
