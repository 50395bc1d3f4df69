using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Audit;
using CouponGrains.Grains.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Campaigns;

/// <summary>One campaign: the gate to its rules, and the place from which its waves go out.</summary>
[ServeRole, GrainType("campaign")]
internal sealed partial class CampaignGrain(
    [PersistentState("campaign-waves", GrainsHosting.StorageName)] IPersistentState<WavesState> state,
    ICampaignStore store,
    ILedger ledger,
    ICodeStore codes,
    IUserStore users,
    IReplica replica,
    ReplicaHints hints,
    IApprovalStore approvals,
    AuditDesk audit,
    TimeProvider time,
    IOptions<GrainsOptions> options,
    ILogger<CampaignGrain> log) : Grain, ICampaignGrain
{
    private const int OffersMax = 1_000;
    private static readonly TimeSpan WavePause = TimeSpan.FromMilliseconds(20);

    private const int FailuresMax = 60;
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private IGrainTimer? _waves;
    private int _failures;

    private CampaignId Id => new(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancel)
    {
        GoOn();
        GoOnWithCodes(await codes.Batches(Id, cancel));
    }

    public async Task<Answer<Campaign>> Put(Campaign campaign, CancellationToken cancel)
    {
        if (campaign.Id != Id)
        {
            return new Refusal(RefusalCodes.InvalidId, "The campaign names another id.", "/id");
        }

        var stored = await store.Get(Id, cancel);
        if (stored is not null && campaign.Status != stored.Status)
        {
            return new Refusal(RefusalCodes.InvalidValue, "The status is moved apart from the rest.", "/status");
        }

        if (stored is not null && CampaignRules.Check(campaign) is null
            && await Barred(stored, campaign, cancel) is { } refusal)
        {
            return refusal;
        }

        return await Save(stored, campaign, cancel);
    }

    public async Task<Answer<Campaign>> Create(TemplateOrder order, CancellationToken cancel)
    {
        if (order.Id != Id)
        {
            return new Refusal(RefusalCodes.InvalidId, "The order names another id.", "/id");
        }

        await replica.Refresh(cancel);
        var (campaign, offers, refusal) = CampaignTemplates.Make(order, replica.Current.Catalog, time.GetUtcNow());
        if (campaign is null)
        {
            return refusal!;
        }

        // A draft without its offers is one whose creation was cut off: it is finished.
        var stored = await store.Get(Id, cancel);
        var begun = stored is { Status: CampaignStatus.Draft, Revision: 1 } && stored.Name == campaign.Name
            && (await store.Offers(Id, cancel)).Count == 0;
        if (stored is not null && !begun)
        {
            return new Refusal(RefusalCodes.AlreadyExists, $"There is a campaign {Id} already.", "/id");
        }

        foreach (var offer in offers)
        {
            if (await store.GetOffer(offer.Id, cancel) is not null)
            {
                return new Refusal(RefusalCodes.AlreadyExists, $"There is an offer {offer.Id} already.", "/id");
            }
        }

        var saved = stored ?? await Save(null, campaign, cancel);
        if (saved.Succeeded)
        {
            await store.AddOffers(offers, cancel, Added(offers, waiting: false));
            await hints.Tell(cancel);
        }

        return saved;
    }

    public async Task<Answer<Campaign>> SetStatus(CampaignStatus status, CancellationToken cancel) =>
        await store.Get(Id, cancel) is { } stored ? await Move(stored, status, cancel) : Unknown();

    public async Task<Answer<Campaign>> SetStatusOf(int revision, CampaignStatus status, CancellationToken cancel) =>
        await store.Get(Id, cancel) is not { } stored ? Unknown()
        : stored.Revision == revision ? await Move(stored, status, cancel)
        : new Refusal(
            RefusalCodes.RevisionChanged, $"The campaign is at revision {stored.Revision} now; read it again.");

    public async Task<Answer<CampaignView>> Show(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { } campaign)
        {
            return Unknown();
        }

        var use = await ledger.Budget(Id, cancel) ?? new(campaign.Budget, Money.Zero(campaign.Budget.Currency), 0, 0);
        return new CampaignView(campaign, use, [.. await store.Offers(Id, cancel)]);
    }

    public async Task<IReadOnlyList<Refusal?>> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel)
    {
        if (offers.Count > OffersMax)
        {
            return All(offers, new(
                RefusalCodes.BatchTooLarge, $"A batch has at most {OffersMax} offers, but had {offers.Count}."));
        }

        if (await store.Get(Id, cancel) is not { } campaign)
        {
            return All(offers, Unknown());
        }

        await replica.Refresh(cancel); // The margin floor is checked over the catalog as it is now.
        var catalog = replica.Current.Catalog;
        var taken = (await store.Offers(Id, cancel)).Select(o => o.Id).ToHashSet();
        var refusals = new Refusal?[offers.Count];
        for (var i = 0; i < refusals.Length; i++)
        {
            var offer = offers[i];
            refusals[i] = offer.Campaign != Id
                ? new(RefusalCodes.InvalidId, "The offer names another campaign.", "/campaign")
                : CampaignRules.Check(campaign, offer, catalog) ?? await Existing(offer.Id, taken, cancel);
        }

        var accepted = offers.Where((_, i) => refusals[i] is null)
            .ToLookup(o => campaign.Approval == OfferApproval.Review && o.Source == OfferSource.Generated);
        Offer[] held = [.. accepted[true]], added = [.. accepted[false]];
        await store.HoldOffers(held, cancel, Added(held, waiting: true));
        if (added.Length > 0)
        {
            await store.AddOffers(added, cancel, Added(added, waiting: false));
            await hints.Tell(cancel);
        }

        return refusals;
    }

    public async Task<Answer<Offer>> WithdrawOffer(OfferId offer, CancellationToken cancel)
    {
        if (await store.GetOffer(offer, cancel) is not { } stored || stored.Campaign != Id)
        {
            return new Refusal(RefusalCodes.UnknownOffer, $"Campaign {Id} has no offer {offer}.");
        }

        await store.WithdrawOffer(offer, cancel, Entry(AuditActions.OfferWithdraw, offer));
        await hints.Tell(cancel);
        return stored;
    }

    public async Task<Answer<PushWave>> Push(string wave, CancellationToken cancel)
    {
        if (state.State.Waves.FirstOrDefault(w => w.Name == wave) is { } known)
        {
            return known.View;
        }

        if (!IdRules.IsValid(wave))
        {
            return new Refusal(RefusalCodes.InvalidId, "A wave has a name of 1 to 128 characters.", "/wave");
        }

        if (await store.Get(Id, cancel) is not { } campaign)
        {
            return Unknown();
        }

        if (!IsOpen(campaign))
        {
            return new Refusal(RefusalCodes.CampaignNotActive, $"Campaign {Id} is not active now.");
        }

        var begun = new WaveState { Name = wave };
        await audit.Around(
            audit.Entry(AuditActions.CampaignPush, AuditTargets.Campaign(Id), AuditDesk.Told("/wave", wave)),
            async () => await Save(state.State.With(begun)));
        CampaignsLog.WaveBegan(log, wave, Id.Value);
        GoOn();
        return begun.View;
    }

    public Task<Answer<PushWave>> Wave(string wave, CancellationToken cancel) => Task.FromResult<Answer<PushWave>>(
        state.State.Waves.FirstOrDefault(w => w.Name == wave) is { } known
            ? known.View
            : new Refusal(RefusalCodes.UnknownWave, $"There is no wave {wave}."));

    /// <summary>A refusal if a change leaves offers in force that it does not allow. Another currency is the store's to
    /// refuse, which knows of withdrawn offers too.</summary>
    private async Task<Refusal?> Barred(Campaign? stored, Campaign campaign, CancellationToken cancel)
    {
        if (stored is null || campaign.Budget.Currency != stored.Budget.Currency || campaign.Revision != stored.Revision + 1)
        {
            return null;
        }

        await replica.Refresh(cancel);
        return CampaignRules.CheckChange(
            stored, campaign, await store.Offers(Id, cancel), replica.Current.Catalog);
    }

    /// <summary>Moves the status of the revision that was read, of no later one.</summary>
    private async Task<Answer<Campaign>> Move(Campaign stored, CampaignStatus status, CancellationToken cancel)
    {
        var allowed = (stored.Status, status) switch
        {
            (CampaignStatus.Archived, _) or (_, CampaignStatus.Draft) => false,
            (CampaignStatus.Draft, CampaignStatus.Paused) => false,
            _ => Enum.IsDefined(status),
        };
        if (stored.Status == status || !allowed)
        {
            return allowed || stored.Status == status
                ? stored
                : new Refusal(RefusalCodes.InvalidValue, $"A campaign that is {stored.Status} cannot become {status}.", "/status");
        }

        return await Save(stored, stored with { Status = status, Revision = stored.Revision + 1 }, cancel);
    }

    private async Task<Answer<Campaign>> Save(Campaign? stored, Campaign campaign, CancellationToken cancel)
    {
        if (CampaignRules.Check(campaign) is { } refusal)
        {
            return refusal;
        }

        var revision = stored?.Revision ?? 0;
        if (campaign.Revision == revision + 1 && ApprovalRules.IsNeeded(stored, campaign, options.Value.ApprovalAbove))
        {
            return await Ask(stored, campaign, cancel);
        }

        if (campaign.Revision != revision + 1 || !await store.Put(campaign, cancel, Change(stored, campaign)))
        {
            return new Refusal(
                RefusalCodes.VersionConflict, $"The stored revision is {revision}; send the one after it.", "/revision");
        }

        await Changed(cancel);
        return campaign;
    }

    /// <summary>A refusal if the id is taken, by an offer of any campaign or by one before it in the batch.</summary>
    private async Task<Refusal?> Existing(OfferId id, HashSet<OfferId> taken, CancellationToken cancel) =>
        !taken.Add(id) || await store.GetOffer(id, cancel) is not null
            ? new(RefusalCodes.AlreadyExists, $"There is an offer {id} already.", "/id")
            : null;

    /// <summary>Lets the waves that are not done go on, beside the grain's other work.</summary>
    private void GoOn()
    {
        if (state.State.Waves.Any(w => !w.Done))
        {
            _waves ??= this.RegisterGrainTimer(Step, new GrainTimerCreationOptions(TimeSpan.Zero, WavePause)
            {
                KeepAlive = true,
                Interleave = true,
            });
        }
    }

    /// <summary>One batch of the oldest wave that is not done.</summary>
    private async Task Step(CancellationToken cancel)
    {
        var wave = state.State.Waves.FirstOrDefault(w => !w.Done);
        var campaign = wave is null ? null : await store.Get(Id, cancel);
        if (wave is null || campaign is { Status: CampaignStatus.Paused })
        {
            _waves?.Dispose();
            _waves = null;
            return;
        }

        var batch = campaign is not null && IsOpen(campaign)
            ? await users.ReadAll(wave.After, cancel).Take(options.Value.WaveBatch).Select(u => u.Id).ToArrayAsync(cancel)
            : [];
        var issues = new List<Answer<Coupon>?>();
        foreach (var chunk in batch.Chunk(options.Value.WaveParallel))
        {
            issues.AddRange(await Task.WhenAll(chunk.Select(user => Issue(user, wave, cancel))));
        }

        if (MustRepeat(issues))
        {
            return;
        }

        var next = wave with
        {
            After = batch.Length > 0 ? batch[^1] : wave.After,
            Seen = wave.Seen + batch.Length,
            Issued = wave.Issued + issues.Count(answer => answer is { Succeeded: true }),
            Done = batch.Length < options.Value.WaveBatch,
        };
        await Save(state.State.With(next));
        if (next.Done)
        {
            CampaignsLog.WaveEnded(log, next.Name, Id.Value, next.Seen, next.Issued);
        }
    }

    /// <summary>True if the batch shall be tried again, which gives nobody a second coupon: the campaign was paused
    /// meanwhile, or a user could not be asked because a silo went. After many tries such users are passed
    /// over.</summary>
    private bool MustRepeat(List<Answer<Coupon>?> issues)
    {
        var paused = issues.Any(answer => answer?.Refusal?.Code == RefusalCodes.CampaignNotActive);
        var failed = issues.Any(answer => answer is null) && ++_failures < FailuresMax;
        if (failed)
        {
            _waves?.Change(FailurePause, WavePause);
        }
        else
        {
            _failures = 0;
        }

        return paused || failed;
    }

    /// <summary>The user's answer; null if he could not be asked.</summary>
    private async Task<Answer<Coupon>?> Issue(UserId user, WaveState wave, CancellationToken cancel)
    {
        try
        {
            return await GrainFactory.GetGrain<IUserGrain>(user.Value).Issue(new(wave.IssueKey(Id), Id), cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            CampaignsLog.WaveFailed(log, wave.Name, Id.Value, _failures, e);
            return null;
        }
    }

    /// <summary>Stores the waves. The timer and a call may both be here: Orleans writes one after the other, the latest
    /// state each time, as long as no token is passed that can cancel.</summary>
    private async Task Save(WavesState next)
    {
        try
        {
            state.State = next;
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private bool IsOpen(Campaign campaign) => campaign.Status == CampaignStatus.Active
        && campaign.Start <= time.GetUtcNow() && time.GetUtcNow() < campaign.End;

    private Refusal Unknown() => new(RefusalCodes.UnknownCampaign, $"There is no campaign {Id}.");

    private static Refusal?[] All(IReadOnlyList<Offer> offers, Refusal refusal)
    {
        var refusals = new Refusal?[offers.Count];
        Array.Fill(refusals, refusal);
        return refusals;
    }
}
