using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Grains.Catalog;

/// <summary>What users tell of a shard's new items under the model in force: added up in memory, written now and then.
/// What was written may be forgotten and is read again.</summary>
internal sealed class EvidenceBook(ICatalogStore store)
{
    private const int KeptMax = 1_000;

    private readonly Dictionary<ItemId, ItemEvidence> _items = [];
    private readonly HashSet<ItemId> _unsaved = [];
    private ModelVersion _model;

    /// <summary>True if something is not written yet.</summary>
    public bool HasUnsaved => _unsaved.Count > 0;

    /// <summary>Adds one event. What was told under another model is forgotten.</summary>
    public async Task Add(ItemId item, ModelVersion model, float[] taste, float step, CancellationToken cancel)
    {
        if (model != _model)
        {
            _items.Clear();
            _unsaved.Clear();
            _model = model;
        }

        if (!_items.TryGetValue(item, out var known))
        {
            known = await store.GetEvidence(item, model, cancel) ?? ItemEvidence.None(item, model, taste.Length);
        }

        _items[item] = known.Add(taste, step);
        _unsaved.Add(item);
    }

    /// <summary>Writes what is not written yet.</summary>
    public async Task Save(CancellationToken cancel)
    {
        await store.PutEvidence([.. _unsaved.Select(item => _items[item])], cancel);
        _unsaved.Clear();
        if (_items.Count > KeptMax)
        {
            _items.Clear();
        }
    }
}
