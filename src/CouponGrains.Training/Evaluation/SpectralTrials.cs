using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>Fits and measures one set of options after the other, each once, and keeps the best. What a fit shares
/// with the one before it, the decomposition and the strongest neighbours, is not computed again.</summary>
internal sealed class SpectralTrials(
    HeldOutRanking validation, SpectralSearchOptions limits, int rankMax, IProgress<SearchProgress> progress,
    CancellationToken cancel)
{
    private readonly HashSet<SpectralOptions> _tried = [];
    private (SpectralOptions Key, SpectralBasis Value)? _basis;
    private (SpectralOptions Key, ItemNeighbours Value)? _kept;
    private (SpectralOptions Key, ItemNeighbours? Value)? _shaped;

    /// <summary>The largest rank that may be tried.</summary>
    public int RankMax => rankMax;

    /// <summary>The best so far; the first of equal ones.</summary>
    public SpectralOptions Best { get; private set; } = new();

    /// <summary>Its figure.</summary>
    public double BestFigure { get; private set; } = double.NegativeInfinity;

    /// <summary>True once no more may be fitted.</summary>
    public bool IsSpent => _tried.Count >= Math.Max(1, limits.FitsMax);

    /// <summary>Fits and measures, if these options were not tried before; true if they are the best now.</summary>
    public bool Try(SpectralOptions options)
    {
        cancel.ThrowIfCancellationRequested();
        if (IsSpent || !_tried.Add(options))
        {
            return false;
        }

        var basis = Basis(options);
        var model = SpectralModel.Fit(basis, Neighbours(basis, options), options);
        var figure = validation.Figure(model.Score, limits.Threads, cancel);
        var isBest = figure > BestFigure;
        if (isBest)
        {
            (Best, BestFigure) = (options, figure);
        }

        progress.Report(new(Math.Min(1, (double)_tried.Count / limits.FitsMax),
            $"fit {_tried.Count}: validation {figure:F4}{(isBest ? ", best so far," : "")} with {options}"));
        return isBest;
    }

    // A smaller rank is the beginning of a larger one; where more than was thought is asked for, all is computed at
    // once.
    private SpectralBasis Basis(SpectralOptions options)
    {
        var rank = SpectralBasis.Needs(options) ? options.Rank : 0;
        var sameExponents = _basis is { } last && last.Key == ExponentsOf(options);
        if (!sameExponents || (_basis!.Value.Value.Factors?.Rank ?? 0) < rank)
        {
            var needed = ExponentsOf(options) with
            {
                LowPassWeight = rank > 0 ? 1 : 0,
                Rank = sameExponents && _basis!.Value.Value.Factors is not null ? rankMax : options.Rank,
            };
            _basis = (ExponentsOf(options), SpectralBasis.Compute(validation.Train, needed, limits.Threads, cancel));
        }

        return _basis!.Value.Value;
    }

    private static SpectralOptions ExponentsOf(SpectralOptions options) => new()
    {
        UserExponent = options.UserExponent, ItemExponent = options.ItemExponent,
    };

    private ItemNeighbours? Neighbours(SpectralBasis basis, SpectralOptions options)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.Threads, CancellationToken = cancel };
        var ofKept = ExponentsOf(options) with { Neighbours = options.Neighbours };
        if (options.Neighbours > 0 && _kept?.Key != ofKept)
        {
            _kept = (ofKept, SpectralNeighbours.Strongest(basis.Normalised, options.Neighbours, parallel));
        }

        var ofShaped = ofKept with
        {
            NeighbourPower = options.NeighbourPower, Sharpening = options.Sharpening, RepeatWeight = options.RepeatWeight,
            Rank = options.Sharpening > 0 ? options.Rank : 0,
        };
        if (_shaped?.Key != ofShaped)
        {
            var kept = options.Neighbours > 0 ? _kept!.Value.Value : null;
            _shaped = (ofShaped, SpectralNeighbours.Shape(kept, basis, options, parallel));
        }

        return _shaped!.Value.Value;
    }
}
