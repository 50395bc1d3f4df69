namespace CouponGrains.Domain.Offers;

/// <summary>What a user gets back for pieces that he returns.</summary>
/// <param name="Money">Money: what was paid for them after all discounts, and the shipping fee that was paid once
/// everything is back.</param>
/// <param name="PointsBack">Points given for discounts that go back to him.</param>
/// <param name="PointsTaken">Points earned that he gives back.</param>
public sealed record ReturnValue(Money Money, long PointsBack, long PointsTaken)
{
    /// <summary>The difference.</summary>
    public static ReturnValue operator -(ReturnValue a, ReturnValue b) =>
        new(a.Money - b.Money, a.PointsBack - b.PointsBack, a.PointsTaken - b.PointsTaken);
}

/// <summary>Reckons returns with the proration of the purchase: the discounts are not judged anew, so that what is kept
/// keeps its part. Pure.</summary>
public static class CartReturn
{
    /// <summary>What all pieces returned so far are worth: of each line <c>⌊paid · returned / quantity⌉</c>, half away
    /// from zero; points in the share of the discount, rounded down. A function of the pieces alone, so that steps that
    /// are each the difference of two such values add up to the same in any order and any split, and to everything that
    /// was paid once all is back.</summary>
    /// <param name="cart">The cart of the purchase, as <see cref="CartEngine.Check"/> accepts it.</param>
    /// <param name="discounts">The discounts of the coupons used on it.</param>
    /// <param name="returned">Pieces returned so far, of each line.</param>
    public static ReturnValue Of(Cart cart, IReadOnlyList<Discount> discounts, IReadOnlyList<int> returned)
    {
        var all = returned.Index().All(r => r.Item == cart.Lines[r.Index].Quantity);
        var money = Lines(cart, discounts, returned).Sum();
        if (all && cart.Lines.Count > 0)
        {
            money += (cart.Shipping?.Minor ?? 0) - discounts.Sum(d => d.Shipping.Minor);
        }

        var worth = new PiecesBack(cart, returned, all);
        return new(new(money, cart.Currency), discounts.Sum(d => worth.Share(d.Lines, d.PointsSpent)),
            discounts.Sum(d => worth.Share(d.EarnedOn ?? [.. cart.Lines.Select(l => l.Total)], d.PointsEarned)));
    }

    /// <summary>The money of each line in <see cref="Of"/>, in minor units; it grows from return to return.</summary>
    public static long[] Lines(Cart cart, IReadOnlyList<Discount> discounts, IReadOnlyList<int> returned) =>
    [
        .. cart.Lines.Select((line, i) => Part(
            line.Total.Minor - discounts.Sum(d => d.Lines[i].Minor), returned[i], line.Quantity)),
    ];

    /// <summary>The part of a discount, in minor units, that was given for the pieces returned so far: of each line
    /// <c>⌊discount · returned / quantity⌋</c>, of the shipping fee once all is back. It grows from return to return,
    /// to all of the discount.</summary>
    public static long Given(Cart cart, Discount discount, IReadOnlyList<int> returned)
    {
        var all = returned.Index().All(r => r.Item == cart.Lines[r.Index].Quantity);
        var parts = discount.Lines.Select((l, i) => (long)((Int128)l.Minor * returned[i] / cart.Lines[i].Quantity));
        return parts.Sum() + (all ? discount.Shipping.Minor : 0);
    }

    /// <summary>What one more return is worth after others. Refuses more pieces than were bought.</summary>
    public static (ReturnValue? Value, Refusal? Refusal) Step(
        Cart cart, IReadOnlyList<Discount> discounts, IReadOnlyList<int> before, IReadOnlyList<int> now)
    {
        if (before.Count != cart.Lines.Count || now.Count != cart.Lines.Count
            || discounts.Any(d => d.Lines.Count != cart.Lines.Count))
        {
            return (null,
                new(RefusalCodes.InvalidValue, "There is one number for each line of the cart.", "/now"));
        }

        for (var i = 0; i < now.Count; i++)
        {
            if (before[i] < 0 || now[i] < 0 || (long)before[i] + now[i] > cart.Lines[i].Quantity)
            {
                return (null, new(RefusalCodes.InvalidValue,
                    $"Of {cart.Lines[i].Quantity} pieces no more than that can come back.", $"/now/{i}"));
            }
        }

        return (Of(cart, discounts, [.. before.Zip(now, (b, n) => b + n)]) - Of(cart, discounts, before), null);
    }

    private static long Part(long paid, int returned, int quantity) =>
        (long)((((Int128)2 * paid * returned) + quantity) / (2 * (Int128)quantity));

    /// <summary>The pieces that are back.</summary>
    private sealed class PiecesBack(Cart cart, IReadOnlyList<int> returned, bool all)
    {
        /// <summary>The share of points that were divided among the lines in proportion to
        /// <paramref name="parts"/>.</summary>
        public long Share(IReadOnlyList<Money> parts, long points)
        {
            var whole = parts.Sum(p => p.Minor);
            if (whole == 0 || parts.Index().All(
                p => p.Item.Minor == 0 || returned[p.Index] == cart.Lines[p.Index].Quantity))
            {
                return whole > 0 || all ? points : 0;
            }

            // Each line's share is rounded down by itself, so that it can only grow from return to return.
            return parts.Select((part, i) =>
                (long)((Int128)points * part.Minor / whole * returned[i] / cart.Lines[i].Quantity)).Sum();
        }
    }
}
