using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Tests.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Redemptions;

public sealed class CartChooserTests
{
    private static readonly Gen<CartCoupon[]> Coupons = Gen.Frequency((8, Gen.Int[0, 4]), (1, Gen.Int[5, 14]))
        .SelectMany(n => Carts.Offers.Array[n])
        .Select(offers => offers.Select((o, i) => new CartCoupon($"c{i:D2}", o, Samples.Usd)).ToArray());

    private static readonly Gen<ChoiceMode> Modes = Gen.Enum<ChoiceMode>();

    [Fact]
    public void Each_coupon_is_used_or_explained_and_all_lines_sum_to_the_total() =>
        Gen.Select(Carts.All, Coupons, Modes).Sample((cart, coupons, mode) =>
    {
        var choice = Choose(cart, coupons, mode);
        Assert.Equal(
            coupons.Select(c => c.Code),
            choice.Chosen.Select(c => c.Code).Concat(choice.Unused.Select(c => c.Code)).Order());
        Assert.Equal(choice.Total.Minor, choice.Chosen.Sum(c => c.Discount.Total.Minor));
        Assert.All(choice.Unused, u => Assert.Contains(u.Reason, RedemptionRules.Checks));
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            Assert.InRange(choice.Chosen.Sum(c => c.Discount.Lines[i].Minor), 0, cart.Lines[i].Total.Minor);
        }

        Assert.InRange(choice.Chosen.Sum(c => c.Discount.Shipping.Minor), 0, cart.Shipping?.Minor ?? 0);
        Assert.InRange(choice.Chosen.Sum(c => c.Discount.PointsSpent), 0, cart.Points ?? 0);
        var used = choice.Chosen.Select(c => coupons.Single(o => o.Code == c.Code).Offer).ToList();
        Assert.All(choice.Chosen.Zip(used),
            c => Assert.True(c.First.Discount.Total <= (c.Second.Cap ?? c.First.Discount.Total)));
        Assert.All(
            from i in Enumerable.Range(0, used.Count) from j in Enumerable.Range(0, i) select (used[i], used[j]),
            pair => Assert.True(Stacking.Allows(pair.Item1.Stacking, pair.Item2.Stacking)));
        Assert.Equal(used.Select(o => o.Stacking.Priority).OrderDescending(), used.Select(o => o.Stacking.Priority));
    }, iter: 100_000);

    [Fact]
    public void The_order_of_coupons_and_lines_does_not_matter_and_the_choice_is_the_same_again() =>
        Gen.Select(Carts.All, Coupons, Modes, Gen.Int).Sample((cart, coupons, mode, seed) =>
    {
        var random = new Random(seed);
        var (lines, shuffled) = (cart.Lines.ToArray(), coupons.ToArray());
        random.Shuffle(lines);
        random.Shuffle(shuffled);
        var one = Choose(cart, coupons, mode);
        Assert.Equal(Text(one), Text(Choose(cart with { Lines = lines }, shuffled, mode)));
        // What is chosen, presented alone, is chosen again. What was built one by one need not be: alone, the few are
        // searched, and a part of them may take a cent more.
        var chosen = coupons.Where(c => one.Chosen.Any(u => u.Code == c.Code)).ToArray();
        var again = Choose(cart, chosen, mode);
        if (one.Exact)
        {
            Assert.Equal(one.Chosen.Select(c => c.Code), again.Chosen.Select(c => c.Code));
        }
        else if (mode == ChoiceMode.BestForUser)
        {
            Assert.True(again.Total.Minor >= one.Total.Minor, $"{again.Total} after {one.Total}");
        }
    }, iter: 30_000);

    [Fact]
    public void For_the_user_no_combination_takes_more_and_for_the_shop_no_full_one_takes_less() =>
        Gen.Select(Carts.All, Carts.Offers.Array[0, 5]).Sample((cart, offers) =>
    {
        var coupons = offers.Select((o, i) => new CartCoupon($"c{i}", o, Samples.Usd)).ToArray();
        var all = Enumerable.Range(0, 1 << coupons.Length)
            .Select(mask => TakeOff(cart, [.. coupons.Where((_, i) => (mask & (1 << i)) != 0)]))
            .ToArray();
        Assert.Equal(all.Max(), Choose(cart, coupons, ChoiceMode.BestForUser).Total.Minor);
        var full = all.Where((total, mask) => total is not null && Enumerable.Range(0, coupons.Length)
            .All(i => (mask & (1 << i)) != 0 || all[mask | (1 << i)] is null));
        Assert.Equal(full.Min(), Choose(cart, coupons, ChoiceMode.BestForShop).Total.Minor);
    }, iter: 20_000);

    [Fact]
    public void Beyond_ten_coupons_the_choice_is_built_one_by_one_and_says_so()
    {
        var cart = Samples.Cart((1, 10, 10));
        var coupons = Enumerable.Range(0, 30)
            .Select(i => Coupon($"c{i:D2}", Samples.Amount(i + 1, 10), $"class {i}")).ToArray();
        var choice = Choose(cart, coupons, ChoiceMode.BestForUser);
        Assert.False(choice.Exact);
        Assert.Equal(Samples.Dollars(100), choice.Total);
        Assert.True(Choose(cart, coupons[..CartChooser.ExactMax], ChoiceMode.BestForUser).Exact);
    }

    [Fact]
    public void Reasons_name_what_stands_in_the_way()
    {
        var cart = Samples.Cart((1, 1, 10));
        var alone = new CartCoupon("alone", Samples.Percent(2_500), Samples.Usd);
        var small = Coupon("small", Samples.Amount(2, 5), "money");
        var large = Coupon("large", Samples.Amount(20, 50), "money");
        var points = Coupon("points", Samples.Percent(1_000), "share");

        var user = Choose(cart, [alone, small, large, points], ChoiceMode.BestForUser);
        Assert.Equal("points 100, small 200 | alone NotStackable points, large BelowMinimumSpend", Text(user));
        // To "alone" nothing can be added, and it takes less off than the two together.
        Assert.Equal(
            "alone 250 | large BelowMinimumSpend, points NotStackable alone, small NotStackable alone",
            Text(Choose(cart, [alone, small, large, points], ChoiceMode.BestForShop)));
        var deeper = alone with { Offer = Samples.Percent(4_000) };
        Assert.Equal(
            "alone 400 | points NotStackable alone, small NotStackable alone",
            Text(Choose(cart, [deeper, small, points], ChoiceMode.BestForUser)));
        Assert.Equal(
            "points 100, small 200 | alone NotStackable points", // The shop would rather give the 3.00 of two.
            Text(Choose(cart, [deeper, small, points], ChoiceMode.BestForShop)));
    }

    [Fact]
    public void Coupons_used_on_the_order_before_are_reckoned_with()
    {
        var cart = Samples.Cart((1, 1, 10));
        var used = new Discount(Samples.Dollars(9), [Samples.Dollars(9)], Samples.Dollars(0));
        var coupon = Coupon("c", Samples.Amount(5, 10), "money");
        var other = new UsedCoupon(new() { Rule = StackingRule.OnePerClass, Class = "other" }, used);
        Assert.Equal("c 100 | ", Text(CartChooser.Choose(
            cart, [coupon], Carts.Catalog.Get, ChoiceMode.BestForUser, [other])));
        Assert.Equal(" | c NotStackable", Text(CartChooser.Choose(
            cart, [coupon], Carts.Catalog.Get, ChoiceMode.BestForUser, [new(new(), used)])));
    }

    private static CartCoupon Coupon(string code, Offer offer, string name) => new(
        code, offer with { Stacking = new() { Rule = StackingRule.OnePerClass, Class = name } }, Samples.Usd);

    private static CartChoice Choose(Cart cart, IReadOnlyList<CartCoupon> coupons, ChoiceMode mode) =>
        CartChooser.Choose(cart, coupons, Carts.Catalog.Get, mode);

    /// <summary>What a combination takes off, in the order of priority, kind and code; null if it may not be.</summary>
    private static long? TakeOff(Cart cart, CartCoupon[] coupons)
    {
        var (rest, total) = (CartRest.Of(cart), 0L);
        for (var i = 0; i < coupons.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (!Stacking.Allows(coupons[i].Offer.Stacking, coupons[j].Offer.Stacking))
                {
                    return null;
                }
            }
        }

        foreach (var coupon in coupons.OrderBy(c => (-c.Offer.Stacking.Priority, c.Offer.Kind, c.Code)))
        {
            CartEngine.Apply(coupon.Offer, cart, rest, Carts.Catalog.Get, Samples.Usd, out var discount);
            if (discount is null)
            {
                return null;
            }

            (rest, total) = (rest.After(discount), total + discount.Total.Minor);
        }

        return total;
    }

    private static string Text(CartChoice choice) =>
        string.Join(", ", choice.Chosen.Select(c => $"{c.Code} {c.Discount.Total.Minor}")) + " | "
        + string.Join(", ", choice.Unused.Select(u => $"{u.Code} {u.Reason} {u.By}".TrimEnd()));
}
