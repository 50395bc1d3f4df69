using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Contracts.Catalog;

/// <summary>A shard of the catalog. The key is <see cref="CatalogShards.Of"/> the item.</summary>
[Alias("cg.catalog"), GrainInterfaceType("cg.catalog")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Creates or replaces items of this shard, at most 1000. Answers a refusal, or null, for each, in the order
    /// given; the accepted ones are durable.</summary>
    [Alias("put")]
    Task<IReadOnlyList<Refusal?>> Put(IReadOnlyList<Item> items, CancellationToken cancel = default);

    /// <summary>An item with its factor row under the model in force; refused if unknown.</summary>
    [Alias("get")]
    Task<Answer<ItemView>> Get(ItemId item, CancellationToken cancel = default);

    /// <summary>Items whose factor rows point the same way, best first.</summary>
    [Alias("similar")]
    Task<IReadOnlyList<SimilarItem>> Similar(ItemId item, int count, CancellationToken cancel = default);
}

/// <summary>An item and what the model knows of it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Factor">Its row of V, little-endian 32-bit floats; empty if the model does not know it.</param>
/// <param name="Model">The model.</param>
[GenerateSerializer, Immutable, Alias("cg.item-view")]
public sealed record ItemView([property: Id(0)] Item Item, [property: Id(1)] byte[] Factor, [property: Id(2)] ModelVersion Model);

/// <summary>An item of like factor.</summary>
/// <param name="Item">The item.</param>
/// <param name="Cosine">The cosine of the two rows.</param>
[GenerateSerializer, Immutable, Alias("cg.similar-item")]
public sealed record SimilarItem([property: Id(0)] ItemId Item, [property: Id(1)] double Cosine);
