using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Tests.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Redemptions;

/// <summary>Coupons used one after the other on one order.</summary>
public sealed class UsedCouponTests
{
    private static readonly Stacking First = new() { Rule = StackingRule.OnePerClass, Class = "first" };
    private static readonly Stacking Second = new() { Rule = StackingRule.OnePerClass, Class = "second" };

    /// <summary>The sums are plain arithmetic over the lines as they were bought, whatever order the cart is sent
    /// in.</summary>
    [Fact]
    public void No_line_falls_below_zero_however_the_cart_is_sorted_from_redemption_to_redemption() =>
        Gen.Select(Carts.All, Carts.Offers.Array[2, 5], Gen.Int).Sample((cart, offers, seed) =>
    {
        var random = new Random(seed);
        var used = new List<UsedCoupon>();
        var (taken, shipping) = (new long[cart.Lines.Count], 0L);
        foreach (var (number, offer) in offers.Index())
        {
            var order = Enumerable.Range(0, cart.Lines.Count).ToArray();
            random.Shuffle(order);
            var sent = cart with { Lines = [.. order.Select(i => cart.Lines[i])] };
            var stacking = new Stacking { Rule = StackingRule.OnePerClass, Class = $"{number}" };
            var choice = CartChooser.Choose(sent, [new("c", offer with { Stacking = stacking }, Samples.Usd)],
                Carts.Catalog.Get, ChoiceMode.BestForUser, used);
            foreach (var chosen in choice.Chosen)
            {
                used.Add(new(stacking, chosen.Discount, sent));
                shipping += chosen.Discount.Shipping.Minor;
                for (var i = 0; i < order.Length; i++)
                {
                    taken[order[i]] += chosen.Discount.Lines[i].Minor;
                }
            }
        }

        // Lines that are alike may stand for each other.
        foreach (var alike in cart.Lines.Index().GroupBy(l => l.Item))
        {
            Assert.True(alike.Sum(l => taken[l.Index]) <= alike.Sum(l => l.Item.Total.Minor));
        }

        Assert.True(shipping <= (cart.Shipping?.Minor ?? 0));
    }, iter: 20_000);

    [Fact]
    public void A_line_that_one_coupon_made_free_is_not_given_again_when_the_cart_is_turned_round()
    {
        var free = new Discount(Samples.Dollars(100), [Samples.Dollars(100), Samples.Dollars(0)], Samples.Dollars(0));
        var used = new UsedCoupon(First, free, Samples.Cart((1, 1, 100), (2, 1, 1)));
        Assert.Equal(RedemptionStatus.NothingLeft, Refused(Samples.Cart((2, 1, 1), (1, 1, 100)), used));
    }

    [Fact]
    public void While_a_coupon_is_in_force_another_cart_of_its_order_is_refused()
    {
        var one = new Discount(Samples.Dollars(1), [Samples.Dollars(1), Samples.Dollars(0)], Samples.Dollars(0));
        var cart = Samples.Cart((1, 1, 100), (2, 1, 1));
        var used = new UsedCoupon(First, one, cart);
        Assert.Null(Refused(cart, used));
        foreach (var other in new[]
        {
            Samples.Cart((1, 1, 100)), Samples.Cart((1, 2, 100), (2, 1, 1)), Samples.Cart((1, 1, 100), (2, 1, 2)),
            Samples.Cart((1, 1, 100), (3, 1, 1)), Samples.Cart((1, 1, 100), (2, 1, 1), (2, 1, 1)),
            cart with { Shipping = Samples.Dollars(5) },
        })
        {
            Assert.Equal(RedemptionStatus.OtherCart, Refused(other, used));
        }

        // The points that the user has may have changed; what was redeemed before carts were kept goes by the lines.
        Assert.Null(Refused(cart with { Points = 5 }, used));
        Assert.Null(Refused(cart, used with { Cart = null }));
        Assert.Equal(RedemptionStatus.OtherCart, Refused(Samples.Cart((1, 1, 100)), used with { Cart = null }));
    }

    private static RedemptionStatus? Refused(Cart cart, UsedCoupon used)
    {
        var offer = Samples.Percent(10_000, new() { Items = [Samples.Id(1)] }) with { Stacking = Second };
        var choice = CartChooser.Choose(
            cart, [new("c", offer, Samples.Usd)], Carts.Catalog.Get, ChoiceMode.BestForUser, [used]);
        return choice.Unused.SingleOrDefault()?.Reason;
    }
}
