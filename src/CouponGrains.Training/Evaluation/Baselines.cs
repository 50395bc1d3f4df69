using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>Fills in the score of every item for some users, row by row: <paramref name="users"/> are rows of
/// <paramref name="histories"/>, <paramref name="scores"/> has the shape (users, items).</summary>
public delegate void ScoreUsers(CsrMatrix histories, ReadOnlySpan<int> users, Span<float> scores);

/// <summary>The models that ours is compared with.</summary>
internal static class Baselines
{
    /// <summary>An item's column sum, the same for everybody.</summary>
    public static ScoreUsers Popularity(CsrMatrix train)
    {
        var sums = new float[train.Columns];
        for (var p = 0; p < train.Indices.Length; p++)
        {
            sums[train.Indices[p]] += train.Values[p];
        }

        return (_, users, scores) =>
        {
            for (var i = 0; i < users.Length; i++)
            {
                sums.CopyTo(scores[(i * sums.Length)..]);
            }
        };
    }

    /// <summary>Truncated SVD of the matrix as it is, <c>s_u = r_u V Vᵀ</c>, iterated until it stands.</summary>
    public static ScoreUsers Svd(CsrMatrix train, int rank, int threads, CancellationToken cancel)
    {
        var options = new SvdOptions { Rank = rank, IterationsMax = 40, Tolerance = 1e-6, Threads = threads };
        var basis = new SpectralBasis(train, [.. Enumerable.Repeat(1.0, train.Columns)], TruncatedSvd.Decompose(train, options, cancel));
        var plain = new SpectralOptions
        {
            Rank = rank, Filter = SpectralFilter.Power, FilterShape = 0, LowPassWeight = 1, Neighbours = 0,
        };
        return SpectralModel.Fit(basis, null, plain, threads, cancel).Score;
    }
}
