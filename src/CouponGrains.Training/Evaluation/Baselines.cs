using System.Numerics.Tensors;
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

    /// <summary>The user's own items by their weight, then all others by popularity.</summary>
    public static ScoreUsers OwnPast(CsrMatrix train)
    {
        var popularity = Popularity(train);
        return (histories, users, scores) =>
        {
            popularity(histories, users, scores);
            for (var i = 0; i < users.Length; i++)
            {
                // Popularity is pressed below 1 and what is his own lies above.
                var row = scores.Slice(i * train.Columns, train.Columns);
                TensorPrimitives.Divide(row, 1 + TensorPrimitives.Max<float>(row), row);
                var items = histories.RowIndices(users[i]);
                var weights = histories.RowValues(users[i]);
                for (var p = 0; p < items.Length; p++)
                {
                    row[items[p]] = 1 + weights[p];
                }
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
        return SpectralModel.Fit(basis, null, plain).Score;
    }
}
