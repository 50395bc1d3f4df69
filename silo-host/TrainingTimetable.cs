using CouponGrains.Contracts.Models;
using CouponGrains.Domain.Models;

namespace CouponGrains.SiloHost;

/// <summary>Tells the trainer how often to train. Reminders are kept in memory, so each start tells it anew.</summary>
internal sealed partial class TrainingTimetable(
    HostSettings settings, IGrainFactory grains, IHostApplicationLifetime lifetime,
    ILogger<TrainingTimetable> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Trains || !await lifetime.HasStarted(stoppingToken))
        {
            return;
        }

        var trainer = grains.GetGrain<ITrainerGrain>(0);
        var schedule = await trainer.Schedule(settings.TrainEvery, stoppingToken);
        var volume = new VolumeTrigger(settings.TrainAfterEvents, settings.TrainAfterOutcomes);
        var trigger = await trainer.Trigger(volume, stoppingToken);
        if ((schedule.Refusal ?? trigger.Refusal) is { } refusal)
        {
            LogRefused(log, refusal.ToString());
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "The schedule of training was refused: {Refusal}")]
    private static partial void LogRefused(ILogger log, string refusal);
}

/// <summary>Waiting for the process to have started.</summary>
internal static class Start
{
    /// <summary>True once everything has started, false if the process ends before.</summary>
    public static async Task<bool> HasStarted(this IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStarted = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        using var onStopping = stopping.Register(() => started.TrySetResult(false));
        return await started.Task;
    }
}
