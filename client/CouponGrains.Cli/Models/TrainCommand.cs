using CouponGrains.Client;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Cli.Models;

/// <summary><c>coupons train</c>: starts a run and watches it. Ctrl-C stops watching, not the run; <c>--cancel RUN</c>
/// stops a run; <c>coupons train list</c> tells of the last ones.</summary>
internal static class TrainCommand
{
    private static readonly Option<int?> Rank = new("--rank") { Description = "Rank of the SVD, 1 to 512; the largest that --tune tries" };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Epochs of the GAN; 0 leaves it out" };
    private static readonly Option<int?> Seed = new("--seed") { Description = "Seed of every random choice" };

    private static readonly Option<double?> View = new("--weight-view")
    {
        Description = "What a view weighs; 0.2 if not given",
    };

    private static readonly Option<double?> Cart = new("--weight-cart")
    {
        Description = "What putting into the cart weighs; 0.5 if not given",
    };

    private static readonly Option<double?> Purchase = new("--weight-purchase")
    {
        Description = "What a purchase weighs; 1 if not given",
    };

    private static readonly Option<double?> Refund = new("--weight-refund")
    {
        Description = "What a refund takes away; 1 if not given",
    };

    private static readonly Option<double?> HalfLife = new("--half-life-days")
    {
        Description = "Days in which a weight halves; 180 if not given",
    };

    private static readonly Option<double?> HoldOut = new("--hold-out")
    {
        Description = "Share of the newest events to measure on, 0 to 0.5; 0.1 if not given",
    };

    private static readonly Option<bool> Tune = new("--tune")
    {
        Description = "Search for rank (up to --rank), exponents, mixing, neighbours and repeats on the held-out part",
    };

    private static readonly Option<ResponseEncoder> Encoder = new("--response-encoder")
    {
        Description = "How the response model reads events: none, gru or convolution",
    };

    private static readonly Option<double?> UserExponent = new("--user-exponent")
    {
        Description = "How much less each event of a busy user counts, 0 to 1",
    };

    private static readonly Option<double?> ItemExponent = new("--item-exponent")
    {
        Description = "How much less a popular item counts, 0 to 1",
    };

    private static readonly Option<double?> LowPass = new("--low-pass-weight")
    {
        Description = "Weight of the factors beside the neighbours",
    };

    private static readonly Option<int?> Neighbours = new("--neighbours")
    {
        Description = "Neighbours kept for each item, 0 to 2000",
    };

    private static readonly Option<double?> Repeat = new("--repeat-weight")
    {
        Description = "How much a past item speaks for itself; 0 where nobody buys again",
    };

    private static readonly Option<bool> Detach = new("--detach") { Description = "Start the run and do not watch it" };
    private static readonly Option<long?> Watch = new("--watch") { Description = "Watch a run that is going on" };
    private static readonly Option<long?> CancelRun = new("--cancel") { Description = "Cancel a run" };

    public static Command Build()
    {
        var command = Verb.Online(
            "train", "Train a model from the event log; Ctrl-C stops watching, the run goes on",
            [Rank, Epochs, Seed, View, Cart, Purchase, Refund, HalfLife, HoldOut, Tune, Encoder, UserExponent,
                ItemExponent, LowPass, Neighbours, Repeat, Detach, Watch, CancelRun], Run);
        command.Add(Verb.Online("list", "The last runs, newest first, and what became of them", [], List));
        return command;
    }

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var runs = await client.TrainingRuns(cancel).ToArrayAsync(cancel);
        screen.Result(new { runs }, console => console.Write(Screen.Grid(
            ["#run", "state", "model", "began", "#seconds", "what"],
            runs.Select(r => new[]
            {
                $"{r.Run}", r.State.ToString(), r.Model == ModelVersion.None ? "" : r.Model.ToString(),
                $"{r.StartedAt:u}",
                r.EndedAt is { } end ? $"{(end - r.StartedAt).TotalSeconds:F1}" : "",
                r.Refusal?.ToString() ?? r.Progress.Message,
            }))));
    }

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        if (parsed.GetValue(CancelRun) is { } stop)
        {
            Show(screen, await client.CancelTraining(stop, cancel));
            return;
        }

        var run = parsed.GetValue(Watch) is { } number
            ? await client.TrainingRun(number, cancel)
            : await client.Train(Options(parsed), cancel);
        if (!parsed.GetValue(Detach))
        {
            run = await Follow(client, run, screen, cancel);
        }

        Show(screen, run);
        if (run.State is TrainingState.Failed or TrainingState.HeldBack)
        {
            throw new RefusedException(run.Refusal ?? new(RefusalCodes.TrainingFailed, "The run failed."));
        }
    }

    /// <summary>What is asked for, the defaults for the rest. Throws <see cref="RefusedException"/> for a half-life
    /// that is no duration; the trainer checks the others.</summary>
    internal static TrainingOptions Options(ParseResult parsed)
    {
        var defaults = new TrainingOptions();
        return defaults with
        {
            Rank = parsed.GetValue(Rank) ?? defaults.Rank,
            OfferEpochs = parsed.GetValue(Epochs) ?? defaults.OfferEpochs,
            Seed = parsed.GetValue(Seed) ?? defaults.Seed,
            HoldOutShare = parsed.GetValue(HoldOut) ?? defaults.HoldOutShare,
            Tune = parsed.GetValue(Tune),
            ResponseEncoder = parsed.GetValue(Encoder),
            Spectral = defaults.Spectral with
            {
                UserExponent = parsed.GetValue(UserExponent) ?? defaults.Spectral.UserExponent,
                ItemExponent = parsed.GetValue(ItemExponent) ?? defaults.Spectral.ItemExponent,
                LowPassWeight = parsed.GetValue(LowPass) ?? defaults.Spectral.LowPassWeight,
                Neighbours = parsed.GetValue(Neighbours) ?? defaults.Spectral.Neighbours,
                RepeatWeight = parsed.GetValue(Repeat) ?? defaults.Spectral.RepeatWeight,
            },
            Weights = new()
            {
                View = parsed.GetValue(View) ?? defaults.Weights.View,
                Cart = parsed.GetValue(Cart) ?? defaults.Weights.Cart,
                Purchase = parsed.GetValue(Purchase) ?? defaults.Weights.Purchase,
                Refund = parsed.GetValue(Refund) ?? defaults.Weights.Refund,
                HalfLife = parsed.GetValue(HalfLife) is { } days ? Days(days) : defaults.Weights.HalfLife,
            },
        };
    }

    private static TimeSpan Days(double days) => Math.Abs(days) <= BehaviourRules.HalfLifeMax.TotalDays
        ? TimeSpan.FromDays(days)
        : throw new RefusedException(RefusalCodes.InvalidValue,
            $"The half-life must be 1 hour to {BehaviourRules.HalfLifeMax.TotalDays} days, but was {days} days.");

    private static async Task<TrainingRun> Follow(ICouponsClient client, TrainingRun run, Screen screen, CancellationToken cancel)
    {
        try
        {
            await screen.Progress($"run {run.Run}", async report =>
            {
                while (run.State == TrainingState.Running)
                {
                    report(run.Progress.Share, $"{run.Progress.Stage}: {run.Progress.Message}");
                    await Task.Delay(TimeSpan.FromMilliseconds(250), cancel);
                    run = await client.TrainingRun(run.Run, cancel);
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
