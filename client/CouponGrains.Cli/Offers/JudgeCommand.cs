using CouponGrains.Domain;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Cli.Offers;

/// <summary><c>coupons offers judge</c>: any generator's designs against real ones and the baselines.</summary>
internal static class JudgeCommand
{
    private static readonly Option<string[]> Designs = new("--designs")
    {
        Description = "File of a generator's designs, .csv or .ndjson; may be given again", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Real = new("--real") { Description = "File of real designs" };
    private static readonly Option<string?> Data = new("--data") { Description = "Folder of the Complete Journey's files, whose coupons are the real designs" };
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Out = new("--out") { Description = "Draw the judgement into this .png or .svg" };
    private static readonly Option<int> Epochs = new("--epochs")
    {
        Description = "Epochs of our generator, trained on the part to learn from; 0 leaves it out", DefaultValueFactory = _ => 600,
    };

    private static readonly Option<string?> Preset = new("--preset")
    {
        Description = "brief: dropout 0.3, 100 epochs, batches of 32, whatever --epochs says",
    };

    private static readonly Option<string?> Parts = new("--parts")
    {
        Description = "Write the part to learn from and the held-out part into this folder, and judge nothing",
    };

    public static Command Build()
    {
        var command = Verb.Offline("judge", "Judge designs of any generator against real ones and the baselines",
            [Designs, Real, Data, Seed, Epochs, Preset, Out, Parts], Run);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Real) is null == result.GetResult(Data) is null)
            {
                result.AddError("Give --real FILE or --data DIR, one of them.");
            }

            if (result.GetResult(Out) is { Tokens: [var file] } && Path.GetExtension(file.Value) is not (".png" or ".svg"))
            {
                result.AddError("--out ends in .png or .svg.");
            }
        });
        return command;
    }

    private static async Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var options = new JudgementOptions { Seed = parsed.GetValue(Seed) };
        var real = RealDesigns.Part(RealOf(parsed, screen), options);
        if (parsed.GetValue(Parts) is { } folder)
        {
            Directory.CreateDirectory(folder);
            DesignFile.Write(Path.Combine(folder, "learned.csv"), real.Learned);
            DesignFile.Write(Path.Combine(folder, "held-out.csv"), real.HeldOut);
            var parts = new { learned = real.Learned.Count, heldOut = real.HeldOut.Count };
            screen.Result(parts, c => c.WriteLine($"{parts.learned} designs to learn from, {parts.heldOut} held out, in {folder}"));
            return;
        }

        var generators = (parsed.GetValue(Designs) ?? [])
            .Select(file => (Path.GetFileNameWithoutExtension(file), DesignFile.Read(file))).ToList();
        if (Training(parsed) is { Epochs: > 0 } training)
        {
            generators.Insert(0, ("gan", DesignDraw.Of(await Ours(real, training, screen, cancel))));
        }

        var report = DesignJudgement.Run(real, generators, options, cancel);
        if (parsed.GetValue(Out) is { } picture)
        {
            JudgementPicture.Draw(report, options, picture);
            screen.Note($"drawn: {picture}");
        }

        screen.Result(report, console => JudgementTable.Show(console, report));
    }

    private static OfferGanOptions Training(ParseResult parsed) => parsed.GetValue(Preset) switch
    {
        null => new() { Epochs = parsed.GetValue(Epochs), Batch = 64, Seed = parsed.GetValue(Seed) },
        "brief" => OfferGanOptions.Brief with { Seed = parsed.GetValue(Seed) },
        var other => throw new RefusedException(RefusalCodes.InvalidValue, $"There is no preset '{other}', only brief."),
    };

    private static async Task<IReadOnlyList<JudgedDesign>> Ours(
        RealDesigns real, OfferGanOptions options, Screen screen, CancellationToken cancel)
    {
        JudgedGenerator? generator = null;
        var begin = TimeProvider.System.GetTimestamp();
        await screen.Progress("generator", report => Task.Run(() => generator = JudgedGenerator.Train(
            real.Learned, options, (epoch, distance) => report(
                epoch / (double)options.Epochs, $"epoch {epoch}, distance {distance:F3}"), cancel), cancel));
        screen.Note($"generator: {options.Epochs} epochs in {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:F1} s");
        return generator!.Draw(real.Learned.Count, new(options.Seed));
    }

    private static IReadOnlyList<JudgedDesign> RealOf(ParseResult parsed, Screen screen)
    {
        if (parsed.GetValue(Data) is { } folder)
        {
            return JourneyDesigns.Read(folder, screen);
        }

        var draw = DesignFile.Read(parsed.GetValue(Real)!);
        return draw.Refused.Count == 0
            ? draw.Designs
            : throw new RefusedException(RefusalCodes.InvalidValue, $"{draw.Refused.Values.Sum()} real designs are not legal: "
                + string.Join(", ", draw.Refused.Select(r => $"{r.Value} {r.Key}")));
    }
}
