using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>A coupon that the user has used on the same order before, and that is in force.</summary>
/// <param name="Stacking">Its demands of others.</param>
/// <param name="Discount">What it took off.</param>
/// <param name="Cart">The cart that it was used on; null if it was redeemed before carts were kept.</param>
public sealed record UsedCoupon(Stacking Stacking, Discount Discount, Cart? Cart = null)
{
    /// <summary>Its code, or null if that is not known.</summary>
    public string? Code { get; init; }

    /// <summary>Its offer, or null if that is not known: then each line bears its part of the discount.</summary>
    public Offer? Offer { get; init; }

    /// <summary>What its campaign allows now, or null if that is not known: then it asks for no margin floor.</summary>
    public Guardrails? Guardrails { get; init; }

    /// <summary>What is left of <paramref name="cart"/> after the coupons used on its order, whatever the order of its
    /// lines; null if one of them was used on other lines or another shipping fee: what it took off cannot be told
    /// apart line by line then, and would be given again.</summary>
    internal static CartRest? RestOf(Cart cart, IReadOnlyList<UsedCoupon> before, Func<ItemId, Item> item)
    {
        CartRest? rest = CartRest.Of(cart);
        foreach (var used in before)
        {
            rest = rest is not null && used.On(cart) is { } discount ? used.After(rest, discount, cart, item) : null;
        }

        return rest;
    }

    /// <summary>The lines of a cart in the order in which equal carts are compared: by item, price and
    /// quantity.</summary>
    internal static int[] LinesByPlace(Cart cart)
    {
        var rank = CartRest.Of(cart).Rank;
        var lineAt = new int[rank.Count];
        for (var i = 0; i < lineAt.Length; i++)
        {
            lineAt[rank[i]] = i;
        }

        return lineAt;
    }

    /// <summary>The discount with its parts in the order of the cart's lines; null if it was given on another
    /// cart.</summary>
    internal Discount? On(Cart cart)
    {
        if (Cart is null || Cart.Lines.Count != cart.Lines.Count)
        {
            return Cart is null && Discount.Lines.Count == cart.Lines.Count ? Discount : null;
        }

        var (own, others) = (LinesByPlace(Cart), LinesByPlace(cart));
        var same = Cart.Currency == cart.Currency && (Cart.Shipping?.Minor ?? 0) == (cart.Shipping?.Minor ?? 0)
            && own.Zip(others).All(pair => Cart.Lines[pair.First] == cart.Lines[pair.Second]);
        if (!same)
        {
            return null;
        }

        return Discount with
        {
            Lines = Moved(Discount.Lines),
            EarnedOn = Discount.EarnedOn is { } earned ? Moved(earned) : null,
        };

        Money[] Moved(IReadOnlyList<Money> lines)
        {
            var moved = new Money[own.Length];
            foreach (var (from, to) in own.Zip(others))
            {
                moved[to] = lines[from];
            }

            return moved;
        }
    }

    private CartRest After(CartRest rest, Discount discount, Cart cart, Func<ItemId, Item> item) => Offer is null
        ? rest.After(discount)
        : rest.After(discount, LineMargins.Of(Offer, cart, Coverage.Of(Offer, cart, item, Guardrails), discount));
}
