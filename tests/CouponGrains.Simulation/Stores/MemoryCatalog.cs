using System.Runtime.CompilerServices;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Simulation.Stores;

/// <summary>The catalog of one offline run, in memory.</summary>
public sealed class MemoryCatalog : ICatalogStore
{
    private readonly SortedDictionary<ItemId, Item> _items = [];
    private SortedDictionary<ItemId, ItemEvidence> _evidence = [];
    private long _stamp;
    private long _evidenceStamp;

    /// <summary>A catalog of <paramref name="items"/>.</summary>
    public MemoryCatalog(IEnumerable<Item> items) => Add(items);

    /// <inheritdoc/>
    public Task Put(IReadOnlyList<Item> items, CancellationToken cancel, AuditEntry? audit = null)
    {
        Add(items);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Item>> Get(IReadOnlyCollection<ItemId> ids, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Item>>([.. ids.Where(_items.ContainsKey).Select(i => _items[i])]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Item> ReadAll(ItemId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        foreach (var item in _items.Values.Where(i => after is not { } id || i.Id.CompareTo(id) > 0))
        {
            cancel.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    /// <inheritdoc/>
    public Task<long> Stamp(CancellationToken cancel) => Task.FromResult(_stamp);

    /// <inheritdoc/>
    public Task PutEvidence(IReadOnlyList<ItemEvidence> evidence, CancellationToken cancel)
    {
        if (evidence.Count > 0)
        {
            _evidence = new(_evidence.Where(e => e.Value.Model == evidence[0].Model).ToDictionary());
            foreach (var one in evidence)
            {
                _evidence[one.Item] = one;
            }

            _evidenceStamp++;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ItemEvidence?> GetEvidence(ItemId item, ModelVersion model, CancellationToken cancel) =>
        Task.FromResult(_evidence.GetValueOrDefault(item) is { } known && known.Model == model ? known : null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ItemEvidence> ReadEvidence(ModelVersion model, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        foreach (var evidence in _evidence.Values.Where(e => e.Model == model))
        {
            cancel.ThrowIfCancellationRequested();
            yield return evidence;
        }
    }

    /// <inheritdoc/>
    public Task<long> EvidenceStamp(CancellationToken cancel) => Task.FromResult(_evidenceStamp);

    private void Add(IEnumerable<Item> items)
    {
        foreach (var item in items)
        {
            _items[item.Id] = item;
        }

        _stamp++;
    }
}
