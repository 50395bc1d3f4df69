using System.Runtime.InteropServices;
using System.Text.Json;
using CouponGrains.Contracts;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Events;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Audit;
using CouponGrains.Grains.Coupons;
using CouponGrains.Grains.Events;
using CouponGrains.Grains.Experiments;
using CouponGrains.Grains.Models;
using CouponGrains.Grains.Ranking;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Profiles;

/// <summary>One user. The event log and the ledger are the truth; here live the profile and the taste that follow from
/// them.</summary>
[ServeRole, GrainType("user")]
internal sealed partial class UserGrain : Grain, IUserGrain
{
    private readonly IPersistentState<UserState> _state;
    private readonly IEventLog _log;
    private readonly IUserStore _users;
    private readonly AuditDesk _audit;
    private readonly IReplica _replica;
    private readonly TimeProvider _time;
    private readonly Instruments _instruments;
    private readonly GrainsOptions _options;
    private readonly ILogger<UserGrain> _logger;
    private readonly UserId _user;
    private readonly LiveProfile _live;
    private readonly CouponDesk _desk;
    private readonly FeedbackDesk _feedback;
    private readonly ExposureDesk _exposures;
    private readonly ChangeSignal _changes;
    private readonly RememberedOffers _remembered;
    private IGrainTimer? _snapshots;

    public UserGrain(
        [PersistentState("user-profile", GrainsHosting.StorageName)] IPersistentState<UserState> state,
        IEventLog log, IUserStore users, AuditDesk audit, CouponPorts coupons, IReplica replica, RememberedOffers remembered,
        TimeProvider time, IOptions<GrainsOptions> options, Instruments instruments, ILogger<UserGrain> logger)
    {
        _remembered = remembered;
        (_state, _log, _users, _audit, _replica, _time) = (state, log, users, audit, replica, time);
        (_options, _instruments, _logger) = (options.Value, instruments, logger);
        _user = new(this.GetPrimaryKeyString());
        _live = new(_user, log, users, replica, time, instruments.Profiles);
        _desk = new(_user, coupons, replica, _live, time);
        _feedback = new(coupons.Ledger, replica, coupons.Feedback, time);
        _exposures = new(_user, log, time);
        _changes = new(replica, time);
    }

    public override async Task OnActivateAsync(CancellationToken cancel)
    {
        await _live.Load(_state.State.Profile, cancel);
        _state.State = UserState.Blank;
        PlanSnapshot();
        _instruments.Profiles.Woke();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancel)
    {
        _instruments.Profiles.Slept();
        if (_live.Unsaved > 0)
        {
            await Save(cancel);
        }
    }

    public async Task<IReadOnlyList<RecordAnswer>> Record(IReadOnlyList<UserEvent> events, CancellationToken cancel)
    {
        var answers = EventDesk.Check(_user, events, _time.GetUtcNow());
        await _feedback.Check(answers, events, cancel);
        var accepted = events.Where((_, i) => answers[i].Refusal is null).ToArray();
        if (accepted.Length > 0)
        {
            var results = await Settled(() => _log.Append(accepted, cancel), cancel);
            EventDesk.Fill(answers, results);
        }

        _instruments.Events.Recorded(events, answers);
        _feedback.Count(answers, events);
        return answers;
    }

    public async Task<Answer<UserRecord>> Describe(UserRecord record, CancellationToken cancel)
    {
        if (record.Id != _user || UserRules.Check(record) is not null)
        {
            return UserRules.Check(record) ?? new Refusal(RefusalCodes.InvalidId, "The record names another user.", "/id");
        }

        await OrDeactivate(async () =>
        {
            await _users.Put([record], cancel);
            return true;
        });
        _live.Describe(record);
        return record;
    }

    public async Task<Answer<UserView>> Show(CancellationToken cancel)
    {
        if (!_live.IsKnown)
        {
            return new Refusal(RefusalCodes.UnknownUser, "This user was never seen.");
        }

        var profile = _live.Profile;
        var model = _replica.Current.Model;
        var taste = await _live.Taste(model, cancel);
        profile = _live.Profile;
        return new UserView
        {
            Record = profile.Record,
            Kinds = new Dictionary<EventKind, Activity>(profile.Kinds),
            Categories = new Dictionary<string, Activity>(profile.Categories),
            Spent = profile.SpentMinor.Select(s => new Money(s.Value, s.Key)).ToArray(),
            Dwell = profile.Dwell,
            Orders = profile.Orders,
            Recent = profile.Recent.ToArray(),
            Taste = taste is null ? [] : MemoryMarshal.AsBytes<float>(taste.Values).ToArray(),
            Model = model?.Version ?? ModelVersion.None,
        };
    }

    public async Task<OffersAnswer> Offers(OffersQuery query, CancellationToken cancel)
    {
        var index = _replica.Current;
        return Ranked(index, await _desk.Subject(index, cancel), query, _time.GetUtcNow());
    }

    public async Task<TaggedOffers> OffersJson(OffersQuery query, string? known, CancellationToken cancel)
    {
        var index = _replica.Current;
        if (_remembered.Find(_user, query, index, _changes.Number) is { } remembered)
        {
            _instruments.Coupons.Remembered();
            return remembered.Beside(known);
        }

        var subject = await _desk.Subject(index, cancel);
        var now = _time.GetUtcNow();
        var answer = TaggedOffers.Of(JsonSerializer.SerializeToUtf8Bytes(Ranked(index, subject, query, now), WireJson.Options));
        _remembered.Keep(query, index, _changes.Number, subject, now, answer);
        return answer.Beside(known);
    }

    private OffersAnswer Ranked(OfferIndex index, RankingSubject subject, OffersQuery query, DateTimeOffset now)
    {
        if (query.Count is < 1 or > ListRules.CountMax)
        {
            throw new RefusedException(
                RefusalCodes.InvalidValue, $"The count must be 1 to {ListRules.CountMax}, but was {query.Count}.");
        }

        var begun = _time.GetTimestamp();
        var ranked = OfferRanker.Rank(index, subject, query.Campaign, query.Count, now, !query.Unexplained);
        var answer = ExposureDesk.Answer(index, subject, ranked);
        _instruments.Coupons.Ranked(answer, _time.GetElapsedTime(begun));
        return answer;
    }

    public Task<long> Changed(long seen, TimeSpan wait, CancellationToken cancel) => _changes.Wait(seen, wait, cancel);

    public async Task<Answer<OffersAnswer>> Expose(ExposeCommand command, CancellationToken cancel)
    {
        if (!IdRules.IsValid(command.Key))
        {
            return new Refusal(RefusalCodes.InvalidId, "The key must have 1 to 128 characters.", "/key");
        }

        if (command.Count is < 1 or > ListRules.CountMax)
        {
            return new Refusal(
                RefusalCodes.InvalidValue, $"The count must be 1 to {ListRules.CountMax}, but was {command.Count}.", "/count");
        }

        var index = _replica.Current;
        var subject = await _desk.Subject(index, cancel);
        return await Settled(() => _exposures.Expose(command, index, subject, cancel), cancel);
    }

    public async Task<IReadOnlyList<SimilarUser>> Similar(int count, CancellationToken cancel)
    {
        var model = _replica.Current.Model;
        var taste = await _live.Taste(model, cancel);
        return model?.Users is { } others && taste is { IsCold: false }
            ? SimilarUsers.Find(others, taste.Values, _user, Math.Clamp(count, 0, 1_000))
                .Select(s => new SimilarUser(s.User, s.Cosine)).ToArray()
            : [];
    }

    public async Task<Answer<Coupon>> Issue(IssueCommand command, CancellationToken cancel)
    {
        var begun = _time.GetTimestamp();
        var (answer, push) = await Settled(() => _desk.Issue(command, cancel), cancel);
        _instruments.Coupons.Issued(answer, isNew: push is not null, _time.GetElapsedTime(begun));
        if (push is not null)
        {
            await Push(push);
        }

        return answer;
    }

    public async Task<IReadOnlyList<WalletEntry>> Wallet(CancellationToken cancel)
    {
        var coupons = await OrDeactivate(() => _desk.Wallet(cancel), reads: true);
        PlanSnapshot();
        return await _desk.Entries(coupons, cancel);
    }

    public Task<Answer<Coupon>> View(string code, CancellationToken cancel) =>
        Settled(async () => _feedback.Counted(await _desk.View(code, cancel)), cancel);

    public Task<Answer<Coupon>> Claim(string code, CancellationToken cancel) =>
        Settled(async () => _feedback.Counted(await _desk.Claim(code, cancel)), cancel);

    public Task<Answer<Coupon>> Rate(string code, int rating, CancellationToken cancel) =>
        Settled(async () => _feedback.Counted(await _desk.Rate(code, rating, cancel)), cancel);

    public Task<RedemptionAnswer> Validate(RedemptionRequest request, CancellationToken cancel) =>
        _desk.Validate(request, _time.GetUtcNow(), cancel);

    public Task<CartChoice> Choose(ChoiceRequest request, CancellationToken cancel) =>
        OrDeactivate(() => _desk.Choose(request, cancel), reads: true);

    public Task<RedemptionAnswer> Redeem(RedemptionRequest request, CancellationToken cancel) =>
        Redeemed(() => _desk.Redeem(request, cancel), request.Code, cancel);

    public async Task<ReservationAnswer> Reserve(ReservationRequest request, CancellationToken cancel)
    {
        var answer = await Settled(() => _desk.Reserve(request, cancel), cancel);
        _instruments.Redemptions.Reserved(answer);
        return answer;
    }

    public Task<RedemptionAnswer> Confirm(string key, CancellationToken cancel) =>
        Redeemed(() => _desk.Confirm(key, cancel), null, cancel);

    public Task<ReservationAnswer> Release(string key, CancellationToken cancel) =>
        OrDeactivate(() => _desk.Release(key, cancel));

    public Task<Answer<Coupon>> Void(string code, CancellationToken cancel) =>
        OrDeactivate(() => _desk.Void(code, cancel));

    public async Task<RedemptionAnswer> RollBack(string redemptionKey, CancellationToken cancel)
    {
        var answer = await Settled(() => _desk.RollBack(redemptionKey, cancel), cancel);
        _instruments.Redemptions.RolledBack(answer);
        return answer;
    }

    public Task<Answer<OrderReturn>> Return(ReturnRequest request, CancellationToken cancel) =>
        Settled(() => _desk.Return(request, cancel), cancel);

    private async Task<RedemptionAnswer> Redeemed(
        Func<Task<RedemptionAnswer>> redeem, string? code, CancellationToken cancel)
    {
        var begun = _time.GetTimestamp();
        var answer = await Settled(redeem, cancel);
        var took = _time.GetElapsedTime(begun);
        var refusedOf = code is not null && answer.Status is not (RedemptionStatus.Redeemed or RedemptionStatus.UnknownCoupon)
            ? await _desk.CampaignOf(code, cancel) : null;
        _instruments.Redemptions.Redeemed(answer, refusedOf, took);
        return answer;
    }

    /// <summary>Writes, then takes in what the write added to the log.</summary>
    private Task<T> Settled<T>(Func<Task<T>> write, CancellationToken cancel) => OrDeactivate(async () =>
    {
        var answer = await write();
        await _live.CatchUp(cancel);
        await TellOfNewItems();
        PlanSnapshot();
        return answer;
    });

    private async Task TellOfNewItems()
    {
        try
        {
            foreach (var touch in NewItems.Touches(_replica.Current.Model, _live.Profile, _live.TakeMoved()))
            {
                await GrainFactory.GetGrain<ICatalogGrain>(CatalogShards.Of(touch.Item)).Touch(touch);
            }
        }
        catch (Exception e)
        {
            // The event is durable; only until the next training run is a little less known of the item.
            ProfilesLog.TouchFailed(_logger, e);
        }
    }

    /// <summary>Of a write that failed nobody knows whether it happened: the next call begins from the stores. What
    /// only reads, though it may write first that coupons have run out, is no change unless it did.</summary>
    private async Task<T> OrDeactivate<T>(Func<Task<T>> run, bool reads = false)
    {
        var (last, isDone) = (_live.Profile.LastSequence, false);
        try
        {
            var answer = await run();
            isDone = true;
            return answer;
        }
        catch (Exception e) when (e is not RefusedException { Refusal.Code: not RefusalCodes.Unavailable })
        {
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            if (!reads || !isDone || _live.Profile.LastSequence != last)
            {
                _changes.Give(); // Those who wait would also keep a grain that begins anew from ending.
            }
        }
    }

    private async Task Push(CouponPush push)
    {
        try
        {
            await this.GetStreamProvider(PushStream.Provider)
                .GetStream<CouponPush>(StreamId.Create(PushStream.Namespace, _user.Value))
                .OnNextAsync(push);
            _instruments.Coupons.Pushed(sent: true);
        }
        catch (Exception e)
        {
            // The wallet is the durable truth; a push that is lost is seen at the next look into it.
            ProfilesLog.PushFailed(_logger, e);
            _instruments.Coupons.Pushed(sent: false);
        }
    }

    private void PlanSnapshot()
    {
        if (_live.Unsaved == 0)
        {
            return;
        }

        _snapshots ??= this.RegisterGrainTimer(Snapshot, _options.SnapshotPeriod, Timeout.InfiniteTimeSpan);
        if (_live.Unsaved >= _options.SnapshotEvents)
        {
            _snapshots.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task Snapshot(CancellationToken cancel)
    {
        _snapshots?.Dispose();
        _snapshots = null;
        // Letting the timer go has cancelled its token.
        if (_live.Unsaved > 0 && !await Save(CancellationToken.None))
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>Stores a snapshot; false if that failed, which loses nothing: the log has it all.</summary>
    private async Task<bool> Save(CancellationToken cancel)
    {
        try
        {
            _state.State = new() { Profile = _live.Snapshot() };
            await _state.WriteStateAsync(cancel);
            _instruments.Profiles.Saved(stored: true);
            return true;
        }
        catch (Exception e)
        {
            ProfilesLog.SnapshotFailed(_logger, e);
            _instruments.Profiles.Saved(stored: false);
            return false;
        }
        finally
        {
            _state.State = UserState.Blank; // What is stored is not kept beside the profile.
        }
    }
}
