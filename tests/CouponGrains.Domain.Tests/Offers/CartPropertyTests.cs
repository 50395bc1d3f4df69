using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

/// <summary>What holds for one coupon on any cart.</summary>
public sealed class CartPropertyTests
{
    [Fact]
    public void Generated_offers_are_consistent_in_themselves() =>
        Carts.Offers.Sample(offer => Assert.Null(OfferRules.Check(offer)), iter: 5_000);

    [Fact]
    public void Parts_sum_to_the_total_and_stay_within_line_cap_and_minimum() =>
        Gen.Select(Carts.Offers, Carts.All).Sample((offer, cart) =>
    {
        var obstacle = Carts.Apply(offer, cart, out var discount);
        Assert.Equal(obstacle == OfferObstacle.None, discount is not null);
        if (discount is null)
        {
            return;
        }

        Assert.Equal(discount.Total.Minor, discount.Lines.Sum(l => l.Minor) + discount.Shipping.Minor);
        Assert.True(discount.Total.Minor > 0 || discount.PointsEarned > 0);
        Assert.True(discount.Total <= (offer.Cap ?? discount.Total));
        Assert.InRange(discount.Shipping.Minor, 0, cart.Shipping?.Minor ?? 0);
        Assert.InRange(discount.PointsSpent, 0, cart.Points ?? 0);
        Assert.Equal(cart.Lines.Count, discount.Lines.Count);
        var spent = 0L;
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var item = Carts.Catalog.Get(cart.Lines[i].Item);
            var covered = CartEngine.InScope(offer.Scope, item);
            var open = covered || (offer.Kind == OfferKind.Gift && cart.Lines[i].Item == offer.Gift)
                || (offer.Bundle?.GetScope is { } got && CartEngine.InScope(got, item));
            Assert.InRange(discount.Lines[i].Minor, 0, open ? cart.Lines[i].Total.Minor : 0);
            spent += covered ? cart.Lines[i].Total.Minor : 0;
        }

        Assert.True(spent >= (offer.MinimumSpend?.Minor ?? 0));
    }, iter: 100_000);

    [Fact]
    public void The_order_of_the_lines_changes_no_amount() =>
        Gen.Select(Carts.Offers, Carts.All, Gen.Int).Sample((offer, cart, seed) =>
    {
        var order = Enumerable.Range(0, cart.Lines.Count).ToArray();
        new Random(seed).Shuffle(order);
        var shuffled = cart with { Lines = [.. order.Select(i => cart.Lines[i])] };

        Assert.Equal(Carts.Apply(offer, cart, out var one), Carts.Apply(offer, shuffled, out var other));
        Assert.Equal(
            (one?.Total, one?.PointsSpent, one?.PointsEarned), (other?.Total, other?.PointsSpent, other?.PointsEarned));
        Assert.Equal(ByLine(cart, one), ByLine(shuffled, other));
    }, iter: 100_000);

    /// <summary>Kinds that make no promise: a cheaper piece of the gift, or of what is got, is taken instead.</summary>
    [Fact]
    public void A_larger_cart_gets_no_smaller_discount_of_the_kinds_that_promise_it() =>
        Gen.Select(Carts.Offers, Carts.All, Carts.Lines).Sample((offer, cart, line) =>
    {
        if (offer.Kind == OfferKind.Gift || offer.Bundle?.GetScope is not null)
        {
            return;
        }

        Carts.Apply(offer, cart, out var before);
        Carts.Apply(offer, cart with { Lines = [.. cart.Lines, line] }, out var after);
        Assert.True((before?.Total.Minor ?? 0) <= (after?.Total.Minor ?? 0));
        Assert.True((before?.PointsEarned ?? 0) <= (after?.PointsEarned ?? 0));
    }, iter: 100_000);

    [Fact]
    public void The_same_cart_gets_the_same_discount_and_none_twice() =>
        Gen.Select(Carts.Offers, Carts.All).Sample((offer, cart) =>
    {
        var rest = CartRest.Of(cart);
        Assert.Equal(Carts.Apply(offer, cart, out var one), Carts.Apply(offer, cart, out var again));
        Assert.Equal(one?.Lines, again?.Lines);
        // After a coupon that took all of a line, nothing is left of it to take.
        var all = new Discount(
            Money.Zero(cart.Currency), [.. cart.Lines.Select(l => l.Total)], cart.Shipping ?? default);
        var obstacle = CartEngine.Apply(offer, cart, rest.After(all), Carts.Catalog.Get, Samples.Usd, out var none);
        Assert.NotEqual(OfferObstacle.None, obstacle);
        Assert.Null(none);
    }, iter: 100_000);

    private static List<string> ByLine(Cart cart, Discount? discount) => discount is null
        ? []
        : [.. cart.Lines.Select((l, i) => $"{l.Item} {l.Quantity} {l.UnitPrice} {discount.Lines[i]}").Order()];
}
