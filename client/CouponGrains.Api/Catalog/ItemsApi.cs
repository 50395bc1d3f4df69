using System.Text.Json;
using CouponGrains.Api.Profiles;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Catalog;

/// <summary>The items that the shop sells.</summary>
internal static class ItemsApi
{
    private const int BatchMax = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/items", List);
        routes.MapPut("/items", Put);
        routes.MapGet("/items/{id}", Show);
        routes.MapGet("/items/{id}/similar", Similar);
    }

    private static async Task<IResult> List(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var (count, after) = Address.Page(limit, cursor);
        ItemId? last = after is null ? null : new ItemId(after);
        var items = await grains.GetGrain<IShopGrain>(0).Items(last, count + 1, cancel);
        return Reply.Page(items, count, item => item.Id.Value);
    }

    /// <summary>Each item is read and stored for itself: one that is refused keeps none of the others out.</summary>
    private static async Task<IResult> Put(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var batch = await Body.Read<ItemBatch>(http);
        if (batch.Items.Count > BatchMax)
        {
            return Problem.Of(
                new Refusal(RefusalCodes.BatchTooLarge, $"A batch has at most {BatchMax} items.", "/items"));
        }

        var results = new BatchResult[batch.Items.Count];
        var accepted = new List<(int Index, Item Item)>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            try
            {
                accepted.Add((i, Titled(Body.Convert<Item>(batch.Items[i]))));
            }
            catch (ProblemException e)
            {
                results[i] = BatchResult.Of(i, null, e.Problem);
            }
        }

        await Task.WhenAll(accepted
            .GroupBy(entry => CatalogShards.Of(entry.Item.Id))
            .Select(shard => PutShard(shard.Key, [.. shard], results, grains, cancel)));
        return Reply.Json(BatchAnswer.Of(results));
    }

    private static async Task PutShard(
        int shard, (int Index, Item Item)[] entries, BatchResult[] results, IGrainFactory grains,
        CancellationToken cancel)
    {
        var refusals = await grains.GetGrain<ICatalogGrain>(shard)
            .Put([.. entries.Select(entry => entry.Item)], cancel);
        for (var i = 0; i < entries.Length; i++)
        {
            results[entries[i].Index] = BatchResult.Of(entries[i].Index, entries[i].Item.Id.Value, refusals[i]);
        }
    }

    private static async Task<IResult> Show(string id, IGrainFactory grains, CancellationToken cancel)
    {
        var item = new ItemId(Address.Id(id, "id"));
        return Reply.Tagged(await Shard(grains, item).Get(item, cancel), ItemShape.Of);
    }

    private static async Task<IResult> Similar(string id, string? count, IGrainFactory grains, CancellationToken cancel)
    {
        var item = new ItemId(Address.Id(id, "id"));
        return Reply.List(await Shard(grains, item).Similar(item, Address.Number(count, "count", 1, 100, 10), cancel));
    }

    private static ICatalogGrain Shard(IGrainFactory grains, ItemId item) =>
        grains.GetGrain<ICatalogGrain>(CatalogShards.Of(item));

    private static Item Titled(Item item) => item.Title.Length == 0 ? item with { Title = item.Id.Value } : item;
}

/// <summary>Items to create or replace.</summary>
internal sealed record ItemBatch(IReadOnlyList<JsonElement> Items);

/// <summary>An item on the wire, with its factor as numbers.</summary>
internal sealed record ItemShape(
    Item Item, IReadOnlyList<float> Factor, FactorSource FactorSource, ModelVersion Model)
{
    public static ItemShape Of(ItemView view) =>
        new(view.Item, Vectors.Of(view.Factor), view.FactorSource, view.Model);
}
