using System.Buffers;
using System.Numerics.Tensors;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a coupon for one user: how much of what he buys it covers, by item and by ever wider
/// groups of items, how lately, how much anybody buys of it, and how close it is to his taste. Built once for an index;
/// immutable, a call allocates nothing.</summary>
/// <remarks>With s_i the user's decayed sum of an item seen from now (not negative), p_i its price over the catalog's median
/// and v_i the item's popularity times p_i, G a group of items (<see cref="ScopeLists"/>) and c the items of the coupon:
/// <code>
///   0       ln(0.1 + Σ_{i ∈ c} s_i p_i)                              own past, by value
///   1       ln(0.03 + Σ_{i ∈ c} s_i)                                 own past
///   2 … 5   ln(0.03 + Σ_G (Σ_{i ∈ G} s_i p_i) · v(c ∩ G) / v(G))     brand in category, category, the one above, the top
///   6       ln(0.001 + (1 + Σ_i s_i p_i) · v(c) / v)                 anybody's
///   7       e^(−days since the newest of his events on c / 60)
///   8       cos(u, e_c)
///   9       ln(1 + max(0, u · e_c))
/// </code>
/// An item that the model does not know counts nowhere.</remarks>
public sealed class PairFeatures
{
    /// <summary>How many numbers there are.</summary>
    public const int Width = 10;

    private const double RecencyDays = 60;

    private readonly OfferIndex _index;
    private readonly ScopeLists? _lists;

    /// <summary>For the offers of an index.</summary>
    public PairFeatures(OfferIndex index) => (_index, _lists) = (index, index.Model is null ? null : new(index));

    /// <summary>What an offer's scope is made of; nothing without a model.</summary>
    public ScopeFacts FactsOf(int offer) => _lists?.Facts[offer] ?? new(0, 0, 0, 0, 0, 1, 0);

    /// <summary>Fills them in row by row, shape (offers, <see cref="Width"/>). Throws without a model.</summary>
    public void Fill(
        UserProfile profile, TasteVector taste, ReadOnlySpan<int> offers, DateTimeOffset now, Span<float> z)
    {
        var lists = _lists ?? throw new InvalidOperationException("The index has no model.");
        var width = ScopeLists.Levels + 3;
        var sums = ArrayPool<float>.Shared.Rent(checked(_index.Offers.Count * width));
        var groups = ArrayPool<float>.Shared.Rent(lists.Groups);
        try
        {
            var parts = sums.AsSpan(0, _index.Offers.Count * width);
            parts.Clear();
            var ofGroups = groups.AsSpan(0, lists.Groups);
            ofGroups.Clear();
            var total = Gather(lists, profile, now, parts, width, ofGroups);
            Spread(lists, ofGroups, parts, width);
            var norm = TensorPrimitives.Norm<float>(taste.Values);
            for (var i = 0; i < offers.Length; i++)
            {
                Fill(lists, offers[i], parts.Slice(offers[i] * width, width), total, z.Slice(i * Width, Width));
                var dot = TensorPrimitives.Dot<float>(taste.Values, _index.Embedding(offers[i]));
                var norms = norm * _index.Norm(offers[i]);
                z[(i * Width) + 8] = norms > 0 ? dot / norms : 0;
                z[(i * Width) + 9] = MathF.Log(1 + MathF.Max(0, dot));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(sums);
            ArrayPool<float>.Shared.Return(groups);
        }
    }

    // For each offer: own sum, own value, recency; then one place for each level. Answers the value of all items.
    private float Gather(
        ScopeLists lists, UserProfile profile, DateTimeOffset now, Span<float> parts, int width, Span<float> groups)
    {
        var (total, factors) = (0f, _index.Model!.Factors);
        var rebase = profile.Weights.RebaseFactor(profile.Reference, now);
        foreach (var (id, history) in profile.Items)
        {
            var row = factors.RowOf(id);
            var sum = (float)Math.Max(0, history.DecayedSum * rebase);
            if (row < 0 || sum == 0)
            {
                continue;
            }

            var value = sum * lists.Prices[row];
            var recency = (float)Math.Exp(-Math.Max(0, (now - history.LastAt).TotalDays) / RecencyDays);
            total += value;
            for (var e = lists.ItemOffers.Starts[row]; e < lists.ItemOffers.Starts[row + 1]; e++)
            {
                var part = parts.Slice(lists.ItemOffers.Offers[e] * width, 3);
                part[0] += sum;
                part[1] += value;
                part[2] = Math.Max(part[2], recency);
            }

            foreach (var group in lists.GroupsOf.AsSpan(row * ScopeLists.Levels, ScopeLists.Levels))
            {
                if (group >= 0)
                {
                    groups[group] += value;
                }
            }
        }

        return total;
    }

    private static void Spread(ScopeLists lists, ReadOnlySpan<float> groups, Span<float> parts, int width)
    {
        var offers = lists.GroupOffers;
        for (var group = 0; group < groups.Length; group++)
        {
            for (var e = groups[group] > 0 ? offers.Starts[group] : int.MaxValue; e < offers.Starts[group + 1]; e++)
            {
                parts[(offers.Offers[e] * width) + 3 + lists.LevelOfGroup[group]] += groups[group] * offers.Weights[e];
            }
        }
    }

    private static void Fill(ScopeLists lists, int offer, ReadOnlySpan<float> part, float total, Span<float> z)
    {
        z[0] = MathF.Log(0.1f + part[1]);
        z[1] = MathF.Log(0.03f + part[0]);
        for (var level = 0; level < ScopeLists.Levels; level++)
        {
            z[2 + level] = MathF.Log(0.03f + part[3 + level]);
        }

        z[6] = (float)Math.Log(0.001 + ((1 + total) * lists.Facts[offer].ValueShare));
        z[7] = part[2];
    }
}
