using CouponGrains.Domain;

namespace CouponGrains.Grains.Tests.Catalog;

public sealed class CatalogTests
{
    [Fact]
    public async Task An_item_is_kept_by_its_shard_with_its_factor_row()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        var tea = new ItemId("tea-1");

        var view = (await shop.Shard(tea).Get(tea)).Value!;
        Assert.Equal(new Money(1_000, Samples.Usd), view.Item.Price);
        Assert.Equal([1f, 0f], new[] { BitConverter.ToSingle(view.Factor), BitConverter.ToSingle(view.Factor, 4) });
        Assert.Equal(["tea-2", "tea-3"], (await shop.Shard(tea).Similar(tea, 2)).Select(s => s.Item.Value));
        Assert.Equal(RefusalCodes.UnknownItem, (await shop.Shard(new("none")).Get(new("none"))).Refusal!.Code);
    }

    [Fact]
    public async Task A_bad_item_and_one_of_another_shard_are_refused()
    {
        await using var shop = await TestShop.Start();
        var tea = Samples.Items[0];
        var other = Samples.Items.First(i => Domain.Catalog.CatalogShards.Of(i.Id) != Domain.Catalog.CatalogShards.Of(tea.Id));
        var refusals = await shop.Shard(tea.Id).Put([tea, tea with { Price = new(-1, Samples.Usd) }, other]);
        Assert.Equal([null, RefusalCodes.NegativePrice, RefusalCodes.InvalidId], refusals.Select(r => r?.Code));
    }
}
