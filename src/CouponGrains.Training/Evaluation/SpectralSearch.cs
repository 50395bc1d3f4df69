using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>How long a search may go on, and where.</summary>
public sealed record SpectralSearchOptions
{
    /// <summary>Models that are fitted at most; at least one is.</summary>
    public int FitsMax { get; init; } = 40;

    /// <summary>The largest rank that is tried; lowered to what the data has.</summary>
    public int RankMax { get; init; } = 512;

    /// <summary>Threads, −1 for all cores. Does not change what is chosen.</summary>
    public int Threads { get; init; } = -1;
}

/// <summary>How far a search is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Message">The options tried and their figure.</param>
public sealed record SearchProgress(double Share, string Message);

/// <summary>Chooses the options of the spectral model on held-out entries. It begins with the neighbours alone and
/// with the spectrum alone, on a grid of exponents, and mixes the better of each; then one option after the other goes
/// up or down as long as that helps (coordinate descent). Starts and steps are the same for all data.</summary>
public static class SpectralSearch
{
    /// <summary>The number of items up to which the spectrum alone is a start too: beyond it, what few directions
    /// leave out is most of what there is.</summary>
    private const int SpectrumItemsMax = 20_000;

    /// <summary>The least relative gain of a round over all options that makes another one worth its time.</summary>
    private const double GainMin = 0.005;

    /// <summary>Answers the options with the largest figure; the first of equal ones. Refuses a validation without
    /// users with <see cref="RefusalCodes.TooLittleData"/>.</summary>
    public static SpectralOptions Run(
        HeldOutRanking validation, SpectralSearchOptions options, IProgress<SearchProgress> progress,
        CancellationToken cancel)
    {
        if (validation.Users.Length == 0 || validation.Train.NonZeros == 0)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                "There is nothing to choose options on: no training entry, or no user with held-out items.");
        }

        var side = Math.Min(validation.Train.Rows, validation.Train.Columns);
        var trials = new SpectralTrials(validation, options, Math.Clamp(options.RankMax, 1, side), progress, cancel);
        Begin(trials, validation.Train.Columns, validation.RanksPast);
        Climb(trials, Dimensions(trials.RankMax, validation.RanksPast));
        progress.Report(new(1, $"chosen: {trials.Best}"));
        return trials.Best;
    }

    /// <summary>Chooses options for a shop: fitted on <paramref name="before"/>, the behaviour matrix up to an
    /// instant, measured on what was bought after it. <paramref name="later"/> has, for each user, his row and the
    /// columns of what he bought, −1 for an item that the matrix does not know.</summary>
    public static SpectralOptions Run(
        CsrMatrix before, IReadOnlyList<(int Row, int[] Columns)> later, SpectralSearchOptions options,
        IProgress<SearchProgress> progress, CancellationToken cancel) =>
        Run(TemporalRanking.Of(before, later), options, progress, cancel);

    private static void Begin(SpectralTrials trials, int items, bool ranksPast)
    {
        var start = new SpectralOptions { Rank = Math.Min(256, trials.RankMax), RepeatWeight = ranksPast ? 1 : 0 };
        foreach (var (a, b) in new[] { (0.4, 0.4), (0.3, 0.4), (0.5, 0.4), (0.4, 0.3), (0.4, 0.5) })
        {
            trials.Try(start with { UserExponent = a, ItemExponent = b, LowPassWeight = 0 });
        }

        var neighbours = trials.Best;
        foreach (var (w, shape) in new[] { (3.0, 4.0), (3, 2), (1.5, 4), (6, 4) })
        {
            trials.Try(neighbours with { LowPassWeight = w, FilterShape = shape });
        }

        // Where little is known of each, what is popular is most of what can be known.
        var few = Math.Min(32, trials.RankMax);
        trials.Try(neighbours with { LowPassWeight = 3, Rank = few, Lift = 0.5 });
        if (items <= SpectrumItemsMax)
        {
            var spectrum = start with { Neighbours = 0, LowPassWeight = 1, FilterShape = 8 };
            foreach (var (a, b) in new[] { (0.4, 0.3), (0.2, 0.2), (neighbours.UserExponent, neighbours.ItemExponent) })
            {
                trials.Try(spectrum with { UserExponent = a, ItemExponent = b });
            }

            trials.Try(spectrum with
            {
                UserExponent = neighbours.UserExponent, ItemExponent = neighbours.ItemExponent, Rank = few, Lift = 0.5,
            });
        }
    }

    // The dimensions that keep the decomposition come first: they cost least.
    private static List<Func<SpectralOptions, bool, SpectralOptions>> Dimensions(int rankMax, bool ranksPast)
    {
        List<Func<SpectralOptions, bool, SpectralOptions>> dimensions =
        [
            (o, up) => o with { Rank = Math.Clamp(up ? o.Rank * 3 / 2 : o.Rank * 2 / 3, 1, rankMax) },
            (o, up) => o.Neighbours == 0 ? o : o with { LowPassWeight = Step(o.LowPassWeight, up, 1.5) },
            (o, up) => o with { FilterShape = Step(o.FilterShape, up, 1.5) },
            (o, up) => o with { Lift = Move(o.Lift, up, 0.1, -1, 1) },
            (o, up) => o.Neighbours == 0 ? o : o with { Sharpening = Move(o.Sharpening, up, 0.3, 0, 3) },
            (o, up) => o.Neighbours == 0 ? o : o with { NeighbourPower = Move(o.NeighbourPower, up, 0.1, 0.5, 1.5) },
            (o, up) => o with { Neighbours = Math.Min(up ? o.Neighbours * 2 : o.Neighbours / 2, 2_000) },
            (o, up) => o with { UserExponent = Move(o.UserExponent, up, 0.05, 0, 1) },
            (o, up) => o with { ItemExponent = Move(o.ItemExponent, up, 0.05, 0, 1) },
        ];
        if (ranksPast)
        {
            dimensions.Insert(0, (o, up) => o with
            {
                RepeatWeight = o.RepeatWeight == 0 ? (up ? 1 : 0)
                    : o.RepeatWeight < 0.1 && !up ? 0
                    : Step(o.RepeatWeight, up, 2),
            });
        }

        return dimensions;
    }

    private static void Climb(SpectralTrials trials, List<Func<SpectralOptions, bool, SpectralOptions>> dimensions)
    {
        for (var before = 0.0; trials.BestFigure > before * (1 + GainMin) && !trials.IsSpent;)
        {
            before = trials.BestFigure;
            foreach (var dimension in dimensions)
            {
                _ = Go(trials, dimension, up: true) || Go(trials, dimension, up: false);
            }
        }
    }

    private static bool Go(SpectralTrials trials, Func<SpectralOptions, bool, SpectralOptions> dimension, bool up)
    {
        var steps = 0;
        while (trials.Try(dimension(trials.Best, up)))
        {
            steps++;
        }

        return steps > 0;
    }

    private static double Step(double value, bool up, double by) => Math.Round(up ? value * by : value / by, 4);

    private static double Move(double value, bool up, double by, double least, double most) =>
        Math.Round(Math.Clamp(up ? value + by : value - by, least, most), 4);
}
