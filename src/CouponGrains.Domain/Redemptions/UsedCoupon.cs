using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>A coupon that the user has used on the same order before, and that is in force.</summary>
/// <param name="Stacking">Its demands of others.</param>
/// <param name="Discount">What it took off.</param>
/// <param name="Cart">The cart that it was used on; null if it was redeemed before carts were kept.</param>
public sealed record UsedCoupon(Stacking Stacking, Discount Discount, Cart? Cart = null)
{
    /// <summary>What is left of <paramref name="cart"/> after the coupons used on its order, whatever the order of its
    /// lines; null if one of them was used on other lines or another shipping fee: what it took off cannot be told apart
    /// line by line then, and would be given again.</summary>
    internal static CartRest? RestOf(Cart cart, IReadOnlyList<UsedCoupon> before)
    {
        CartRest? rest = CartRest.Of(cart);
        foreach (var used in before)
        {
            rest = rest is not null && used.On(cart, rest.Rank) is { } discount ? rest.After(discount) : null;
        }

        return rest;
    }

    /// <summary>The discount with its parts in the order of the cart's lines, or null.</summary>
    private Discount? On(Cart cart, IReadOnlyList<int> rank)
    {
        if (Cart is null || Cart.Lines.Count != cart.Lines.Count)
        {
            return Cart is null && Discount.Lines.Count == cart.Lines.Count ? Discount : null;
        }

        var own = CartRest.Of(Cart).Rank;
        var lineAt = new int[own.Count];
        for (var i = 0; i < lineAt.Length; i++)
        {
            lineAt[own[i]] = i;
        }

        var same = Cart.Currency == cart.Currency && (Cart.Shipping?.Minor ?? 0) == (cart.Shipping?.Minor ?? 0)
            && Enumerable.Range(0, lineAt.Length).All(i => Cart.Lines[lineAt[rank[i]]] == cart.Lines[i]);
        return same ? Discount with { Lines = [.. rank.Select(place => Discount.Lines[lineAt[place]])] } : null;
    }
}
