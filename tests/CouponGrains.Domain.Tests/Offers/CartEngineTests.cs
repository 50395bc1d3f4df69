using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class CartEngineTests
{
    private static CatalogIndex Catalog => Carts.Catalog;

    [Fact]
    public void Apportioning_follows_the_exact_quota_to_within_one_unit() =>
        Gen.Select(Gen.Long[0, 1_000_000].Array[1, 20], Gen.Double[0, 1]).Sample((weights, share) =>
        {
            var total = (long)(weights.Sum() * share);
            var parts = CartEngine.Apportion(total, weights);
            Assert.Equal(total, parts.Sum());
            for (var i = 0; i < weights.Length && total > 0; i++)
            {
                var quota = (decimal)total * weights[i] / weights.Sum();
                Assert.InRange(parts[i], Math.Floor(quota), Math.Ceiling(quota));
            }
        });

    [Fact]
    public void Equal_remainders_go_to_the_dearer_line_and_then_to_the_earlier()
    {
        Assert.Equal([0, 2], CartEngine.Apportion(2, [1, 3]));
        Assert.Equal([2, 0], CartEngine.Apportion(2, [3, 1]));
        Assert.Equal([1, 0], CartEngine.Apportion(1, [5, 5]));
        Assert.Equal([0, 0], CartEngine.Apportion(0, [0, 0]));
    }

    [Theory]
    [InlineData(1_000, 0.95, 10)] // 9.5 cents.
    [InlineData(1_000, 0.94, 9)]
    [InlineData(10_000, 0.95, 95)]
    [InlineData(3_333, 10.00, 333)]
    public void A_percentage_of_the_covered_total_is_rounded_half_away_from_zero(
        int basisPoints, decimal price, long minor)
    {
        Assert.Equal(
            OfferObstacle.None, Apply(Samples.Percent(basisPoints), Samples.Cart((1, 1, price)), out var discount));
        Assert.Equal(minor, discount!.Total.Minor);
    }

    [Fact]
    public void A_percentage_is_taken_of_the_total_and_not_line_by_line()
    {
        // 10 % of 3 × 0.05 is 1.5 cents, so 2; line by line it would be 3 × 1 (0.5 rounded up).
        Apply(Samples.Percent(1_000), Samples.Cart((1, 1, 0.05m), (2, 1, 0.05m), (3, 1, 0.05m)), out var discount);
        Assert.Equal([1, 1, 0], discount!.Lines.Select(l => l.Minor));
    }

    [Fact]
    public void Largest_remainders_get_the_odd_cents()
    {
        // 1.00 over 2.00, 3.00 and 4.00: 22.2, 33.3 and 44.4 cents.
        Apply(Samples.Amount(1, 5), Samples.Cart((1, 1, 2), (2, 1, 3), (3, 1, 4)), out var discount);
        Assert.Equal([22, 33, 45], discount!.Lines.Select(l => l.Minor));
    }

    [Fact]
    public void The_minimum_is_asked_of_what_is_covered()
    {
        var offer = Samples.Amount(2, 10, new OfferScope { Categories = ["FOOD"] });
        Assert.Equal(OfferObstacle.BelowMinimumSpend, Apply(offer, Samples.Cart((1, 1, 9.99m), (3, 1, 50)), out _));
        Assert.Equal(OfferObstacle.None, Apply(offer, Samples.Cart((1, 1, 9.99m), (2, 1, 0.01m)), out _));
        Assert.Equal(OfferObstacle.NothingInScope, Apply(offer, Samples.Cart((3, 1, 50)), out _));
        Assert.Equal(OfferObstacle.NothingInScope, Apply(offer, Samples.Cart(), out _));
    }

    [Fact]
    public void A_gift_is_one_piece_of_the_cheapest_line_and_does_not_count_towards_the_minimum()
    {
        var offer = Samples.Gift(2, minimum: 10);
        Assert.Equal(OfferObstacle.NothingInScope, Apply(offer, Samples.Cart((1, 5, 10)), out _));
        Assert.Equal(OfferObstacle.BelowMinimumSpend, Apply(offer, Samples.Cart((1, 1, 8), (2, 1, 3)), out _));
        Assert.Equal(
            OfferObstacle.None, Apply(offer, Samples.Cart((1, 1, 10), (2, 2, 3), (2, 1, 2)), out var discount));
        Assert.Equal([0, 0, 200], discount!.Lines.Select(l => l.Minor));
    }

    [Fact]
    public void Free_shipping_takes_the_fee_off_and_needs_one()
    {
        var offer = Samples.Percent(0) with { Kind = OfferKind.FreeShipping };
        var cart = Samples.Cart((1, 1, 10));
        Assert.Equal(OfferObstacle.NothingInScope, Apply(offer, cart, out _));
        Assert.Equal(
            OfferObstacle.None, Apply(offer, cart with { Shipping = Samples.Dollars(4.99m) }, out var discount));
        Assert.Equal((499, 499, 0), (discount!.Total.Minor, discount.Shipping.Minor, discount.Lines[0].Minor));
    }

    [Fact]
    public void A_cart_in_another_currency_is_not_discounted() => Assert.Equal(OfferObstacle.CurrencyMismatch,
        CartEngine.Apply(Samples.Percent(1_000), Samples.Cart((1, 1, 1)), Catalog.Get, new("EUR"), out _));

    [Fact]
    public void A_bad_cart_is_refused_by_name()
    {
        var good = Samples.Cart((1, 1, 1));
        Assert.Null(CartEngine.Check(good));
        Refused(RefusalCodes.InvalidValue, "/lines/0/quantity", Samples.Cart((1, 0, 1)));
        Refused(RefusalCodes.NegativePrice, "/lines/1/unitPrice", Samples.Cart((1, 1, 1), (2, 1, -1)));
        Refused(RefusalCodes.CurrencyMismatch, "/lines/0/unitPrice", good with { Currency = new("EUR") });
        Refused(RefusalCodes.NegativePrice, "/shipping", good with { Shipping = Samples.Dollars(-1) });
        Refused(RefusalCodes.BatchTooLarge, "/lines",
            good with { Lines = [.. Enumerable.Repeat(good.Lines[0], Cart.LinesMax + 1)] });
        Refused(RefusalCodes.InvalidValue, "/lines",
            good with { Lines = [new(Samples.Id(1), 2, new(long.MaxValue, Samples.Usd))] });

        static void Refused(string code, string pointer, Cart cart)
        {
            var refusal = CartEngine.Check(cart);
            Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
        }
    }

    [Fact]
    public void The_largest_cart_is_counted_without_overflow()
    {
        var cart = Samples.Cart() with { Lines = [new(Samples.Id(1), 1, new(long.MaxValue, Samples.Usd))] };
        Assert.Null(CartEngine.Check(cart));
        Apply(Samples.Percent(10_000), cart, out var discount);
        Assert.Equal(long.MaxValue, discount!.Total.Minor);
    }

    private static OfferObstacle Apply(Offer offer, Cart cart, out Discount? discount) =>
        CartEngine.Apply(offer, cart, Catalog.Get, Samples.Usd, out discount);
}
