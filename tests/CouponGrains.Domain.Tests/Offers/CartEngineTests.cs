using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class CartEngineTests
{
    private static readonly CatalogIndex Catalog = new(
    [
        Samples.Item(1, "FOOD", "BREAD"),
        Samples.Item(2, "FOOD", "MILK"),
        Samples.Item(3, "TOYS") with { Brand = "ACME" },
    ]);

    private static readonly Gen<Cart> Carts = Gen.Select(Gen.Int[1, 3], Gen.Int[1, 9], Gen.Long[0, 100_000])
        .Select((item, quantity, price) => new CartLine(Samples.Id(item), quantity, new(price, Samples.Usd)))
        .Array[0, 12]
        .Select(Gen.Long[0, 2_000].Nullable(), (lines, shipping) => new Cart
        {
            Currency = Samples.Usd,
            Lines = lines,
            Shipping = shipping is { } fee ? new(fee, Samples.Usd) : null,
        });

    private static readonly Gen<OfferScope> Scopes = Gen.OneOf(
        OfferScope.WholeCart,
        new OfferScope { Categories = ["FOOD"] },
        new OfferScope { Brands = ["ACME"], Items = [Samples.Id(2)] },
        new OfferScope { Excluded = [Samples.Id(1)] });

    private static readonly Gen<Offer> Offers = Gen.Select(
        Gen.Enum<OfferKind>(), Scopes, Gen.Int[1, 10_000], Gen.Long[1, 50_000], Gen.Long[1, 30_000].Nullable(),
            Gen.Long[0, 50_000].Nullable(),
        (kind, scope, percent, amount, cap, minimum) => Samples.Percent(percent, scope) with
        {
            Kind = kind,
            Amount = new(amount, Samples.Usd),
            Cap = cap is { } c ? new(c, Samples.Usd) : null,
            MinimumSpend = minimum is { } m ? new(m, Samples.Usd) : null,
            Gift = Samples.Id(3),
        });

    [Fact]
    public void Parts_sum_to_the_total_and_stay_within_line_cap_and_minimum() =>
        Gen.Select(Offers, Carts).Sample((offer, cart) =>
    {
        var obstacle = Apply(offer, cart, out var discount);
        Assert.Equal(obstacle == OfferObstacle.None, discount is not null);
        if (discount is null)
        {
            return;
        }

        Assert.Equal(discount.Total.Minor, discount.Lines.Sum(l => l.Minor) + discount.Shipping.Minor);
        Assert.True(discount.Total.Minor > 0);
        Assert.True(discount.Total <= (offer.Cap ?? discount.Total));
        Assert.InRange(discount.Shipping.Minor, 0, cart.Shipping?.Minor ?? 0);
        Assert.Equal(cart.Lines.Count, discount.Lines.Count);
        var spent = 0L;
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var covered = CartEngine.InScope(offer.Scope, Catalog.Get(cart.Lines[i].Item));
            var open = covered || (offer.Kind == OfferKind.Gift && cart.Lines[i].Item == offer.Gift);
            Assert.InRange(discount.Lines[i].Minor, 0, open ? cart.Lines[i].Total.Minor : 0);
            spent += covered ? cart.Lines[i].Total.Minor : 0;
        }

        Assert.True(spent >= (offer.MinimumSpend?.Minor ?? 0));
    }, iter: 50_000);

    [Fact]
    public void The_order_of_the_lines_does_not_matter() =>
        Gen.Select(Offers, Carts, Gen.Int).Sample((offer, cart, seed) =>
    {
        var order = Enumerable.Range(0, cart.Lines.Count).ToArray();
        new Random(seed).Shuffle(order);
        var shuffled = cart with { Lines = [.. order.Select(i => cart.Lines[i])] };

        Assert.Equal(Apply(offer, cart, out var one), Apply(offer, shuffled, out var other));
        Assert.Equal(one?.Total, other?.Total);
        // Equal remainders go to the earlier line, so a line's part may differ by the one unit that is left over.
        for (var i = 0; i < order.Length && one is not null; i++)
        {
            Assert.InRange(other!.Lines[i].Minor - one.Lines[order[i]].Minor, -1, 1);
        }
    }, iter: 20_000);

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
