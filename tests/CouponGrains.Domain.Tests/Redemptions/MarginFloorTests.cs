using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Tests.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Redemptions;

/// <summary>Coupons beside each other leave every line the margin that the campaigns ask for.</summary>
public sealed class MarginFloorTests
{
    private static readonly CatalogIndex Catalog = new(
        Carts.Catalog.Items.Zip(
            (int?[])[3_000, 6_000, null], (item, margin) => item with { MarginBasisPoints = margin }));

    private static readonly Gen<CartCoupon[]> Coupons = Gen.Select(Carts.Offers, Gen.Int[-8_000, 3_000])
        .Select((offer, floor) => (offer, Floor(floor))).Array[0, 6]
        .Select(all => all.Select((c, i) => new CartCoupon($"c{i}", c.offer, Samples.Usd, c.Item2)).ToArray());

    [Fact]
    public void No_line_that_several_chosen_coupons_bear_on_has_less_left_than_any_of_their_floors() =>
        Gen.Select(Carts.All, Coupons, Gen.Enum<ChoiceMode>()).Sample((cart, coupons, mode) =>
    {
        var choice = CartChooser.Choose(cart, coupons, Catalog.Get, mode);
        Assert.True(Holds(cart, [.. choice.Chosen.Select(
            c => (coupons.Single(o => o.Code == c.Code), c.Discount))]));
        // One after the other in the choice's order, with lines turned round, the ledger's rules allow them too.
        var used = new List<UsedCoupon>();
        foreach (var chosen in choice.Chosen)
        {
            var coupon = coupons.Single(c => c.Code == chosen.Code);
            var next = CartChooser.Choose(
                cart with { Lines = [.. cart.Lines.Reverse()] }, [coupon], Catalog.Get, mode, used);
            Assert.Equal(chosen.Discount.Total, Assert.Single(next.Chosen).Discount.Total);
            used.Add(new(coupon.Offer.Stacking, chosen.Discount, cart)
            {
                Offer = coupon.Offer,
                Guardrails = coupon.Guardrails,
            });
        }
    }, iter: 100_000);

    [Fact]
    public void Of_all_combinations_that_keep_the_floors_the_best_is_chosen_and_what_breaks_them_is_told() =>
        Gen.Select(Carts.All, Coupons).Sample((cart, coupons) =>
    {
        var all = Enumerable.Range(0, 1 << coupons.Length)
            .Select(mask => TakeOff(cart, [.. coupons.Where((_, i) => (mask & (1 << i)) != 0)], out _)).ToArray();
        Assert.Equal(all.Max(), CartChooser.Choose(cart, coupons, Catalog.Get, ChoiceMode.BestForUser).Total.Minor);
        var full = all.Where((total, mask) => total is not null && Enumerable.Range(0, coupons.Length)
            .All(i => (mask & (1 << i)) != 0 || all[mask | (1 << i)] is null));
        var shop = CartChooser.Choose(cart, coupons, Catalog.Get, ChoiceMode.BestForShop);
        Assert.Equal(full.Min(), shop.Total.Minor);
        CartCoupon[] chosen = [.. shop.Chosen.Select(c => coupons.Single(o => o.Code == c.Code))];
        foreach (var unused in shop.Unused.Where(u => u.Reason == RedemptionStatus.BelowMarginFloor))
        {
            Assert.Null(TakeOff(cart, [.. chosen, coupons.Single(c => c.Code == unused.Code)], out var broken));
            Assert.True(broken);
        }
    }, iter: 20_000);

    [Theory]
    [InlineData(10_000)]
    [InlineData(-10_000)]
    public void The_dearest_line_that_can_be_counted_is_answered_under_any_floor(int floor)
    {
        var cart = new Cart { Currency = Samples.Usd, Lines = [new(Samples.Id(1), 1, new(long.MaxValue, Samples.Usd))] };
        var choice = Choose(cart, ChoiceMode.BestForUser, Tenth(Floor(floor)), Five(Floor(floor)));
        Assert.Equal(2, choice.Chosen.Count + choice.Unused.Count);
        Assert.Equal(floor < 0 ? 2 : 1, choice.Chosen.Count);
    }

    [Theory]
    [InlineData(ChoiceMode.BestForUser, "five 500 | tenth BelowMarginFloor")]
    [InlineData(ChoiceMode.BestForShop, "tenth 300 | five BelowMarginFloor")]
    public void Two_coupons_that_each_keep_the_floor_are_not_used_together_where_both_do_not(
        ChoiceMode mode, string expected)
    {
        var (cart, g) = (Samples.Cart((1, 1, 30)), Floor(1_000)); // 20 % of 30.00 is 6.00; 3.00 + 5.00 are more.
        Assert.Equal(expected, Text(Choose(cart, mode, Tenth(g), Five(g))));
        var room = g with { MarginFloorBasisPoints = 300 };
        Assert.Equal("tenth 300, five 500 | ", Text(Choose(cart, mode, Tenth(room), Five(room))));
        // The higher floor counts, whichever coupon it comes with.
        Assert.Equal(expected, Text(Choose(cart, mode, Tenth(room), Five(g))));
        Assert.Equal(expected, Text(Choose(cart, mode, Tenth(g), Five(room))));
        Assert.Equal("tenth 300, five 500 | ", Text(Choose(cart, mode, Tenth(null), Five(null))));
    }

    [Fact]
    public void Coupons_on_different_lines_and_the_shipping_fee_do_not_touch_each_others_margin()
    {
        var g = Floor(1_000);
        var cart = Samples.Cart((1, 1, 30), (2, 1, 30)) with { Shipping = Samples.Dollars(5) };
        var bread = On(Tenth(g), 1) with { Code = "bread" };
        var milk = On(Five(g), 2) with { Code = "milk" };
        var fee = Tenth(g) with
        {
            Code = "fee",
            Offer = Samples.Percent(0) with { Kind = OfferKind.FreeShipping, Stacking = Class("fee") },
        };
        var choice = Choose(cart, ChoiceMode.BestForUser, bread, milk, fee);
        Assert.Equal("bread 300, milk 500, fee 500 | ", Text(choice));
    }

    [Fact]
    public void A_gift_weighs_on_the_lines_that_are_bought_for_it()
    {
        var g = Floor(1_000); // Room for 6.00 on the bread: 3.00 off it and a gift of 3.00, not of 3.01.
        var gift = Tenth(g) with
        {
            Code = "gift",
            Offer = Samples.Gift(3, 10) with { Scope = new() { Items = [Samples.Id(1)] }, Stacking = Class("gift") },
        };
        Assert.Equal("tenth 300, gift 300 | ", Text(Choose(
            Samples.Cart((1, 1, 30), (3, 1, 3)), ChoiceMode.BestForUser, On(Tenth(g), 1), gift)));
        Assert.Equal("gift 301 | tenth BelowMarginFloor", Text(Choose(
            Samples.Cart((1, 1, 30), (3, 1, 3.01m)), ChoiceMode.BestForUser, On(Tenth(g), 1), gift)));
    }

    private static Guardrails Floor(int basisPoints) =>
        Samples.Guardrails() with { MarginFloorBasisPoints = basisPoints };

    private static CartCoupon Tenth(Guardrails? g) => new(
        "tenth", Samples.Percent(1_000) with { Stacking = Class("share") }, Samples.Usd, g);

    private static CartCoupon Five(Guardrails? g) => new(
        "five", Samples.Amount(5, 30) with { Stacking = Class("money") }, Samples.Usd, g);

    private static CartCoupon On(CartCoupon coupon, int item) =>
        coupon with { Offer = coupon.Offer with { Scope = new() { Items = [Samples.Id(item)] } } };

    private static Stacking Class(string name) => new() { Rule = StackingRule.OnePerClass, Class = name };

    private static CartChoice Choose(Cart cart, ChoiceMode mode, params CartCoupon[] coupons) =>
        CartChooser.Choose(cart, coupons, Catalog.Get, mode);

    /// <summary>What a combination takes off; null if it may not be, or if it is broken: below a floor on the
    /// way.</summary>
    private static long? TakeOff(Cart cart, CartCoupon[] coupons, out bool broken)
    {
        broken = false;
        if (coupons.Any(c => coupons.Any(
            o => o.Code != c.Code && !Stacking.Allows(o.Offer.Stacking, c.Offer.Stacking))))
        {
            return null;
        }

        var (rest, taken) = (CartRest.Of(cart), new List<(CartCoupon, Discount)>());
        foreach (var c in coupons.OrderBy(c => (-c.Offer.Stacking.Priority, c.Offer.Kind, c.Code)))
        {
            CartEngine.Apply(c.Offer, cart, rest, Catalog.Get, Samples.Usd, out var discount);
            if (discount is null)
            {
                return null;
            }

            taken.Add((c, discount));
            rest = rest.After(discount);
            broken = !Holds(cart, taken);
            if (broken)
            {
                return null;
            }
        }

        return taken.Sum(t => t.Item2.Total.Minor);
    }

    /// <summary>The floor in plain words, line by line.</summary>
    private static bool Holds(Cart cart, List<(CartCoupon Coupon, Discount Discount)> taken)
    {
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var line = cart.Lines[i];
            var margin = Catalog.Get(line.Item).MarginBasisPoints ?? 3_000;
            var bearing = taken.Select(t => (t.Coupon.Guardrails, Borne: Borne(cart, t.Coupon.Offer, t.Discount, i)))
                .Where(t => t.Borne > 0).ToList();
            var left = ((decimal)line.Total.Minor * margin / 10_000) - bearing.Sum(t => t.Borne);
            if (bearing.Count > 1 && bearing.Any(
                t => t.Guardrails is { } g && left < (decimal)line.Total.Minor * g.MarginFloorBasisPoints / 10_000))
            {
                return false;
            }
        }

        return true;
    }

    private static decimal Borne(Cart cart, Offer offer, Discount discount, int line)
    {
        if (offer.Kind != OfferKind.Gift && offer.Bundle?.GetScope is null)
        {
            return discount.Lines[line].Minor;
        }

        var giftLine = Enumerable.Range(0, cart.Lines.Count).Where(i => cart.Lines[i].Item == offer.Gift)
            .OrderBy(i => cart.Lines[i].UnitPrice).ThenBy(i => cart.Lines[i].Quantity).FirstOrDefault(-1);
        var bought = cart.Lines.Select((l, i) => !InScope(offer.Scope, l) ? 0
            : offer.Bundle?.GetScope is { } got && InScope(got, l) ? 0
            : l.UnitPrice.Minor * (i == giftLine ? l.Quantity - 1 : l.Quantity)).ToArray();
        return bought.Sum() == 0
            ? discount.Lines[line].Minor
            : Math.Ceiling((decimal)discount.Total.Minor * bought[line] / bought.Sum());
    }

    private static bool InScope(OfferScope scope, CartLine line) => CartEngine.InScope(scope, Catalog.Get(line.Item));

    private static string Text(CartChoice choice) =>
        string.Join(", ", choice.Chosen.Select(c => $"{c.Code} {c.Discount.Total.Minor}")) + " | "
        + string.Join(", ", choice.Unused.Select(u => $"{u.Code} {u.Reason} {u.By}".TrimEnd()));
}
