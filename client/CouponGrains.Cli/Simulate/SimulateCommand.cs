using System.CommandLine.Parsing;
using System.Globalization;
using CouponGrains.Simulation;

namespace CouponGrains.Cli.Simulate;

/// <summary><c>coupons simulate</c>: its options, and the run.</summary>
internal static class SimulateCommand
{
    private static readonly Option<int> Rounds = Number("--rounds", 5, 1, 100, "Rounds of 14 days; each is one campaign");
    private static readonly Option<int> Users = Number("--users", 1_000, 2, 100_000, "Users of a market");
    private static readonly Option<int> Items = Number("--items", 480, 24, 100_000, "Items of a market");
    private static readonly Option<int> Seed = Number("--seed", 1, 0, 1_000_000_000, "Seed of the first market; the others follow");
    private static readonly Option<int> Replications = Number("--replications", 12, 2, 1_000, "Markets, for the interval");
    private static readonly Option<int> Rank = Number("--rank", 16, 1, 512, "Rank of the SVD");
    private static readonly Option<decimal> Budget = Decimal(
        "--budget", 1_500, 0.01m, 1_000_000_000, "Discounts that all rounds together may give, USD");
    private static readonly Option<double> AlwaysBuyers = new("--always-buyers")
    {
        Description = "Share of users who would buy anyway; the other kinds share the rest as by default",
        DefaultValueFactory = _ => new MarketOptions().AlwaysBuyers,
        Validators = { r => Between(r, r.GetValueOrDefault<double>(), 0, 1) },
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Draw a picture into this file",
        Validators =
        {
            r =>
            {
                if (r.GetValueOrDefault<string?>() is not { } file)
                {
                    return;
                }

                if (Path.GetExtension(file) is not (".png" or ".svg"))
                {
                    r.AddError($"The picture must be a .png or .svg file, but was '{file}'.");
                }
                else if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
                {
                    r.AddError($"There is no folder for the picture '{file}'.");
                }
            },
        },
    };

    /// <summary>The command, to be added to the root.</summary>
    public static Command Build() => Verb.Offline(
        "simulate", "Run random, popularity and our own policy through simulated markets with known truth",
        [Rounds, Users, Items, Seed, Replications, Rank, Budget, AlwaysBuyers, Out], Run);

    private static async Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var market = new MarketOptions { Users = parsed.GetValue(Users), Items = parsed.GetValue(Items), Seed = parsed.GetValue(Seed) }
            .WithAlwaysBuyers(parsed.GetValue(AlwaysBuyers));
        var simulation = new Simulation(
            market,
            new() { Rounds = parsed.GetValue(Rounds), BudgetMinor = (long)(parsed.GetValue(Budget) * 100) },
            parsed.GetValue(Replications),
            parsed.GetValue(Rank));
        Comparison? comparison = null;
        await screen.Progress("Simulating", async report => comparison = await simulation.Run(report, cancel));
        if (parsed.GetValue(Out) is { } file)
        {
            Picture.Draw(comparison!, simulation.Loop, file);
        }

        screen.Result(Tables.Describe(comparison!, simulation), console => Tables.Print(comparison!, simulation, console));
    }

    private static Option<int> Number(string name, int value, int least, int most, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
        Validators = { r => Between(r, r.GetValueOrDefault<int>(), least, most) },
    };

    private static Option<decimal> Decimal(string name, decimal value, decimal least, decimal most, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
        Validators = { r => Between(r, r.GetValueOrDefault<decimal>(), least, most) },
    };

    private static void Between<T>(OptionResult result, T value, T least, T most)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            var culture = CultureInfo.InvariantCulture;
            result.AddError($"{result.Option.Name} must be {least.ToString(null, culture)} to {most.ToString(null, culture)}, "
                + $"but was {value.ToString(null, culture)}.");
        }
    }
}
