using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;
using CouponGrains.Grains.Models;

namespace CouponGrains.Grains.Profiles;

/// <summary>The profile of one user in memory, kept in step with the event log. It takes events in by reading the log
/// behind its last place, whoever wrote them, so that nothing the log holds is missed.</summary>
internal sealed class LiveProfile(
    UserId user, IEventLog log, IUserStore users, IReplica replica, TimeProvider time, ProfileInstruments instruments)
{
    private const int Page = 1_000;

    private UserProfile? _profile;
    private Dictionary<ItemId, ItemChange>? _moved; // Of most users nothing, most of the time.
    private TasteVector? _taste;
    private SequenceState? _sequence;

    /// <summary>The profile.</summary>
    public UserProfile Profile => _profile ?? throw new InvalidOperationException("The profile has not been loaded.");

    /// <summary>True once the user was seen: described, or in an event.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Events taken in since the last snapshot.</summary>
    public int Unsaved { get; private set; }

    /// <summary>Begins with a snapshot, or from nothing, and takes in what the log has beyond it.</summary>
    public async Task Load(ProfileData? snapshot, CancellationToken cancel)
    {
        var record = await users.Get(user, cancel);
        IsKnown = record is not null;
        record ??= new UserRecord { Id = user };
        (_taste, _sequence) = (null, null);
        _profile = snapshot is not null && await IsOfLog(snapshot, cancel)
            ? UserProfile.FromData(snapshot, record)
            : Blank(record);
        if (IsKnown)
        {
            await CatchUp(cancel);
        }

        _moved = null; // What is behind a snapshot was told when it was new.
    }

    /// <summary>The items that events have moved since the last call, each with its first and its last sum.</summary>
    public IReadOnlyList<ItemChange> TakeMoved()
    {
        IReadOnlyList<ItemChange> moved = _moved is null ? [] : [.. _moved.Values];
        _moved = null;
        return moved;
    }

    /// <summary>Takes in what the log has beyond the profile.</summary>
    public async Task CatchUp(CancellationToken cancel)
    {
        IReadOnlyList<RecordedEvent> page;
        do
        {
            page = await log.ReadUser(user, Profile.LastSequence, Page, cancel);
            var index = replica.Current;
            foreach (var recorded in page)
            {
                Take(recorded, index.Model, recorded.Event.Item is { } item ? index.Catalog.Get(item) : null);
            }

            IsKnown |= page.Count > 0;
        }
        while (page.Count == Page);
    }

    /// <summary>The user described himself anew.</summary>
    public void Describe(UserRecord record)
    {
        Profile.Record = record;
        _sequence = record.Consent ? _sequence : null;
        IsKnown = true;
    }

    /// <summary>The taste under a model; null without one. Folded anew when the model, or its provisional rows, are
    /// others than before; and a model that weighs behaviour differently has the profile built anew from the
    /// log.</summary>
    public async Task<TasteVector?> Taste(ModelSnapshot? model, CancellationToken cancel)
    {
        if (model is null || _taste?.IsOf(model) == true)
        {
            return model is null ? null : _taste;
        }

        if (Profile.Weights != model.Weights)
        {
            await Rebuild(model, cancel);
        }
        else if (Profile.Reference != model.Reference)
        {
            _profile = Profile.Rebase(model.Reference);
        }

        instruments.Folded();
        return _taste = TasteVector.Fold(Profile, model);
    }

    /// <summary>What the response model's encoder made of the user's events; null without one, or if he objected to
    /// being profiled. It moves with each event; under another model, or other rows, his newest events are replayed
    /// once.</summary>
    public SequenceState? Sequence(ModelSnapshot? model)
    {
        if (model is null || !Profile.Record.Consent)
        {
            return null;
        }

        return _sequence?.IsOf(model) == true ? _sequence : _sequence = SequenceState.Replay(model, Profile.Recent);
    }

    /// <summary>A snapshot; from now on <see cref="Unsaved"/> counts anew.</summary>
    public ProfileData Snapshot()
    {
        Unsaved = 0;
        return Profile.ToData();
    }

    /// <summary>True if the newest event of a snapshot stands in the log at its place. It does not where the store, but
    /// not the snapshots, came back from a backup: the log has taken another course since, and events would be
    /// missed.</summary>
    private async Task<bool> IsOfLog(ProfileData snapshot, CancellationToken cancel) =>
        snapshot.LastSequence == 0
        || (await log.ReadUser(user, snapshot.LastSequence - 1, 1, cancel) is [var stored]
            && stored.Sequence == snapshot.LastSequence
            && (stored.Event.Kind == EventKind.Exposed // The profile keeps none of these.
                || (snapshot.Recent is [.., var newest] && stored.Event.Id == newest.Id)));

    private async Task Rebuild(ModelSnapshot model, CancellationToken cancel)
    {
        var before = Profile;
        try
        {
            (_profile, _taste, _sequence) = (new(before.Record, model.Weights, model.Reference), null, null);
            await CatchUp(cancel);
            _moved = null;
            instruments.Rebuilt();
        }
        catch
        {
            _profile = before; // Half a history is worse than an old one.
            throw;
        }
    }

    private void Take(RecordedEvent recorded, ModelSnapshot? model, Domain.Catalog.Item? item)
    {
        var change = Profile.Apply(recorded, item);
        Unsaved++;
        if (recorded.Event.Kind == EventKind.Exposed)
        {
            return; // What the policy shows is nothing that the user did.
        }

        if (change.Touched is { } touched)
        {
            _moved ??= [];
            _moved[touched.Item] = _moved.TryGetValue(touched.Item, out var first)
                ? first with { After = touched.After }
                : touched;
        }

        if (_taste is not null && model is not null && _taste.IsOf(model))
        {
            _taste.Move(change, model);
        }
        else
        {
            _taste = null;
        }

        if (_sequence is not null && model is not null && _sequence.IsOf(model))
        {
            _sequence.Advance(recorded.Event, model);
        }
        else
        {
            _sequence = null;
        }
    }

    private UserProfile Blank(UserRecord record) => replica.Current.Model is { } model
        ? new(record, model.Weights, model.Reference)
        : new(record, new(), time.GetUtcNow());
}
