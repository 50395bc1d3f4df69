using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using Orleans.Concurrency;

namespace CouponGrains.Contracts.Catalog;

/// <summary>A shard of the catalog. The key is <see cref="CatalogShards.Of"/> the item.</summary>
[Alias("cg.catalog"), GrainInterfaceType("cg.catalog")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Creates or replaces items of this shard, at most 1000. Answers a refusal, or null, for each, in the
    /// order given; the accepted ones are durable.</summary>
    [Alias("put")]
    Task<IReadOnlyList<Refusal?>> Put(IReadOnlyList<Item> items, CancellationToken cancel = default);

    /// <summary>An item with its factor row under the model in force; refused if unknown.</summary>
    [Alias("get")]
    Task<Answer<ItemView>> Get(ItemId item, CancellationToken cancel = default);

    /// <summary>Items whose factor rows point the same way, best first.</summary>
    [Alias("similar")]
    Task<IReadOnlyList<SimilarItem>> Similar(ItemId item, int count, CancellationToken cancel = default);

    /// <summary>A user touched an item that the model was trained without: what his taste tells of it. Not waited for,
    /// and nothing is lost but his part if it is lost.</summary>
    [Alias("touch"), OneWay]
    Task Touch(ItemTouch touch);
}

/// <summary>What an event tells of a new item.</summary>
/// <param name="Item">The item.</param>
/// <param name="Model">The model of the taste; under another one the touch says nothing.</param>
/// <param name="Taste">u of the items trained on, little-endian 32-bit floats.</param>
/// <param name="Step">The step of the user's entry r for the item.</param>
[GenerateSerializer, Immutable, Alias("cg.item-touch")]
public sealed record ItemTouch(
    [property: Id(0)] ItemId Item, [property: Id(1)] ModelVersion Model, [property: Id(2)] byte[] Taste,
    [property: Id(3)] double Step);

/// <summary>An item and what the model knows of it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Factor">Its row of F, little-endian 32-bit floats; empty if there is none.</param>
/// <param name="Model">The model.</param>
/// <param name="FactorSource">Where the row comes from.</param>
[GenerateSerializer, Immutable, Alias("cg.item-view")]
public sealed record ItemView(
    [property: Id(0)] Item Item, [property: Id(1)] byte[] Factor, [property: Id(2)] ModelVersion Model,
    [property: Id(3)] FactorSource FactorSource);

/// <summary>An item of like factor.</summary>
/// <param name="Item">The item.</param>
/// <param name="Cosine">The cosine of the two rows.</param>
/// <param name="Provisional">True if it came after training: its row stands in for a trained one.</param>
[GenerateSerializer, Immutable, Alias("cg.similar-item")]
public sealed record SimilarItem(
    [property: Id(0)] ItemId Item, [property: Id(1)] double Cosine, [property: Id(2)] bool Provisional);
