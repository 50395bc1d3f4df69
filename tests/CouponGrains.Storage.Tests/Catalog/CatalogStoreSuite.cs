using System.Text.Json;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Storage.Tests.Catalog;

/// <summary>What every catalog store must do.</summary>
public abstract class CatalogStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly Item Cola = new()
    {
        Id = new("cola"), Title = "Cola \"light\" 可乐", Categories = ["GROCERY", "SOFT DRINKS"], Brand = "B", Price = new(129, Samples.Usd),
        MarginBasisPoints = 2_500, Stock = 7, Attributes = new Dictionary<string, string> { ["size"] = "1 l" },
    };

    private ICatalogStore Catalog => Store.Catalog;

    [Fact]
    public async Task An_item_comes_back_with_every_field()
    {
        await Catalog.Put([Cola, new() { Id = new("bare") }], default);
        var items = await Catalog.Get([new("cola"), new("bare"), new("unknown")], default);
        Assert.Equal(2, items.Count);
        Assert.Equal(JsonSerializer.Serialize(Cola), JsonSerializer.Serialize(items.Single(i => i.Id == Cola.Id)));
        Assert.Equal("", items.Single(i => i.Id.Value == "bare").Title);
    }

    [Fact]
    public async Task Putting_an_item_again_replaces_it()
    {
        await Catalog.Put([Cola], default);
        await Catalog.Put([Cola with { Price = null, Stock = 0 }], default);
        var item = Assert.Single(await Catalog.Get([Cola.Id], default));
        Assert.Null(item.Price);
        Assert.Equal(0, item.Stock);
    }

    [Fact]
    public async Task The_stamp_grows_with_every_put_but_not_with_items_seen_in_events()
    {
        var before = await Catalog.Stamp(default);
        await Catalog.Put([Cola], default);
        var after = await Catalog.Stamp(default);
        await Store.Events.Append([Samples.View("e1", "u1", "new")], default);
        Assert.True(after > before);
        Assert.Equal(after, await Catalog.Stamp(default));
    }

    [Fact]
    public async Task All_items_are_streamed_once_in_the_order_of_their_ids()
    {
        var ids = Enumerable.Range(0, 2_500).Select(i => $"item {i * 7_919 % 2_500}").ToList();
        await Catalog.Put([.. ids.Select(id => new Item { Id = new(id) })], default);
        var read = new List<string>();
        await foreach (var item in Catalog.ReadAll(default))
        {
            read.Add(item.Id.Value);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task Items_are_there_after_a_crash()
    {
        await Catalog.Put([Cola], default);
        await Store.Crash();
        Assert.Equal(Cola.Title, Assert.Single(await Catalog.Get([Cola.Id], default)).Title);
    }
}
