using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Decides what a return of an order is worth. Pure: the ledger reads, asks here, and writes.</summary>
public static class ReturnRules
{
    /// <summary>The step that the pieces are after those that came back before, or why there is none.</summary>
    /// <remarks>Lines are reckoned with in one order whatever order the cart is sent in: by item, price and quantity.
    /// So pieces that came back are known again, and none is given back twice.</remarks>
    /// <param name="request">The wish.</param>
    /// <param name="used">The coupons in force on the order.</param>
    /// <param name="before">The pieces of each return booked before, as <see cref="ReturnStep.Pieces"/>.</param>
    public static (ReturnStep? Step, Refusal? Refusal) Decide(
        ReturnRequest request, IReadOnlyList<UsedCoupon> used, IReadOnlyList<IReadOnlyList<int>> before)
    {
        var cart = request.Cart;
        if (CartEngine.Check(cart) is { } wrong)
        {
            return (null, wrong with { Pointer = "/cart" + wrong.Pointer });
        }

        if (request.Now.Count != cart.Lines.Count || request.Now.All(n => n == 0))
        {
            return (null, new(RefusalCodes.InvalidValue,
                "There is one number for each line of the cart, and something comes back.", "/now"));
        }

        if (used.Count == 0)
        {
            return (null, new(RefusalCodes.UnknownRedemption,
                $"The user has no coupon in force on the order {request.Order}.", "/order"));
        }

        var lineAt = UsedCoupon.LinesByPlace(cart);
        var sorted = cart with { Lines = [.. lineAt.Select(i => cart.Lines[i])] };
        var discounts = used.Select(u => u.Cart is null ? null : u.On(sorted)).ToArray();
        if (discounts.Any(d => d is null) || before.Any(b => b.Count != lineAt.Length))
        {
            return (null, new(RefusalCodes.OtherCart, "The coupons of the order were used on another cart.", "/cart"));
        }

        var back = Enumerable.Range(0, lineAt.Length).Select(p => before.Sum(b => b[p])).ToArray();
        for (var place = 0; place < back.Length; place++)
        {
            var now = request.Now[lineAt[place]];
            if (now < 0 || (long)back[place] + now > sorted.Lines[place].Quantity)
            {
                return (null, new(RefusalCodes.InvalidValue,
                    $"Of {sorted.Lines[place].Quantity} pieces {back[place]} came back; {now} cannot.",
                    $"/now/{lineAt[place]}"));
            }
        }

        int[] pieces = [.. lineAt.Select(i => request.Now[i])];
        int[] after = [.. back.Zip(pieces, (b, n) => b + n)];
        var money = CartReturn.Lines(sorted, discounts!, after)
            .Zip(CartReturn.Lines(sorted, discounts!, back), (a, b) => new Money(a - b, cart.Currency));
        var lines = money.Select((m, p) => new ReturnedLine(p, sorted.Lines[p].Item, pieces[p], m));
        return (new(
            CartReturn.Of(sorted, discounts!, after) - CartReturn.Of(sorted, discounts!, back),
            [.. discounts.Select(d => CartReturn.Given(sorted, d!, after) - CartReturn.Given(sorted, d!, back))],
            pieces,
            [.. lines.Where(l => l.Quantity > 0)]), null);
    }
}
