using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CsCheck;

namespace CouponGrains.Domain.Tests.Catalog;

public sealed class CatalogIndexTests
{
    private static readonly CatalogIndex Catalog = new(
    [
        Samples.Item(3, "TOYS") with { Brand = "ACME" }, Samples.Item(1, "FOOD", "BREAD"),
            Samples.Item(2, "FOOD", "MILK"), Samples.Item(4),
    ]);

    [Fact]
    public void Items_come_in_the_order_of_their_ids() =>
        Assert.Equal([Samples.Id(1), Samples.Id(2), Samples.Id(3), Samples.Id(4)], Catalog.Items.Select(i => i.Id));

    [Fact]
    public void An_unknown_item_is_one_first_seen()
    {
        Assert.False(Catalog.Contains(Samples.Id(9)));
        Assert.False(Catalog.Get(Samples.Id(9)).Described);
        Assert.Equal("Item 1", Catalog.Get(Samples.Id(1)).Title);
    }

    [Fact]
    public void Names_of_an_item_are_neither_missing_nor_without_bounds()
    {
        var item = new Item { Id = new("i"), Categories = ["FOOD"], Brand = "B", Attributes = Of("") };
        Assert.Null(ItemRules.Check(item));
        var tooLong = new string('x', ItemRules.NameLengthMax + 1);
        Dictionary<string, string> Of(string value) => new() { ["a"] = value };
        Assert.All(
            [
                item with { Categories = [null!] }, item with { Categories = [" "] },
                item with { Categories = [tooLong] }, item with { Brand = tooLong },
                item with { Attributes = Of(null!) }, item with { Attributes = Of(tooLong) },
            ],
            bad => Assert.Equal(RefusalCodes.InvalidValue, ItemRules.Check(bad)?.Code));
    }

    [Fact]
    public void Categories_of_every_level_are_found_and_the_widest_are_listed()
    {
        Assert.Equal(["FOOD", "TOYS"], Catalog.TopCategories);
        Assert.Equal(2, Catalog.InCategory("FOOD").Count);
        Assert.Equal([Samples.Id(2)], Catalog.InCategory("MILK").Select(i => i.Id));
        Assert.Empty(Catalog.InCategory("NOWHERE"));
    }

    [Fact]
    public void The_items_in_a_scope_are_those_that_the_cart_engine_covers() => Gen.Select(
        Gen.Int[1, 5].Select(Samples.Id).Array[0, 2], Gen.OneOf("FOOD", "MILK", "TOYS", "NOWHERE").Array[0, 2],
        Gen.OneOf("ACME", "OTHER").Array[0, 2], Gen.Int[1, 5].Select(Samples.Id).Array[0, 2]).Sample(
            (items, categories, brands, excluded) =>
        {
            var scope = new OfferScope { Items = items, Categories = categories, Brands = brands, Excluded = excluded };
            Assert.Equal(Catalog.Items.Where(i => CartEngine.InScope(scope, i)), Catalog.InScope(scope));
        });
}
