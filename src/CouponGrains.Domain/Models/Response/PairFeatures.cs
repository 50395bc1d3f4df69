using System.Numerics.Tensors;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a coupon for one user. Built once for an index.</summary>
public sealed class PairFeatures(OfferIndex index)
{
    /// <summary>How many numbers there are.</summary>
    public const int Width = 1;

    /// <summary>Fills them in row by row, shape (offers, <see cref="Width"/>).</summary>
    public void Fill(
        UserProfile profile, TasteVector taste, ReadOnlySpan<int> offers, DateTimeOffset now, Span<float> z)
    {
        for (var i = 0; i < offers.Length; i++)
        {
            z[i] = TensorPrimitives.Dot<float>(taste.Values, index.Embedding(offers[i]));
        }
    }
}
