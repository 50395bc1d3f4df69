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
        var rest = await Catalog.ReadAll(new ItemId(read[1_499]), default).ToListAsync();
        Assert.Equal(read[1_500..], rest.ConvertAll(item => item.Id.Value));
    }

    [Fact]
    public async Task Items_are_there_after_a_crash()
    {
        await Catalog.Put([Cola], default);
        await Store.Crash();
        Assert.Equal(Cola.Title, Assert.Single(await Catalog.Get([Cola.Id], default)).Title);
    }

    [Fact]
    public async Task What_users_tell_of_new_items_is_replaced_and_survives_a_crash()
    {
        await Catalog.PutEvidence([Evidence("b", 1, 0.5f, -2f), Evidence("a", 1, 3f, 1e-30f)], default);
        var stamp = await Catalog.EvidenceStamp(default);
        await Catalog.PutEvidence([Evidence("b", 1, 7f, 8f)], default);
        Assert.True(await Catalog.EvidenceStamp(default) > stamp);
        await Store.Crash();

        var all = await Catalog.ReadEvidence(new(1), default).ToListAsync();
        Assert.Equal(["a", "b"], all.Select(e => e.Item.Value));
        Assert.Equal([3f, 1e-30f], all[0].Tastes);
        Assert.Equal([7f, 8f], all[1].Tastes);
        Assert.Equal(0.25, all[1].Mass);
        Assert.Equal([7f, 8f], (await Catalog.GetEvidence(new("b"), new(1), default))!.Tastes);
        Assert.Null(await Catalog.GetEvidence(new("c"), new(1), default));
    }

    [Fact]
    public async Task What_was_told_under_another_model_is_dropped()
    {
        await Catalog.PutEvidence([Evidence("a", 1, 1f), Evidence("b", 1, 1f)], default);
        Assert.Null(await Catalog.GetEvidence(new("a"), new(2), default));
        Assert.Empty(await Catalog.ReadEvidence(new(2), default).ToListAsync());
        await Catalog.PutEvidence([Evidence("a", 2, 5f)], default);
        Assert.Empty(await Catalog.ReadEvidence(new(1), default).ToListAsync());
        Assert.Equal([5f], Assert.Single(await Catalog.ReadEvidence(new(2), default).ToListAsync()).Tastes);
    }

    [Fact]
    public async Task What_is_known_of_many_new_items_is_streamed_in_the_order_of_their_ids_and_moves_no_other_stamp()
    {
        var before = await Catalog.Stamp(default);
        var ids = Enumerable.Range(0, 2_500).Select(i => $"item {i * 7_919 % 2_500}").ToList();
        await Catalog.PutEvidence([.. ids.Select(id => Evidence(id, 3, 1f))], default);
        await Catalog.PutEvidence([], default);
        Assert.Equal(ids.Order(StringComparer.Ordinal),
            (await Catalog.ReadEvidence(new(3), default).ToListAsync()).Select(e => e.Item.Value));
        Assert.Equal(before, await Catalog.Stamp(default));
    }

    private static ItemEvidence Evidence(string item, long model, params float[] tastes) => new(new(item), new(model), tastes, 0.25);
}
