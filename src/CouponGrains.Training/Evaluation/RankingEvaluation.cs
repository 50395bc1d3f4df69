using System.Diagnostics;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>One model's line.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Figures">On the test part.</param>
/// <param name="NewItems">With the users' own past left out, where the protocol ranks it; otherwise null.</param>
/// <param name="SearchSeconds">Choosing options on validation data; 0 where nothing is chosen.</param>
/// <param name="FitSeconds">Learning from the whole training part.</param>
/// <param name="RankSeconds">Scoring and ranking for all test users, once.</param>
public sealed record RankingRow(
    string Name, RankingFigures Figures, RankingFigures? NewItems, double SearchSeconds, double FitSeconds,
    double RankSeconds)
{
    /// <summary>All of it.</summary>
    public double Seconds => SearchSeconds + FitSeconds + RankSeconds;
}

/// <summary>The models side by side on one protocol.</summary>
/// <param name="Users">Test users.</param>
/// <param name="NewItemsUsers">Those of them who have a new item in the test part; 0 where new items are not told
/// apart.</param>
/// <param name="Rows">Popularity, own past where it is ranked, plain SVD, ours.</param>
/// <param name="ValidationUsers">Users that the options were chosen on, counted once for each item where held-out items
/// are ranked one by one.</param>
/// <param name="Chosen">The options that the validation search chose for ours.</param>
/// <param name="Seconds">The whole evaluation.</param>
public sealed record RankingReport(
    int Users, int NewItemsUsers, IReadOnlyList<RankingRow> Rows, int ValidationUsers, SpectralOptions Chosen,
    double Seconds);

/// <summary>How an evaluation is run.</summary>
public sealed record RankingEvaluationOptions
{
    /// <summary>Ranks of the plain SVD, each a line; those above the smaller side are left out.</summary>
    public IReadOnlyList<int> PlainRanks { get; init; } = [10, 52];

    /// <summary>Users of the validation sample; null for as many as a hundred million scores allow, at least
    /// 2,500.</summary>
    public int? ValidationUsers { get; init; }

    /// <summary>Seed of the validation part.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How far options are searched.</summary>
    public SpectralSearchOptions Search { get; init; } = new();

    /// <summary>Threads, −1 for all cores. Does not change the figures.</summary>
    public int Threads { get; init; } = -1;
}

/// <summary>Measures popularity, plain SVD and the spectral model on a protocol. The options of ours are chosen on
/// held-out training entries; the test part is ranked once, after that.</summary>
public static class RankingEvaluation
{
    /// <summary>Runs it. Refuses a protocol without entries or users.</summary>
    public static RankingReport Run(
        HeldOutRanking test, RankingEvaluationOptions options, IProgress<string> progress, CancellationToken cancel)
    {
        if (test.Users.Length == 0 || test.Train.NonZeros == 0)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                "There is nothing to measure: no training entry, or no test user.");
        }

        var clock = Stopwatch.StartNew();
        var side = Math.Min(test.Train.Rows, test.Train.Columns);
        var rows = new List<RankingRow> { Row("popularity", 0, () => Baselines.Popularity(test.Train)) };
        if (test.RanksPast)
        {
            rows.Add(Row("own past, then popular", 0, () => Baselines.OwnPast(test.Train)));
        }

        foreach (var rank in options.PlainRanks.Where(rank => rank <= side))
        {
            rows.Add(Row($"plain SVD, rank {rank}", 0,
                () => Baselines.Svd(test.Train, rank, options.Threads, cancel)));
        }

        var search = Stopwatch.StartNew();
        var users = options.ValidationUsers ?? Math.Max(2_500, 100_000_000 / test.Train.Columns);
        var validation = test.Validation(users, options.Seed);
        var chosen = validation is not { Users.Length: > 0, Train.NonZeros: > 0 }
            ? new()
            : SpectralSearch.Run(validation, options.Search, new SearchNotes(progress), cancel);
        rows.Add(Row("ours: spectral", search.Elapsed.TotalSeconds,
            () => SpectralModel.Fit(test.Train, chosen, options.Threads, cancel).Score));
        return new(test.Users.Length, test.WithoutPast?.Users.Length ?? 0, rows, validation?.Users.Length ?? 0, chosen, clock.Elapsed.TotalSeconds);

        RankingRow Row(string name, double searchSeconds, Func<ScoreUsers> fit)
        {
            var watch = Stopwatch.StartNew();
            var model = fit();
            var fitted = watch.Elapsed.TotalSeconds;
            var figures = test.Measure(model, options.Threads, cancel);
            var ranked = watch.Elapsed.TotalSeconds - fitted;
            progress.Report($"{name}: {figures.Hits:F4} {figures.Ndcg:F4}");
            var newItems = test.WithoutPast?.Measure(model, options.Threads, cancel);
            return new(name, figures, newItems, searchSeconds, fitted, ranked);
        }
    }
}

/// <summary>The progress of a search as lines.</summary>
internal sealed class SearchNotes(IProgress<string> notes) : IProgress<SearchProgress>
{
    /// <inheritdoc/>
    public void Report(SearchProgress value) => notes.Report(value.Message);
}
