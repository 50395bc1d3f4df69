using System.Buffers;
using System.Numerics.Tensors;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a coupon for one user: how much of what he buys it covers, by item and by ever
/// wider groups of items, how lately, how much anybody buys of it, and how close it is to his taste. Built once for an
/// index; immutable, a call allocates nothing.</summary>
/// <remarks>With s_i the user's decayed sum of an item seen from now (not negative), p_i its price over the catalog's
/// median and v_i the item's popularity times p_i, G a group of items (<see cref="ScopeLists"/>) and c the items of the
/// coupon:
/// <code>
///   0       ln(0.1 + Σ_{i ∈ c} s_i p_i)                              own past, by value
///   1       ln(0.03 + Σ_{i ∈ c} s_i)                                 own past
///   2 … 5   ln(0.03 + Σ_G (Σ_{i ∈ G} s_i p_i) · v(c ∩ G) / v(G))     brand in category, category, the one above, the
/// top   6       ln(0.001 + (1 + Σ_i s_i p_i) · v(c) / v)                 anybody's
///   7       e^(−days since the newest of his events on c / 60)
///   8       cos(u, e_c)
///   9       ln(1 + max(0, u · e_c))
/// </code>
/// An item that the model does not know counts nowhere.</remarks>
public sealed class PairFeatures
{
    /// <summary>How many numbers there are.</summary>
    public const int Width = 10;

    // The first features, and the last one, are logarithms.
    private const int Logarithms = 7;
    private const double RecencyDays = 60;

    // As far as an event's own decay goes, so that no clock makes a sum infinite.
    private const double RebaseMax = 1 << 30;

    // What is summed up of a candidate: his own past, the same by value, recency; then one place for each level.
    private const int OwnParts = 3;
    private const int PartWidth = OwnParts + ScopeLists.Levels;

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
        var numbers = ArrayPool<float>.Shared.Rent(checked((offers.Length * (Width + PartWidth)) + lists.Groups));
        var places = ArrayPool<int>.Shared.Rent(_index.Offers.Count);
        try
        {
            var groups = numbers.AsSpan(0, lists.Groups);
            var parts = numbers.AsSpan(lists.Groups, offers.Length * PartWidth);
            var logs = numbers.AsSpan(lists.Groups + parts.Length, offers.Length * Width);
            var slots = places.AsSpan(0, _index.Offers.Count);
            groups.Clear();
            parts.Clear();
            slots.Clear();
            for (var i = 0; i < offers.Length; i++)
            {
                slots[offers[i]] = i + 1;
            }

            var total = Gather(lists, profile, now, slots, parts, groups);
            Spread(lists, offers, slots, groups, parts);
            var norm = TensorPrimitives.Norm<float>(taste.Values);
            z = z[..logs.Length];
            for (var i = 0; i < offers.Length; i++)
            {
                // An offer that is asked for twice has what was summed up at its last place.
                var part = parts.Slice((slots[offers[i]] - 1) * PartWidth, PartWidth);
                Fill(lists.Facts[offers[i]], part, total, z.Slice(i * Width, Width));
                FillTaste(taste, offers[i], norm, z.Slice(i * Width, Width));
            }

            TensorPrimitives.Log(z, logs);
            for (var i = 0; i < z.Length; i += Width)
            {
                logs.Slice(i, Logarithms).CopyTo(z[i..]);
                z[i + Width - 1] = logs[i + Width - 1];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(numbers);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>What the user's items tell of the candidates themselves, and by group; answers the value of all
    /// items.</summary>
    private float Gather(
        ScopeLists lists, UserProfile profile, DateTimeOffset now, ReadOnlySpan<int> slots, Span<float> parts,
        Span<float> groups)
    {
        var (total, factors) = (0f, _index.Model!.Factors);
        var rebase = Math.Min(profile.Weights.RebaseFactor(profile.Reference, now), RebaseMax);
        foreach (var (id, history) in profile.HeldItems)
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
            foreach (var offer in lists.ItemOffers.Values.AsSpan(
                lists.ItemOffers.Starts[row]..lists.ItemOffers.Starts[row + 1]))
            {
                if (slots[offer] is var slot and > 0)
                {
                    var part = parts.Slice((slot - 1) * PartWidth, PartWidth);
                    part[0] += sum;
                    part[1] += value;
                    part[2] = Math.Max(part[2], recency);
                }
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

    /// <summary>What his groups tell of the candidates. An offer on few groups looks for them; on the others, which are
    /// on many that he never touched, those that he did touch look for theirs.</summary>
    private static void Spread(
        ScopeLists lists, ReadOnlySpan<int> offers, ReadOnlySpan<int> slots, ReadOnlySpan<float> groups,
        Span<float> parts)
    {
        for (var i = 0; i < offers.Length; i++)
        {
            var (own, shares) = (lists.OfferGroups.Values, lists.OfferGroups.Weights);
            var part = parts.Slice(i * PartWidth, PartWidth);
            for (var e = lists.OfferGroups.Starts[offers[i]]; e < lists.OfferGroups.Starts[offers[i] + 1]; e++)
            {
                part[OwnParts + lists.LevelOfGroup[own[e]]] += groups[own[e]] * shares[e];
            }
        }

        for (var group = 0; group < groups.Length && lists.GroupOffers.Values.Length > 0; group++)
        {
            var (own, shares) = (lists.GroupOffers.Values, lists.GroupOffers.Weights);
            for (var e = groups[group] > 0 ? lists.GroupOffers.Starts[group] : int.MaxValue;
                e < lists.GroupOffers.Starts[group + 1]; e++)
            {
                if (slots[own[e]] is var slot and > 0)
                {
                    parts[((slot - 1) * PartWidth) + OwnParts + lists.LevelOfGroup[group]] += groups[group] * shares[e];
                }
            }
        }
    }

    /// <summary>The features but those of the taste, and those that are logarithms before these are taken.</summary>
    private static void Fill(ScopeFacts facts, ReadOnlySpan<float> part, float total, Span<float> z)
    {
        z[0] = 0.1f + part[1];
        z[1] = 0.03f + part[0];
        for (var level = 0; level < ScopeLists.Levels; level++)
        {
            z[2 + level] = 0.03f + part[OwnParts + level];
        }

        z[6] = (float)(0.001 + ((1 + total) * facts.ValueShare));
        z[7] = part[2];
    }

    private void FillTaste(TasteVector taste, int offer, float norm, Span<float> z)
    {
        var dot = TensorPrimitives.Dot<float>(taste.Values, _index.Embedding(offer));
        var norms = norm * _index.Norm(offer);
        z[8] = norms > 0 ? dot / norms : 0;
        z[9] = 1 + MathF.Max(0, dot);
    }
}
