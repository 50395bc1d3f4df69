using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Offers;

/// <summary>Why an offer gives nothing on a cart, in the order of the checks.</summary>
public enum OfferObstacle
{
    /// <summary>It gives something.</summary>
    None = 0,

    /// <summary>The cart is in another currency.</summary>
    CurrencyMismatch = 1,

    /// <summary>Nothing in the cart is covered.</summary>
    NothingInScope = 2,

    /// <summary>Too little of what is covered.</summary>
    BelowMinimumSpend = 3,
}

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

        return total > long.MaxValue
            ? new(RefusalCodes.InvalidValue, "The cart is worth more than can be counted.", "/lines")
            : null;
    }

    /// <summary>True if the offer covers the item.</summary>
    public static bool InScope(OfferScope scope, Item item) =>
        !scope.Excluded.Contains(item.Id) && (scope.Items.Contains(item.Id) || InScopeByKind(scope, item));

    /// <summary>What <paramref name="offer"/> takes off <paramref name="cart"/>: never more than the covered lines are
    /// worth, nor than its cap. A percentage is taken of the covered total and rounded half away from zero. Parts are
    /// apportioned by largest remainder, ties to the dearer line, then to the earlier.</summary>
    /// <remarks>The minimum is asked of the covered lines; of a gift, without the piece that is given. A gift in
    /// several lines is taken from the cheapest. Free shipping needs a fee. A share too small for one minor unit is
    /// below the minimum.</remarks>
    /// <param name="offer">The offer.</param>
    /// <param name="cart">A cart that <see cref="Check"/> accepts.</param>
    /// <param name="item">Looks an item up; unknown items answer <see cref="Item.FirstSeen"/>.</param>
    /// <param name="currency">The campaign's currency.</param>
    /// <param name="discount">The discount, where the answer is <see cref="OfferObstacle.None"/>.</param>
    public static OfferObstacle Apply(
        Offer offer, Cart cart, Func<ItemId, Item> item, Currency currency, out Discount? discount)
    {
        discount = null;
        if (cart.Currency != currency)
        {
            return OfferObstacle.CurrencyMismatch;
        }

        var covered = CoveredWorth(offer.Scope, cart, item);
        var gift = offer.Kind == OfferKind.Gift ? GiftLine(offer, cart) : -1;
        var worth = covered.Sum();
        var basis = offer.Kind switch
        {
            OfferKind.Gift => gift < 0 ? 0 : cart.Lines[gift].UnitPrice.Minor,
            OfferKind.FreeShipping => cart.Shipping?.Minor ?? 0,
            _ => worth,
        };
        if (worth == 0 || basis == 0)
        {
            return OfferObstacle.NothingInScope;
        }

        var spent = gift >= 0 && covered[gift] > 0 ? worth - basis : worth;
        if (offer.MinimumSpend is { } minimum && new Money(spent, currency) < minimum)
        {
            return OfferObstacle.BelowMinimumSpend;
        }

        var total = Total(offer, new(basis, currency));
        if (total.Minor == 0)
        {
            return OfferObstacle.BelowMinimumSpend;
        }

        var none = Money.Zero(currency);
        discount = offer.Kind switch
        {
            OfferKind.FreeShipping => new(total, Parts(new long[covered.Length], currency), total),
            OfferKind.Gift => new(total, Parts(Alone(gift, total.Minor, covered.Length), currency), none),
            _ => new(total, Parts(Apportion(total.Minor, covered), currency), none),
        };
        return OfferObstacle.None;
    }

    /// <summary>Divides <paramref name="total"/>, 0 to the sum of <paramref name="weights"/>, in proportion to the
    /// weights by largest remainder. The parts sum to it and none is above its weight.</summary>
    public static long[] Apportion(long total, long[] weights)
    {
        var sum = (Int128)weights.Sum();
        var parts = Array.ConvertAll(weights, w => sum == 0 ? 0 : (long)((Int128)total * w / sum));
        var left = (int)(total - parts.Sum());
        var byRemainder = Enumerable.Range(0, weights.Length)
            .OrderByDescending(i => (Int128)total * weights[i] % sum).ThenByDescending(i => weights[i]).ThenBy(i => i);
        foreach (var i in byRemainder.Take(left))
        {
            parts[i]++;
        }

        return parts;
    }

    private static Money Total(Offer offer, Money basis)
    {
        var total = offer.Kind switch
        {
            OfferKind.PercentOff => basis.Share(offer.PercentBasisPoints),
            OfferKind.AmountOff or OfferKind.SpendAndSave => offer.Amount ?? Money.Zero(basis.Currency),
            _ => basis,
        };
        return Money.Min(Money.Min(total, basis), offer.Cap ?? total);
    }

    /// <summary>What each line is worth if it is covered, otherwise 0.</summary>
    private static long[] CoveredWorth(OfferScope scope, Cart cart, Func<ItemId, Item> item)
    {
        // A scope may list tens of thousands of items: look through it once, not once for each line.
        var inCart = cart.Lines.Select(l => l.Item).ToHashSet();
        var listed = scope.Items.Where(inCart.Contains).ToHashSet();
        var excluded = scope.Excluded.Where(inCart.Contains).ToHashSet();
        return
        [
            .. cart.Lines.Select(l => !excluded.Contains(l.Item)
                && (listed.Contains(l.Item) || InScopeByKind(scope, item(l.Item))) ? l.Total.Minor : 0),
        ];
    }

    private static bool InScopeByKind(OfferScope scope, Item item) =>
        scope.IsWholeCart
        || (scope.Categories.Count > 0 && item.Categories.Any(c => scope.Categories.Contains(c)))
        || (item.Brand is { } brand && scope.Brands.Contains(brand));

    private static int GiftLine(Offer offer, Cart cart) => Enumerable.Range(0, cart.Lines.Count)
        .Where(i => cart.Lines[i].Item == offer.Gift)
        .OrderBy(i => cart.Lines[i].UnitPrice.Minor)
        .FirstOrDefault(-1);

    private static long[] Alone(int line, long part, int lines)
    {
        var parts = new long[lines];
        parts[line] = part;
        return parts;
    }

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
