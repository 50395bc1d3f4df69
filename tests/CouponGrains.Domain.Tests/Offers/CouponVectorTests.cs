using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Tests.Offers;

public sealed class CouponVectorTests
{
    private static readonly CatalogIndex Catalog = new(
    [
        Samples.Item(0, "FOOD") with { Price = Samples.Dollars(2) },
        Samples.Item(1, "FOOD") with { Price = Samples.Dollars(80) },
        Samples.Item(2, "TOYS"),
    ]);

    [Fact]
    public void It_has_unit_length_and_is_nothing_outside_the_scope()
    {
        var vector = Of(Samples.Percent(2_000, new() { Categories = ["FOOD"] }));
        Assert.Equal([0, 1], vector.Rows);
        Assert.Equal([MathF.Sqrt(0.5f), MathF.Sqrt(0.5f)], vector.Values);
    }

    [Fact]
    public void An_amount_is_a_smaller_share_of_what_costs_more_than_the_minimum()
    {
        // 5.00 off 20.00: a quarter, and a sixteenth of the item for 80.00.
        var vector = Of(Samples.Amount(5, 20, new() { Categories = ["FOOD"] }));
        Assert.Equal(4, vector.Values[0] / vector.Values[1], 1e-5);
    }

    [Fact]
    public void A_cap_is_a_smaller_share_of_what_is_dear()
    {
        var vector = Of(Samples.Percent(2_000, new() { Categories = ["FOOD"] }) with { Cap = Samples.Dollars(8) });
        Assert.Equal(2, vector.Values[0] / vector.Values[1], 1e-5); // 20 % against 10 %.
    }

    [Fact]
    public void The_whole_cart_covers_every_item_of_the_model_but_the_exceptions() =>
        Assert.Equal([0, 2, 3], Of(Samples.Percent(500, new() { Excluded = [Samples.Id(1)] })).Rows);

    [Fact]
    public void A_gift_is_its_item_alone() => Assert.Equal([2], Of(Samples.Gift(2, minimum: 9)).Rows);

    [Fact]
    public void What_the_model_does_not_know_has_no_embedding()
    {
        var model = Samples.Model(items: 2, rank: 3, seed: 1);
        var vector = CouponVector.Of(Samples.Percent(500, new() { Items = [Samples.Id(77)] }), Catalog, model.Factors);
        Assert.Empty(vector.Rows);
        Assert.Equal([0, 0, 0], vector.Embed(model));
    }

    [Fact]
    public void The_embedding_is_the_projection_on_the_item_factors()
    {
        var model = Samples.SpectralModel(items: 4, rank: 3, seed: 5);
        var factors = model.Factors;
        var vector = CouponVector.Of(Samples.Amount(5, 20), Catalog, factors);
        var embedding = vector.Embed(model);
        for (var k = 0; k < 3; k++)
        {
            var expected = vector.Rows
                .Select((row, i) => (double)vector.Values[i] * model.TargetWeights[row] * factors.Row(row)[k]).Sum();
            Assert.Equal(expected, embedding[k], 1e-5);
        }
    }

    private static CouponVector Of(Offer offer) =>
        CouponVector.Of(offer, Catalog, Samples.Model(items: 4, rank: 3, seed: 1).Factors);
}
