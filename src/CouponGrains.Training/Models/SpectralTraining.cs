using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Evaluation;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Training.Models;

/// <summary>The options to fit with.</summary>
/// <param name="Options">As given, or as a search chose them.</param>
/// <param name="Tuned">True if there was a search.</param>
/// <param name="Metrics">What a model with them is measured at.</param>
internal sealed record ChosenOptions(SpectralOptions Options, bool Tuned, ModelMetrics Metrics);

/// <summary>A model of the whole matrix.</summary>
/// <param name="Model">As it will travel, without the generator.</param>
/// <param name="Factors">As the generator takes them: F for V, the users' tastes for U Σ.</param>
/// <param name="Used">The options within what the matrix has and an artifact may carry.</param>
/// <param name="Tuned">True if there was a search.</param>
internal sealed record FittedModel(ModelSnapshot Model, SvdFactors Factors, SpectralOptions Used, bool Tuned);

/// <summary>The stage of a training run that makes the spectral model: options, if they are searched for, and metrics
/// come from the held-out part; the model itself from the whole.</summary>
internal sealed class SpectralTraining(
    TrainingOptions options, TimeProvider time, ILogger logger, ITrainingWatch watch)
{
    /// <summary>Up to this many users, their vectors travel in the artifact (for «similar users»); beyond it, none
    /// do.</summary>
    public const int UsersMax = 200_000;

    private const int NeighbourEntriesMax = 16_000_000;  // of all the items: 128 MB of an artifact
    private const double LowPassWeightMin = 0.01;        // without any, there would be no tastes and no embeddings
    private const double Tolerance = 0.02;               // of the SVD: settled enough to keep profiles from jumping
    private const int Threads = -1;

    private readonly TrainingSteps _steps = TrainingSteps.Of(options);

    /// <summary>The options to train with. Where they are searched for, the users of the later part are halved: one
    /// half to choose by, the other to measure.</summary>
    public ChosenOptions Choose(BehaviourAccumulator behaviour, CancellationToken cancel)
    {
        var chosen = options.Spectral with { Rank = options.Rank };
        if (behaviour.Split == DateTimeOffset.MaxValue)
        {
            return new(chosen, false, new(0, 0, 0, 0, 0));
        }

        var later = TemporalRanking.Of(behaviour, cancel);
        if (later.Users.Length < 2 || later.Train.NonZeros == 0)
        {
            return new(chosen, false, new(0, 0, 0, 0, 0));
        }

        if (options.Tune)
        {
            (var choose, later) = later.Halves();
            chosen = Search(choose, cancel);
        }

        watch.Report(new("measure", _steps.Tuned,
            $"Measuring on the events after {behaviour.Split:yyyy-MM-dd HH:mm}."));
        var model = SpectralModel.Fit(later.Train, Fitting(chosen, later.Train), Threads, cancel);
        var metrics = HeldOutMetrics.Measure(later, model.Score, Threads, cancel);
        logger.Measured(metrics.HitRate10, metrics.Ndcg10, metrics.PopularityHitRate10, metrics.PopularityNdcg10,
            metrics.Users);
        watch.Report(new("measure", _steps.Measured,
            $"Over {metrics.Users:N0} users: HR@10 {metrics.HitRate10:F4}, NDCG@10 {metrics.Ndcg10:F4} "
            + $"(popularity {metrics.PopularityHitRate10:F4}, {metrics.PopularityNdcg10:F4})."));
        return new(chosen, options.Tune, metrics);
    }

    /// <summary>The model of the whole matrix. The SVD begins with the factors of <paramref name="before"/>.</summary>
    public FittedModel Fit(
        BehaviourMatrix matrix, ChosenOptions chosen, ModelSnapshot? before, CancellationToken cancel)
    {
        var r = matrix.Entries;
        var fitting = Fitting(chosen.Options, r);
        watch.Report(new("factorise", _steps.Measured,
            $"Factorising {r.Rows:N0} x {r.Columns:N0} with {r.NonZeros:N0} entries at rank {fitting.Rank}."));
        var begin = time.GetTimestamp();
        var start = Start(matrix, before, fitting.Rank);
        var svd = new SvdOptions { Seed = options.Seed, Tolerance = Tolerance, Threads = Threads, Start = start, Passed = Passed };
        var basis = SpectralBasis.Compute(r, fitting, svd, cancel);
        var model = SpectralModel.Fit(basis, fitting, Threads, cancel);
        if (start?.Length == model.Factors.Length)
        {
            FactorRotation.Align(model.Factors, start, basis.Factors!.SingularValues.AsSpan(0, model.Rank));
        }

        var factors = basis.Factors! with
        {
            V = model.Factors, UserVectors = Tastes(r, model, cancel), SingularValues = new float[model.Rank],
        };
        for (var column = 0; column < model.Rank; column++)
        {
            factors.SingularValues[column] = Length(factors.UserVectors, model.Rank, column);
        }

        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        logger.Factorised(r.NonZeros, factors.Rank, factors.Iterations, factors.Residual, seconds, factors.Backend);
        watch.Report(new("factorise", _steps.Factorised,
            $"Rank {factors.Rank}: {factors.Iterations} passes in {seconds:F2} s, residual {factors.Residual:E1}, "
            + $"{factors.Backend}."));
        return new(Snapshot(matrix, model, factors), factors, fitting, chosen.Tuned);
    }

    private void Passed(int pass, double residual) =>
        watch.Mark(new(TrainingCharts.Svd, "residual", pass, residual));

    private SpectralOptions Search(TemporalRanking choose, CancellationToken cancel)
    {
        var search = new SpectralSearchOptions { RankMax = options.Rank, Threads = Threads };
        var (from, width) = (_steps.Read, _steps.Tuned - _steps.Read);
        return SpectralSearch.Run(choose, search, new Relay<SearchProgress>(step =>
            watch.Report(new("tune", from + (width * step.Share), step.Message))), cancel);
    }

    // What is chosen, within what the matrix has and an artifact may carry.
    private static SpectralOptions Fitting(SpectralOptions chosen, CsrMatrix r) => chosen with
    {
        Rank = Math.Min(chosen.Rank, Math.Min(r.Rows, r.Columns)),
        Neighbours = Math.Min(chosen.Neighbours, NeighbourEntriesMax / r.Columns),
        LowPassWeight = Math.Max(chosen.LowPassWeight, LowPassWeightMin),
    };

    // The factors of the model before, of unit length, 0 for items that are new: a start for the solver.
    private static float[]? Start(BehaviourMatrix matrix, ModelSnapshot? before, int rank)
    {
        if (before is null)
        {
            return null;
        }

        var (factors, width) = (before.Factors, Math.Min(before.Factors.Rank, rank));
        var start = new float[(long)matrix.Items.Count * width];
        for (var item = 0; item < matrix.Items.Count; item++)
        {
            if (factors.RowOf(matrix.Items[item]) is var row and >= 0)
            {
                factors.Row(row)[..width].CopyTo(start.AsSpan(item * width));
            }
        }

        for (var column = 0; column < width; column++)
        {
            var length = Length(start, width, column);
            for (var place = column; place < start.Length && length > 0; place += width)
            {
                start[place] /= length;
            }
        }

        return start;
    }

    // Σ_j r_uj in_j F_j of each user, shape (m, k).
    private static float[] Tastes(CsrMatrix r, SpectralModel model, CancellationToken cancel)
    {
        var (items, users) = (new TallMatrix(r.Columns, model.Rank), new TallMatrix(r.Rows, model.Rank));
        for (var item = 0; item < r.Columns; item++)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(
                model.Factors.AsSpan(item * model.Rank, model.Rank), model.HistoryWeights[item], items.Row(item));
        }

        SparseProduct.Multiply(r, items, users, new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancel });
        return users.Values;
    }

    private static float Length(float[] values, int width, int column)
    {
        var sum = 0.0;
        for (var place = column; place < values.Length; place += width)
        {
            sum += (double)values[place] * values[place];
        }

        return (float)Math.Sqrt(sum);
    }

    private ModelSnapshot Snapshot(BehaviourMatrix matrix, SpectralModel model, SvdFactors factors) => new()
    {
        Version = ModelVersion.None,
        Factors = new(matrix.Items, model.Rank, model.Factors),
        HistoryWeights = model.HistoryWeights,
        TargetWeights = model.TargetWeights,
        Neighbours = model.Neighbours ?? ItemNeighbours.None,
        SingularValues = factors.SingularValues,
        Popularity = matrix.Popularity(),
        Weights = options.Weights,
        Reference = matrix.Reference,
        Users = matrix.Users.Count <= UsersMax ? new(matrix.Users, model.Rank, factors.UserVectors) : null,
    };

    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
