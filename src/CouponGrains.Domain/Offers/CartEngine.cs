using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Offers;

/// <summary>Computes discounts: pure, exact, in minor units.</summary>
public static class CartEngine
{
    /// <summary>What is wrong with a cart as such, or null.</summary>
    public static Refusal? Check(Cart cart)
    {
        if (cart.Lines.Count > Cart.LinesMax)
        {
            return new(RefusalCodes.BatchTooLarge,
                $"A cart has at most {Cart.LinesMax} lines, but had {cart.Lines.Count}.", "/lines");
        }

        var total = (Int128)(cart.Shipping?.Minor ?? 0);
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var line = cart.Lines[i];
            if (line.Quantity is < 1 or > EventRules.QuantityMax)
            {
                return new(RefusalCodes.InvalidValue,
                    $"The quantity must be 1 to {EventRules.QuantityMax}, but was {line.Quantity}.",
                        $"/lines/{i}/quantity");
            }

            if (CheckAmount(line.UnitPrice, cart.Currency, $"/lines/{i}/unitPrice") is { } refusal)
            {
                return refusal;
            }

            total += (Int128)line.UnitPrice.Minor * line.Quantity;
        }

        if (cart.Shipping is { } shipping && CheckAmount(shipping, cart.Currency, "/shipping") is { } refused)
        {
            return refused;
        }

        if (cart.Points is < 0)
        {
            return new(RefusalCodes.InvalidValue, "Points must not be negative.", "/points");
        }

        return total > long.MaxValue
            ? new(RefusalCodes.InvalidValue, "The cart is worth more than can be counted.", "/lines")
            : null;
    }

    /// <summary>True if the offer covers the item.</summary>
    public static bool InScope(OfferScope scope, Item item) =>
        !scope.Excluded.Contains(item.Id) && (scope.Items.Contains(item.Id) || InScopeByKind(scope, item));

    /// <summary>What <paramref name="offer"/> takes off <paramref name="cart"/>: never more than the covered lines are
    /// worth, nor than its cap. A percentage is taken of the covered total and rounded half away from zero. Parts are
    /// apportioned by largest remainder, ties to the dearer line, then by item, price and quantity.</summary>
    /// <remarks>The minimum is asked of the covered lines; of a gift, without the piece that is given. A gift in
    /// several lines is taken from the cheapest. Free shipping needs a fee. A share too small for one minor unit is
    /// below the minimum.</remarks>
    /// <param name="offer">The offer.</param>
    /// <param name="cart">A cart that <see cref="Check"/> accepts.</param>
    /// <param name="item">Looks an item up; unknown items answer <see cref="Item.FirstSeen"/>.</param>
    /// <param name="currency">The campaign's currency.</param>
    /// <param name="discount">The discount, where the answer is <see cref="OfferObstacle.None"/>.</param>
    public static OfferObstacle Apply(
        Offer offer, Cart cart, Func<ItemId, Item> item, Currency currency, out Discount? discount) =>
        Apply(offer, cart, CartRest.Of(cart), item, currency, out discount);

    /// <summary>The same after other coupons: minimums are asked of the prices before any coupon, so that none can bar
    /// another; the discount is taken of what is left.</summary>
    public static OfferObstacle Apply(
        Offer offer, Cart cart, CartRest rest, Func<ItemId, Item> item, Currency currency, out Discount? discount) =>
        Apply(offer, cart, rest, item, currency, null, out discount);

    /// <summary>The same under the guardrails of its campaign, if they are known: on no line that coupons before have
    /// taken something off does it leave less of the margin than the highest of their floors and its own. A coupon that
    /// is alone on its lines was held against the floor when its offer was added.</summary>
    internal static OfferObstacle Apply(
        Offer offer, Cart cart, CartRest rest, Func<ItemId, Item> item, Currency currency, Guardrails? guardrails,
        out Discount? discount)
    {
        discount = null;
        return cart.Currency != currency
            ? OfferObstacle.CurrencyMismatch
            : Apply(offer, cart, rest, Coverage.Of(offer, cart, item, guardrails), out discount);
    }

    internal static OfferObstacle Apply(
        Offer offer, Cart cart, CartRest rest, Coverage coverage, out Discount? discount)
    {
        discount = null;
        var obstacle = OfferTaking.Of(offer, cart, rest, coverage, out var taking);
        if (taking is null)
        {
            return obstacle;
        }

        var none = Money.Zero(cart.Currency);
        var basis = taking.Weights.Aggregate((Int128)taking.Shipping, (sum, w) => sum + w);
        var most = Int128.Min(basis, offer.Cap is { } cap ? Int128.Max(0, cap.Minor) : basis);
        var total = new Money((long)Int128.Min(taking.Total, most), cart.Currency);
        if (total.Minor == 0 && taking.PointsEarned == 0)
        {
            return basis == 0 ? OfferObstacle.NothingLeft : OfferObstacle.BelowMinimumSpend;
        }

        discount = offer.Kind == OfferKind.FreeShipping
            ? new(total, Parts(new long[cart.Lines.Count], cart.Currency), total)
            : new(total, Parts(Apportion(total.Minor, taking.Weights, rest.Rank), cart.Currency), none)
            {
                PointsSpent = taking.PointsSpent(total.Minor),
                PointsEarned = taking.PointsEarned,
                EarnedOn = taking.PointsEarned > 0 ? Parts(taking.Weights, cart.Currency) : null,
            };
        if (!rest.Margins.Allows(LineMargins.Of(offer, cart, coverage, discount)))
        {
            discount = null;
            return OfferObstacle.BelowMarginFloor;
        }

        return OfferObstacle.None;
    }

    /// <summary>Divides <paramref name="total"/>, 0 to the sum of <paramref name="weights"/>, in proportion to the
    /// weights by largest remainder. The parts sum to it and none is above its weight.</summary>
    /// <param name="total">What is divided.</param>
    /// <param name="weights">What the parts are in proportion to; not negative.</param>
    /// <param name="rank">The order in which equal remainders of equal weights are served; null: as they
    /// stand.</param>
    public static long[] Apportion(long total, long[] weights, IReadOnlyList<int>? rank = null)
    {
        var sum = weights.Aggregate((Int128)0, (s, w) => s + w);
        var (parts, remainders) = (new long[weights.Length], new Int128[weights.Length]);
        var left = total;
        for (var i = 0; i < weights.Length && sum > 0; i++)
        {
            // Division of 128 bits takes many times as long, and few carts need it.
            (parts[i], remainders[i]) = sum <= int.MaxValue
                ? Math.DivRem(total * weights[i], (long)sum)
                : Divide((Int128)total * weights[i], sum);
            left -= parts[i];
        }

        if (left == 0)
        {
            return parts;
        }

        var order = Enumerable.Range(0, weights.Length).ToArray();
        Array.Sort(order, Compare);
        foreach (var i in order.AsSpan(0, (int)left))
        {
            parts[i]++;
        }

        return parts;

        static (long, Int128) Divide(Int128 scaled, Int128 by) => ((long)(scaled / by), scaled % by);

        int Compare(int a, int b) =>
            remainders[b].CompareTo(remainders[a]) is not 0 and var byRemainder ? byRemainder
            : weights[b].CompareTo(weights[a]) is not 0 and var byWeight ? byWeight
            : rank is null ? a.CompareTo(b) : rank[a].CompareTo(rank[b]);
    }

    internal static bool InScopeByKind(OfferScope scope, Item item) =>
        scope.IsWholeCart
        || (scope.Categories.Count > 0 && item.Categories.Any(c => scope.Categories.Contains(c)))
        || (item.Brand is { } brand && scope.Brands.Contains(brand));

    private static Money[] Parts(long[] minor, Currency currency) =>
        Array.ConvertAll(minor, m => new Money(m, currency));

    private static Refusal? CheckAmount(Money amount, Currency currency, string pointer)
    {
        if (amount.Currency != currency)
        {
            return new(RefusalCodes.CurrencyMismatch, $"The cart is in {currency}, this amount in {amount.Currency}.",
                pointer);
        }

        return amount.Minor < 0
            ? new(RefusalCodes.NegativePrice, $"A price must not be negative, but was {amount}.", pointer)
            : null;
    }
}
