using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Cli.Models;

/// <summary><c>coupons train</c>: starts a run and watches it. Ctrl-C stops watching, not the run; <c>--cancel RUN</c> stops
/// a run.</summary>
internal static class TrainCommand
{
    private static readonly Option<int?> Rank = new("--rank") { Description = "Rank of the SVD, 1 to 512" };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Epochs of the GAN; 0 leaves it out" };
    private static readonly Option<int?> Seed = new("--seed") { Description = "Seed of every random choice" };
    private static readonly Option<bool> Detach = new("--detach") { Description = "Start the run and do not watch it" };
    private static readonly Option<long?> Watch = new("--watch") { Description = "Watch a run that is going on" };
    private static readonly Option<long?> CancelRun = new("--cancel") { Description = "Cancel a run" };

    public static Command Build() => Verb.Online(
        "train", "Train a model from the event log; Ctrl-C stops watching, the run goes on", [Rank, Epochs, Seed, Detach, Watch, CancelRun], Run);

    private static async Task Run(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var trainer = client.GetGrain<ITrainerGrain>(0);
        if (parsed.GetValue(CancelRun) is { } stop)
        {
            Show(screen, Screen.Take(await trainer.Cancel(stop, cancel)));
            return;
        }

        var defaults = new TrainingOptions();
        var options = defaults with
        {
            Rank = parsed.GetValue(Rank) ?? defaults.Rank,
            OfferEpochs = parsed.GetValue(Epochs) ?? defaults.OfferEpochs,
            Seed = parsed.GetValue(Seed) ?? defaults.Seed,
        };
        var run = parsed.GetValue(Watch) is { } number
            ? Screen.Take(await trainer.Run(number, cancel))
            : Screen.Take(await trainer.Start(options, cancel));
        if (!parsed.GetValue(Detach))
        {
            run = await Follow(trainer, run, screen, cancel);
        }

        Show(screen, run);
        if (run.State is TrainingState.Failed or TrainingState.HeldBack)
        {
            throw new RefusedException(run.Refusal ?? new(RefusalCodes.TrainingFailed, "The run failed."));
        }
    }

    private static async Task<TrainingRun> Follow(ITrainerGrain trainer, TrainingRun run, Screen screen, CancellationToken cancel)
    {
        try
        {
            await screen.Progress($"run {run.Run}", async report =>
            {
                while (run.State == TrainingState.Running)
                {
                    report(run.Progress.Share, $"{run.Progress.Stage}: {run.Progress.Message}");
                    await Task.Delay(TimeSpan.FromMilliseconds(250), cancel);
                    run = Screen.Take(await trainer.Run(run.Run, cancel));
                }
            });
        }
        catch (OperationCanceledException)
        {
            screen.Note($"run {run.Run} goes on; watch it with: coupons train --watch {run.Run}, cancel it with: coupons train --cancel {run.Run}");
        }

        return run;
    }

    private static void Show(Screen screen, TrainingRun run) => screen.Result(run, console =>
    {
        console.WriteLine($"run {run.Run}: {run.State}{(run.Model == ModelVersion.None ? "" : $", model {run.Model}")}"
            + $"{(run.EndedAt is { } end ? $", {(end - run.StartedAt).TotalSeconds:F1} s" : "")}");
        console.WriteLine(run.Progress.Message);
    });
}
