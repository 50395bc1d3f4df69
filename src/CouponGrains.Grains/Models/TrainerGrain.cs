using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Grains.Audit;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Models;

/// <summary>Starts, watches, cancels and publishes training runs. The run itself goes on in
/// <see cref="TrainingRuns"/>.</summary>
[TrainRole, GrainType("trainer"), KeepAlive]
internal sealed class TrainerGrain(
    [PersistentState("trainer-runs", GrainsHosting.StorageName)] IPersistentState<TrainerState> state,
    [PersistentState("trainer-curves", GrainsHosting.StorageName)] IPersistentState<TrainerCurves> curves,
    TrainingRuns runs,
    IModelStore models,
    IReplica replica,
    IEventLog events,
    AuditDesk audit,
    TimeProvider time,
    ILogger<TrainerGrain> log) : Grain, ITrainerGrain, IRemindable
{
    private const string Reminder = "train";
    private const string VolumeReminder = "train-volume";
    private static readonly TimeSpan VolumePeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>How often publishing is tried: a registry that is not there for a moment costs no run.</summary>
    private const int PublishTriesMax = 20;

    /// <summary>How often a run is taken up: one that ends its silo each time is given up.</summary>
    private const int TakenUpMax = 3;

    private IGrainTimer? _watch;
    private int _failures;

    public override async Task OnActivateAsync(CancellationToken cancel)
    {
        foreach (var run in state.State.Runs.Where(r => r.State == TrainingState.Running))
        {
            if (runs.Current?.Run == run.Run)
            {
                Watch();
            }
            else
            {
                await TakeUp(run, cancel);
            }
        }

        // Reminders may live in memory; the schedule does not.
        if (state.State.Period > TimeSpan.Zero)
        {
            await this.RegisterOrUpdateReminder(Reminder, state.State.Period, state.State.Period, cancel);
        }

        if (state.State.Volume.IsOn)
        {
            await this.RegisterOrUpdateReminder(VolumeReminder, VolumePeriod, VolumePeriod, cancel);
        }
    }

    public async Task<Answer<TrainingRun>> Start(TrainingOptions options, CancellationToken cancel)
    {
        var last = state.State.Runs.FirstOrDefault();
        if (last?.State == TrainingState.Running)
        {
            return new Refusal(RefusalCodes.TrainingInProgress, $"Run {last.Run} is going on.");
        }

        if (!runs.CanTrain)
        {
            return new Refusal(RefusalCodes.NoTrainSilo, "This silo has the train role but no trainer.");
        }

        if (TrainingRules.Check(options) is { } refusal)
        {
            return refusal;
        }

        var run = new TrainingRun
        {
            Run = (last?.Run ?? 0) + 1,
            State = TrainingState.Running,
            Progress = new("read", 0, "starting"),
            StartedAt = time.GetUtcNow(),
        };
        await audit.Around(audit.Entry(AuditActions.TrainingStart, AuditTargets.Run(run.Run), null, options), async () =>
            await Save(state.State.With(run) with
            {
                Before = await models.Current(cancel),
                New = new((await events.Size(cancel)).LastSequence, 0, 0),
                Started = options,
                TakenUp = 0,
            }));
        _failures = 0;
        runs.Start(run.Run, options, replica.Current.Model);
        Watch();
        ModelsLog.RunStarted(log, run.Run, options.Reason);
        return run;
    }

    public Task<Answer<TrainingRun>> Run(long run, CancellationToken cancel) => Task.FromResult(Find(run));

    public Task<IReadOnlyList<TrainingRun>> Runs(CancellationToken cancel) => Task.FromResult<IReadOnlyList<TrainingRun>>(
        state.State.Runs.Select(run => Live(run) with { Curves = null }).ToArray());

    public async Task<Answer<TrainingRun>> Cancel(long run, CancellationToken cancel)
    {
        if (runs.Current is { } training && training.Run == run)
        {
            await audit.Around(
                audit.Entry(AuditActions.TrainingCancel, AuditTargets.Run(run)), async () => await training.Cancel());
        }

        return Find(run);
    }

    public async Task<Answer<TrainingSchedule>> Schedule(TimeSpan period, CancellationToken cancel)
    {
        if (period != TimeSpan.Zero && (period < TimeSpan.FromMinutes(1) || period > TimeSpan.FromDays(40)))
        {
            return new Refusal(RefusalCodes.InvalidValue, "The period must be zero, or a minute to 40 days.", "/period");
        }

        if (period > TimeSpan.Zero)
        {
            await this.RegisterOrUpdateReminder(Reminder, period, period, cancel);
        }
        else
        {
            await Forget(Reminder, cancel);
        }

        await Scheduled(state.State with { Period = period });
        return new TrainingSchedule(period, state.State.Volume);
    }

    public async Task<Answer<TrainingSchedule>> Trigger(VolumeTrigger trigger, CancellationToken cancel)
    {
        if (trigger.Check() is { } refusal)
        {
            return refusal;
        }

        // What came before there was a trigger or a run is no news.
        var begins = state.State is { Volume.IsOn: false, New.Sequence: 0 };
        var seen = begins ? new((await events.Size(cancel)).LastSequence, 0, 0) : state.State.New;
        await Scheduled(state.State with { Volume = trigger, New = seen });
        if (trigger.IsOn)
        {
            await this.RegisterOrUpdateReminder(VolumeReminder, VolumePeriod, VolumePeriod, cancel);
        }
        else
        {
            await Forget(VolumeReminder, cancel);
        }

        return new TrainingSchedule(state.State.Period, trigger);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName != VolumeReminder || await IsVolumeReached(CancellationToken.None))
        {
            var reason = reminderName == VolumeReminder ? "volume" : "schedule";
            await Start((state.State.Options ?? new()) with { Reason = reason }, CancellationToken.None);
        }
    }

    public async Task<Answer<DesignedOffers>> Design(CampaignId campaign, int count, int seed, CancellationToken cancel)
    {
        if (count is < 1 or > 1_000)
        {
            return new Refusal(RefusalCodes.InvalidValue, $"The count must be 1 to 1000, but was {count}.", "/count");
        }

        // As trained: the same question designs the same offers, whatever has come to be known of newer items since.
        if (replica.Trained is not { } model || !runs.CanTrain)
        {
            return new Refusal(RefusalCodes.NoModel, "No model is in force, so nothing can be designed.");
        }

        var grain = GrainFactory.GetGrain<ICampaignGrain>(campaign.Value);
        var view = await grain.Show(cancel);
        if (view.Value is not { } shown)
        {
            return view.Refusal!;
        }

        var offers = await runs.Design(model, campaign, shown.Campaign.Guardrails, count, seed, cancel);
        var refusals = await grain.AddOffers([.. offers], cancel);
        return new DesignedOffers(offers.Count, refusals.Count(r => r is null));
    }

    /// <summary>Counts what has come into the log; true once it is enough for a run.</summary>
    private async Task<bool> IsVolumeReached(CancellationToken cancel)
    {
        var volume = state.State.New;
        await foreach (var recorded in events.ReadAll(volume.Sequence, cancel))
        {
            volume = volume.With(recorded);
            if (state.State.Volume.IsReached(volume))
            {
                break;
            }
        }

        if (volume != state.State.New)
        {
            await Save(state.State with { New = volume });
        }

        return state.State.Volume.IsReached(volume);
    }

    private async Task Forget(string name, CancellationToken cancel)
    {
        if (await this.GetReminder(name, cancel) is { } reminder)
        {
            await this.UnregisterReminder(reminder, cancel);
        }
    }

    /// <summary>Goes on with a run whose silo has ended: publishes the model that it had stored, or else trains
    /// again.</summary>
    private async Task TakeUp(TrainingRun run, CancellationToken cancel)
    {
        if (!runs.CanTrain || state.State.Started is not { } options || state.State.TakenUp >= TakenUpMax)
        {
            await Close(run, TrainingState.Cancelled, new(RefusalCodes.TrainingCancelled, "The silo ended while it ran."));
            return;
        }

        var stored = (await models.List(cancel)).FirstOrDefault(m => TrainingRuns.IsOf(m, run));
        var before = stored is null ? await models.Current(cancel) : state.State.Before;
        await Save(state.State with { Before = before, TakenUp = state.State.TakenUp + 1 });
        _ = stored is null
            ? runs.Start(run.Run, options, replica.Current.Model)
            : runs.GoOn(run.Run, new(stored, options));
        Watch();
        ModelsLog.RunTakenUp(log, run.Run, state.State.TakenUp, stored?.Version.Number ?? 0);
    }

    private void Watch() => _watch ??= this.RegisterGrainTimer(Watched, WatchPeriod, WatchPeriod);

    /// <summary>Looks whether the run has ended, and if so does what follows from it.</summary>
    private async Task Watched(CancellationToken cancel)
    {
        var run = state.State.Runs.FirstOrDefault(r => r.State == TrainingState.Running);
        if (run is not null && runs.Current is { } training && training.Run == run.Run)
        {
            if (!training.Result.IsCompleted
                || !await Finish(run with { Progress = training.Progress }, training.Result, cancel))
            {
                return;
            }
        }

        _watch?.Dispose();
        _watch = null;
    }

    /// <summary>Publishes what the run made and notes how it ended; false if publishing shall be tried again.</summary>
    private async Task<bool> Finish(TrainingRun run, Task<StoredTraining> result, CancellationToken cancel)
    {
        var (ended, refusal) = (TrainingState.Failed, default(Refusal));
        try
        {
            var (manifest, options) = await result;
            run = run with { Model = manifest.Version, Progress = new("publish", 1, $"model {manifest.Version} is stored") };
            var registry = GrainFactory.GetGrain<IModelRegistryGrain>(0);
            var published = await registry.Publish(manifest.Version, state.State.Before, cancel);
            (ended, refusal) = (published.Succeeded ? TrainingState.Published : TrainingState.HeldBack, published.Refusal);
            state.State = published.Succeeded ? state.State with { Options = options } : state.State;
        }
        catch (RefusedException refused)
        {
            refusal = refused.Refusal;
        }
        catch (OperationCanceledException) when (result.IsCanceled)
        {
            if (runs.IsStopping)
            {
                return false; // The next train silo takes it up.
            }

            (ended, refusal) = (TrainingState.Cancelled, new(RefusalCodes.TrainingCancelled, "It was cancelled."));
        }
        catch (Exception e) when (result.IsFaulted)
        {
            ModelsLog.RunFailed(log, run.Run, e);
            refusal = new(RefusalCodes.TrainingFailed, e.Message);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            ModelsLog.PublishFailed(log, run.Model.Number, ++_failures, e);
            if (_failures < PublishTriesMax)
            {
                return false;
            }

            refusal = new(RefusalCodes.TrainingFailed, $"Model {run.Model} is stored, but could not be put into force: {e.Message}");
        }

        await Close(run, ended, refusal);
        return true;
    }

    private async Task Close(TrainingRun run, TrainingState ended, Refusal? refusal)
    {
        if (runs.Current is { Curves: { Count: > 0 } drawn } training && training.Run == run.Run)
        {
            curves.State = curves.State.With(run.Run, drawn);
            await Written(curves);
        }

        await Save(state.State.With(run with { State = ended, EndedAt = time.GetUtcNow(), Refusal = refusal }));
        runs.Ended(ended);
        ModelsLog.RunEnded(log, run.Run, ended.ToString(), run.Model.Number, refusal?.Code ?? "no refusal");
    }

    /// <summary>Stores when training begins. The host says so at each start; what it only repeats is not
    /// recorded.</summary>
    private Task Scheduled(TrainerState next)
    {
        var (before, after) = (new TrainingSchedule(state.State.Period, state.State.Volume),
            new TrainingSchedule(next.Period, next.Volume));
        return before == after ? Save(next) : audit.Around(
            audit.Entry(AuditActions.TrainingSchedule, AuditTargets.Training, before, after), async () => await Save(next));
    }

    private Task Save(TrainerState next)
    {
        state.State = next;
        return Written(state);
    }

    private async Task Written<T>(IPersistentState<T> stored)
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private Answer<TrainingRun> Find(long run) => state.State.Runs.FirstOrDefault(r => r.Run == run) is { } found
        ? Live(found)
        : new Refusal(RefusalCodes.UnknownRun, $"There is no run {run}.");

    /// <summary>A run with the progress it has made by now.</summary>
    private TrainingRun Live(TrainingRun run) =>
        run.State == TrainingState.Running && runs.Current is { } training && training.Run == run.Run
            ? run with { Progress = training.Progress, Curves = training.Curves }
            : run with { Curves = curves.State.Runs.GetValueOrDefault(run.Run) };
}
