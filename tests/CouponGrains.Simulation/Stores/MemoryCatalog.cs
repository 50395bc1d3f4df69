using System.Runtime.CompilerServices;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Simulation.Stores;

/// <summary>The catalog of one offline run, in memory.</summary>
public sealed class MemoryCatalog : ICatalogStore
{
    private readonly SortedDictionary<ItemId, Item> _items = [];
    private long _stamp;

    /// <summary>A catalog of <paramref name="items"/>.</summary>
    public MemoryCatalog(IEnumerable<Item> items) => Add(items);

    /// <inheritdoc/>
    public Task Put(IReadOnlyList<Item> items, CancellationToken cancel)
    {
        Add(items);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Item>> Get(IReadOnlyCollection<ItemId> ids, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Item>>([.. ids.Where(_items.ContainsKey).Select(i => _items[i])]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Item> ReadAll([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        foreach (var item in _items.Values)
        {
            cancel.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    /// <inheritdoc/>
    public Task<long> Stamp(CancellationToken cancel) => Task.FromResult(_stamp);

    private void Add(IEnumerable<Item> items)
    {
        foreach (var item in items)
        {
            _items[item.Id] = item;
        }

        _stamp++;
    }
}
