using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>Chooses the options of the spectral model on held-out training entries: one stage after the other, each
/// stage's variants of the best so far are fitted and measured, and the best is kept (coordinate descent).</summary>
internal static class SpectralSearch
{
    /// <summary>Answers the options with the largest mean of the two figures; the first of equal ones.</summary>
    public static SpectralOptions Run(
        HeldOutRanking validation, SpectralOptions start, IReadOnlyList<Func<SpectralOptions, SpectralOptions[]>> stages,
        int threads, IProgress<string> progress, CancellationToken cancel)
    {
        var (best, bestFigure) = (start, double.NegativeInfinity);
        var tried = new HashSet<SpectralOptions>();
        (SpectralOptions Key, SpectralBasis Value)? basis = null;
        (SpectralOptions Key, CsrMatrix? Value)? neighbours = null;
        foreach (var stage in stages)
        {
            foreach (var options in stage(best).Where(tried.Add))
            {
                var (ofBasis, ofNeighbours) = (BasisKey(options), NeighboursKey(options));
                basis = basis?.Key == ofBasis
                    ? basis
                    : (ofBasis, SpectralBasis.Compute(validation.Train, ofBasis, threads, cancel));
                neighbours = neighbours?.Key == ofNeighbours
                    ? neighbours
                    : (ofNeighbours, SpectralModel.BuildNeighbours(basis.Value.Value, options, threads, cancel));
                var model = SpectralModel.Fit(basis.Value.Value, neighbours.Value.Value, options);
                var figures = validation.Measure(model.Score, threads, cancel);
                progress.Report($"validation {figures.Hits:F4} {figures.Ndcg:F4} with {options}");
                (best, bestFigure) = figures.Mean > bestFigure ? (options, figures.Mean) : (best, bestFigure);
            }
        }

        return best;
    }

    // What a basis depends on, and neighbours: options of the same key share them.
    private static SpectralOptions BasisKey(SpectralOptions options) => new()
    {
        UserExponent = options.UserExponent, ItemExponent = options.ItemExponent,
        Rank = options.LowPassWeight > 0 ? options.Rank : 0,
    };

    private static SpectralOptions NeighboursKey(SpectralOptions options) => new()
    {
        UserExponent = options.UserExponent, ItemExponent = options.ItemExponent,
        Neighbours = options.Neighbours, NeighbourPower = options.NeighbourPower,
    };
}
