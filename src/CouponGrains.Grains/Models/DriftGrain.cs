using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Drift;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Models;

/// <summary>Reads the log as it grows and measures each day once it is over. What of the day under way was read is kept
/// in memory alone: after a restart, or with another model in force, the day is read again.</summary>
[ServeRole, GrainType("drift")]
internal sealed class DriftGrain(
    [PersistentState("drift", GrainsHosting.StorageName)] IPersistentState<DriftState> state,
    IEventLog log,
    IReplica replica,
    TimeProvider time,
    ILogger<DriftGrain> logger) : Grain, IDriftGrain, IRemindable
{
    private const string Reminder = "drift";

    /// <summary>Events read in one call, so that none takes long.</summary>
    private const int EventsMax = 200_000;

    /// <summary>Events that tell what the model was trained on.</summary>
    private const int SampleMax = 20_000;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private DriftFold? _fold;
    private ModelVersion _model;
    private IReadOnlyList<FeatureReference> _references = [];
    private long _read;

    public override async Task OnActivateAsync(CancellationToken cancel) =>
        await this.RegisterOrUpdateReminder(Reminder, Period, Period, cancel);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Look(CancellationToken.None);

    public Task<DriftReport> Show(CancellationToken cancel) => Task.FromResult(Report());

    public async Task<DriftReport> Measure(CancellationToken cancel)
    {
        while (!await Read(cancel))
        {
        }

        return Report();
    }

    public async Task Look(CancellationToken cancel)
    {
        var isRead = await Read(cancel);
        var today = DriftFold.Midnight(time.GetUtcNow());
        if (!isRead || today <= state.State.Day || _fold is null)
        {
            return;
        }

        var day = _fold.Day(state.State.Day!.Value);
        await Save(new()
        {
            Day = today,
            Sequence = _read,
            Days = [.. state.State.Days.Prepend(day).Take(DriftDay.DaysMax)],
            Issues = _fold.Issues,
        });
        _fold = new(replica.Trained, _references, state.State.Issues);
        ModelsLog.DriftMeasured(logger, day.Day, day.Level.ToString(), day.Calibration.Error, day.Calibration.Issues);
    }

    private DriftReport Report()
    {
        DriftDay[] today = _fold is not null && state.State.Day is { } day ? [_fold.Day(day)] : [];
        return new([.. today, .. state.State.Days], _references);
    }

    /// <summary>Reads on in the log; false if there is more.</summary>
    private async Task<bool> Read(CancellationToken cancel)
    {
        if (state.State.Day is null)
        {
            var size = await log.Size(cancel);
            await Save(new() { Day = DriftFold.Midnight(time.GetUtcNow()), Sequence = size.LastSequence });
        }

        await Begin(cancel);
        var read = 0;
        await foreach (var recorded in log.ReadAll(_read, cancel))
        {
            _fold!.Take(recorded.Event);
            _read = recorded.Sequence;
            if (++read == EventsMax)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Begins the day under way, or begins it again where another model is in force.</summary>
    private async Task Begin(CancellationToken cancel)
    {
        var model = replica.Trained;
        if (_fold is not null && _model == (model?.Version ?? ModelVersion.None))
        {
            return;
        }

        var references = model is null ? [] : await References(model, cancel);
        _model = model?.Version ?? ModelVersion.None;
        (_references, _read) = (references, state.State.Sequence);
        _fold = new(model, references, state.State.Issues);
    }

    private async Task<IReadOnlyList<FeatureReference>> References(ModelSnapshot model, CancellationToken cancel)
    {
        var trained = new List<UserEvent>();
        await foreach (var recorded in log.ReadSample(SampleMax, cancel))
        {
            if (recorded.Event.At <= model.Reference)
            {
                trained.Add(recorded.Event);
            }
        }

        return DriftFold.References(trained, model);
    }

    private async Task Save(DriftState next)
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
}
