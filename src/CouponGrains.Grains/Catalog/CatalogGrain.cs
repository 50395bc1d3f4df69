using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CouponGrains.Contracts;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Grains.Audit;
using CouponGrains.Grains.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Catalog;

/// <summary>A shard of the catalog: the one writer of its items and of what users tell of the new ones. Silos see new
/// items with their next poll; a hint for each of the many batches of an import would have every silo read the catalog
/// again and again.</summary>
[ServeRole, GrainType("catalog")]
internal sealed class CatalogGrain(
    ICatalogStore store, IReplica replica, AuditDesk audit, IOptions<GrainsOptions> options, ILogger<CatalogGrain> log)
    : Grain, ICatalogGrain
{
    private const int BatchMax = 1_000;

    private readonly EvidenceBook _evidence = new(store);
    private IGrainTimer? _saving;

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancel)
    {
        if (_evidence.HasUnsaved)
        {
            await Save(cancel);
        }
    }

    public async Task<IReadOnlyList<Refusal?>> Put(IReadOnlyList<Item> items, CancellationToken cancel)
    {
        var refusals = items.Select(item => Check(item, items.Count)).ToArray();
        var accepted = items.Where((_, i) => refusals[i] is null).ToArray();
        if (accepted.Length > 0)
        {
            await store.Put(accepted, cancel, audit.Entry(
                AuditActions.ItemsPut, AuditTargets.Items, AuditDesk.Told("/count", accepted.Length)));
        }

        return refusals;
    }

    public async Task<Answer<ItemView>> Get(ItemId item, CancellationToken cancel)
    {
        if (await store.Get([item], cancel) is not [var found])
        {
            return Unknown(item);
        }

        var model = replica.Current.Model;
        var row = model?.Factors.RowOf(item) ?? -1;
        var factor = row < 0 ? [] : MemoryMarshal.AsBytes(model!.Factors.Row(row)).ToArray();
        return new ItemView(
            found, factor, model?.Version ?? ModelVersion.None, model?.Factors.SourceOf(item) ?? FactorSource.None);
    }

    public Task<IReadOnlyList<SimilarItem>> Similar(ItemId item, int count, CancellationToken cancel)
    {
        var factors = replica.Current.Model?.Factors;
        var row = factors?.RowOf(item) ?? -1;
        IReadOnlyList<SimilarItem> similar = factors is not null && row >= 0
            ? Nearest(factors, row, Math.Clamp(count, 0, 1_000))
            : [];
        return Task.FromResult(similar);
    }

    /// <summary>A touch that does not fit the model that this silo holds says nothing: the two silos follow a change at
    /// different moments.</summary>
    public async Task Touch(ItemTouch touch)
    {
        var model = replica.Current.Model;
        var taste = MemoryMarshal.Cast<byte, float>(touch.Taste).ToArray();
        if (model is null || touch.Model != model.Version || model.Factors.SourceOf(touch.Item) == FactorSource.Trained
            || taste.Length != model.Factors.Rank || !TensorPrimitives.IsFiniteAll<float>(taste) || !double.IsFinite(touch.Step)
            || CatalogShards.Of(touch.Item) != this.GetPrimaryKeyLong())
        {
            return;
        }

        await _evidence.Add(touch.Item, model.Version, taste, (float)touch.Step, CancellationToken.None);
        PlanSaving();
    }

    private void PlanSaving() => _saving ??=
        this.RegisterGrainTimer(Save, options.Value.EvidencePeriod, Timeout.InfiniteTimeSpan);

    private async Task Save(CancellationToken cancel)
    {
        _saving?.Dispose();
        _saving = null;
        try
        {
            // Letting the timer go has cancelled its token.
            await _evidence.Save(CancellationToken.None);
        }
        catch (Exception e)
        {
            CatalogLog.EvidenceFailed(log, e);
            PlanSaving();
        }
    }

    private Refusal? Check(Item item, int batch)
    {
        if (batch > BatchMax)
        {
            return new(RefusalCodes.BatchTooLarge, $"A batch has at most {BatchMax} items, but had {batch}.");
        }

        return CatalogShards.Of(item.Id) == this.GetPrimaryKeyLong()
            ? ItemRules.Check(item)
            : new(RefusalCodes.InvalidId, $"Item {item.Id} belongs to shard {CatalogShards.Of(item.Id)}.", "/id");
    }

    /// <summary>The rows with the largest cosine, best first, ties by item; O(items · k). Items that nobody touched are
    /// passed over: by their rows they are like the whole category.</summary>
    private static SimilarItem[] Nearest(ItemFactors factors, int row, int count)
    {
        var best = new PriorityQueue<int, (float Cosine, int Row)>(
            Comparer<(float Cosine, int Row)>.Create((a, b) => a.Cosine == b.Cosine ? b.Row - a.Row : a.Cosine.CompareTo(b.Cosine)));
        for (var other = 0; other < factors.Items.Count; other++)
        {
            var cosine = other == row || factors.IsUntouched(other) ? float.NaN : factors.Cosine(row, other);
            if (!float.IsNaN(cosine))
            {
                best.Enqueue(other, (cosine, other));
                if (best.Count > count)
                {
                    best.Dequeue();
                }
            }
        }

        var found = new SimilarItem[best.Count];
        for (var i = found.Length - 1; best.TryDequeue(out var other, out var rank); i--)
        {
            found[i] = new(factors.Items[other], rank.Cosine, factors.IsProvisional(other));
        }

        return found;
    }

    private static Refusal Unknown(ItemId item) => new(RefusalCodes.UnknownItem, $"There is no item {item}.");
}
