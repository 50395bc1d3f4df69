using System.Collections.Frozen;
using System.Threading.Channels;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Models;

/// <summary>Keeps the silo's copy current: polls the stores (the truth), sooner when hinted, loads what changed and
/// swaps one reference. A model that cannot be read leaves the one before it in force. What users tell of new items is
/// looked at with any other change and otherwise every <see cref="GrainsOptions.EvidencePeriod"/>: it changes with
/// every event on them, and each time all offers are embedded anew.</summary>
internal sealed class ModelReplica(
    IModelStore models,
    ICampaignStore campaigns,
    ICatalogStore catalog,
    TimeProvider time,
    IOptions<GrainsOptions> options,
    ModelInstruments instruments,
    ILogger<ModelReplica> log) : BackgroundService, IReplica
{
    private readonly Channel<TaskCompletionSource> _hints = Channel.CreateUnbounded<TaskCompletionSource>();
    private volatile Copy _copy = Copy.Empty;
    private volatile bool _ready;
    private ModelVersion _unreadable;
    private ModelManifest? _manifest;
    private int _generation;
    private long _evidenceSeen;
    private volatile bool _asked = true;

    public OfferIndex Current => _copy.Index;

    public ModelSnapshot? Trained => _copy.Model;

    public bool IsReady => _ready;

    public Offer? Find(OfferId offer) => _copy.Offers.GetValueOrDefault(offer);

    public Task Refresh(CancellationToken cancel)
    {
        var hint = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _unreadable = ModelVersion.None;
        _asked = true;
        return _hints.Writer.TryWrite(hint) ? hint.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    /// <summary>The silo begins with what is stored: no request is answered from an empty copy.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Refreshed(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        var poll = options.Value.ReplicaPoll;
        await using var timer = time.CreateTimer(_ => _hints.Writer.TryWrite(new()), null, TimeSpan.Zero, poll);
        var waiting = new List<TaskCompletionSource>();
        while (await _hints.Reader.WaitToReadAsync(stop))
        {
            while (_hints.Reader.TryRead(out var hint))
            {
                waiting.Add(hint);
            }

            await Refreshed(stop);
            waiting.ForEach(hint => hint.TrySetResult());
            waiting.Clear();
        }
    }

    private async Task Refreshed(CancellationToken cancel)
    {
        try
        {
            await Load(cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            ModelsLog.RefreshFailed(log, e);
            instruments.Looked("failed");
        }
    }

    private async Task Load(CancellationToken cancel)
    {
        var old = _copy;
        var version = await models.Current(cancel);
        var model = version == old.ModelVersion ? old.Model : await Model(version, old, cancel);
        var stamps = old.Stamps with { Campaigns = await campaigns.Stamp(cancel), Catalog = await catalog.Stamp(cancel) };
        stamps = stamps with { Evidence = await EvidenceStamp(old, model != old.Model || stamps != old.Stamps, cancel) };
        if (model == old.Model && stamps == old.Stamps)
        {
            _ready |= version == old.ModelVersion;
            instruments.Looked("current");
            return;
        }

        var items = stamps.Catalog == old.Stamps.Catalog ? old.Index.Catalog : await Items(cancel);
        var offers = stamps.Campaigns == old.Stamps.Campaigns ? old.Campaigns : await Offers(cancel);
        var news = model == old.Model && items == old.Index.Catalog ? old.News
            : model is null ? null : new ProvisionalFactors(model, items);
        var extended = news == old.News && stamps.Evidence == old.Stamps.Evidence
            ? old.Index.Model
            : await Extended(news, model, cancel);
        var index = OfferIndex.Build(extended, offers, items, options.Value.ShopCaps);
        var held = model?.Version ?? ModelVersion.None;
        _copy = new(index, model, news, stamps, offers, index.Offers.ToFrozenDictionary(o => o.Id));
        _ready |= version == held;
        ModelsLog.Refreshed(log, held.Number, index.Offers.Count, items.Count);
        instruments.Holds(model is null ? null : _manifest, index.Offers.Count, items.Count);
        instruments.Looked("changed");
    }

    private async Task<long> EvidenceStamp(Copy old, bool anyway, CancellationToken cancel)
    {
        if (!anyway && !_asked && time.GetElapsedTime(_evidenceSeen) < options.Value.EvidencePeriod)
        {
            return old.Stamps.Evidence;
        }

        _asked = false;
        _evidenceSeen = time.GetTimestamp();
        return await catalog.EvidenceStamp(cancel);
    }

    /// <summary>The model with rows for the items that came after it; each time of another generation, so that tastes
    /// are folded anew.</summary>
    private async Task<ModelSnapshot?> Extended(ProvisionalFactors? news, ModelSnapshot? model, CancellationToken cancel)
    {
        if (news is null || model is null)
        {
            return null;
        }

        var evidence = new List<ItemEvidence>();
        await foreach (var one in catalog.ReadEvidence(model.Version, cancel))
        {
            evidence.Add(one);
        }

        return news.Extend(evidence, ++_generation);
    }

    /// <summary>The model of a version; the old one if it cannot be read.</summary>
    private async Task<ModelSnapshot?> Model(ModelVersion version, Copy old, CancellationToken cancel)
    {
        if (version == ModelVersion.None || version == _unreadable)
        {
            return version == ModelVersion.None ? null : old.Model;
        }

        try
        {
            var artifact = await StoredModel.Read(models, version, cancel);
            var model = ModelArtifact.Read(artifact, version);
            if (model.Response is { } response && !response.Fits(model.Factors.Rank))
            {
                ModelsLog.ResponseUnfit(log, version.Number);
            }

            _manifest = await StoredModel.Manifest(models, version, cancel);
            return model;
        }
        catch (RefusedException refused)
        {
            _unreadable = version;
            instruments.Looked("refused");
            ModelsLog.ModelRefused(log, version.Number, refused.Refusal.Code, refused.Refusal.Detail, old.ModelVersion.Number);
            return old.Model;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // It may pass, so the next look tries again; the campaigns and the catalog do not wait for it.
            ModelsLog.ModelUnreadable(log, version.Number, old.ModelVersion.Number, e);
            return old.Model;
        }
    }

    private async Task<CatalogIndex> Items(CancellationToken cancel)
    {
        var items = new List<Item>();
        await foreach (var item in catalog.ReadAll(cancel))
        {
            items.Add(item);
        }

        return new(items);
    }

    private async Task<IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)>> Offers(CancellationToken cancel)
    {
        var active = new List<(Campaign Campaign, IReadOnlyList<Offer> Offers)>();
        foreach (var campaign in await campaigns.List(cancel))
        {
            if (campaign.Status == CampaignStatus.Active)
            {
                active.Add((campaign, await campaigns.Offers(campaign.Id, cancel)));
            }
        }

        return active;
    }

    /// <summary>The state of the stores that a copy is of.</summary>
    private readonly record struct Stamps(long Campaigns, long Catalog, long Evidence);

    private sealed record Copy(
        OfferIndex Index,
        ModelSnapshot? Model,
        ProvisionalFactors? News,
        Stamps Stamps,
        IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)> Campaigns,
        FrozenDictionary<OfferId, Offer> Offers)
    {
        public static Copy Empty { get; } =
            new(OfferIndex.Empty, null, null, new(-1, -1, -1), [], FrozenDictionary<OfferId, Offer>.Empty);

        /// <summary>The version of the model as trained.</summary>
        public ModelVersion ModelVersion => Model?.Version ?? ModelVersion.None;
    }
}
