using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class CartReturnTests
{
    private static readonly Gen<(Cart Cart, IReadOnlyList<Discount> Discounts)> Bought = Gen.Select(
        Carts.All, Carts.Offers.Array[0, 3]).Select((cart, offers) =>
        {
            var choice = CartChooser.Choose(
                cart, [.. offers.Select((o, i) => new CartCoupon($"c{i}", o, Samples.Usd))], Carts.Catalog.Get,
                ChoiceMode.BestForUser);
            return (cart, (IReadOnlyList<Discount>)[.. choice.Chosen.Select(c => c.Discount)]);
        });

    [Fact]
    public void Returning_every_piece_in_any_order_and_split_gives_back_what_was_paid() =>
        Gen.Select(Bought, Gen.Int).Sample((bought, seed) =>
    {
        var (cart, discounts) = bought;
        var random = new Random(seed);
        var returned = new int[cart.Lines.Count];
        var sum = new ReturnValue(Money.Zero(cart.Currency), 0, 0);
        while (returned.Where((r, i) => r < cart.Lines[i].Quantity).Any())
        {
            var now = cart.Lines.Select((l, i) => random.Next(0, l.Quantity - returned[i] + 1)).ToArray();
            var (value, refusal) = CartReturn.Step(cart, discounts, returned, now);
            Assert.Null(refusal);
            Assert.True(value!.Money.Minor >= 0 && value.PointsBack >= 0 && value.PointsTaken >= 0);
            sum = new(sum.Money + value.Money, sum.PointsBack + value.PointsBack, sum.PointsTaken + value.PointsTaken);
            returned = [.. returned.Zip(now, (r, n) => r + n)];
        }

        var paid = cart.Lines.Sum(l => l.Total.Minor) - discounts.Sum(d => d.Total.Minor)
            + (cart.Lines.Count > 0 ? cart.Shipping?.Minor ?? 0 : 0);
        Assert.Equal(cart.Lines.Count > 0 ? paid : 0, sum.Money.Minor);
        Assert.Equal(discounts.Sum(d => d.PointsSpent), sum.PointsBack);
        Assert.Equal(discounts.Sum(d => d.PointsEarned), sum.PointsTaken);
    }, iter: 100_000);

    [Fact]
    public void What_is_kept_keeps_its_part_of_the_discount()
    {
        // 10.00 off 60.00 + 40.00: 6.00 and 4.00. Returning the second line leaves the first its 6.00.
        var cart = Samples.Cart((1, 2, 30), (2, 1, 40));
        Carts.Apply(Samples.Amount(10, 100), cart, out var discount);
        var (value, _) = CartReturn.Step(cart, [discount!], [0, 0], [0, 1]);
        Assert.Equal(Samples.Dollars(36), value!.Money);
        Assert.Equal(Samples.Dollars(27), CartReturn.Step(cart, [discount!], [0, 1], [1, 0]).Value!.Money);
    }

    [Fact]
    public void Points_that_were_earned_are_taken_back_with_the_items_that_earned_them_alone()
    {
        var toys = Samples.Percent(0, new() { Categories = ["TOYS"] }) with
        {
            Kind = OfferKind.PointsMultiplied,
            Points = new() { Factor = 3, Step = Samples.Dollars(1) },
        };
        var cart = Samples.Cart((1, 2, 30), (3, 2, 10), (3, 1, 5.50m));
        Carts.Apply(toys, cart, out var discount);
        Assert.Equal(50, discount!.PointsEarned);
        Assert.Equal(0, Taken([0, 0, 0], [2, 0, 0])); // Bread is no toy.
        Assert.Equal(19, Taken([1, 0, 0], [0, 1, 0]));
        Assert.Equal(50 - 19, Taken([1, 1, 0], [0, 1, 1])); // All that earned is back, though a bread is kept.
        Assert.Equal(0, Taken([1, 2, 1], [1, 0, 0]));
        // A discount of before that was noted counts all lines.
        discount = discount with { EarnedOn = null };
        Assert.Equal(35, Taken([0, 0, 0], [2, 0, 0]));

        long Taken(int[] before, int[] now) => CartReturn.Step(cart, [discount], before, now).Value!.PointsTaken;
    }

    [Fact]
    public void No_more_comes_back_than_was_bought()
    {
        var cart = Samples.Cart((1, 2, 30));
        Assert.Equal("/now/0", CartReturn.Step(cart, [], [1], [2]).Refusal?.Pointer);
        Assert.Equal("/now/0", CartReturn.Step(cart, [], [0], [-1]).Refusal?.Pointer);
        Assert.Equal("/now", CartReturn.Step(cart, [], [0, 0], [1]).Refusal?.Pointer);
    }
}
