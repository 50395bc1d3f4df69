using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CouponGrains.Domain.Ranking;

/// <summary>Which offers of an index are looked for.</summary>
public interface IOfferFilter
{
    /// <summary>True if the offer at this place may be among those found. It is asked only of offers that are good
    /// enough.</summary>
    bool Allows(int offer);
}

/// <summary>An offer with its affinity.</summary>
/// <param name="Offer">Its place in the index.</param>
/// <param name="Affinity">How close it is to the user.</param>
public readonly record struct ScoredOffer(int Offer, float Affinity);

/// <summary>The offers with the largest affinity, found in one pass over all embeddings: no sorting of all and no
/// memory beyond the answer. Built once for an index; immutable.</summary>
/// <remarks>The rows e_c are kept in blocks of <see cref="BlockOffers"/>, in each the first numbers of all of them,
/// then the second numbers, and so on. So the dot products of a vector of offers are summed side by side, nothing is
/// added across lanes, and the matrix is read once from its first number to its last. What is found is kept in a heap
/// of the length of the answer; a block none of whose offers is above the least of it costs one comparison.</remarks>
public sealed unsafe class AffinityScan
{
    private const int Lanes = 16;
    private const int BlockOffers = 4 * Lanes;

    private readonly float[] _rows;
    private readonly int _begin;
    private readonly int _rank;

    /// <summary>Takes the rows in.</summary>
    /// <param name="embeddings">One row for each offer, shape (offers, k).</param>
    /// <param name="offers">How many.</param>
    /// <param name="rank">k.</param>
    public AffinityScan(ReadOnlySpan<float> embeddings, int offers, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(embeddings.Length, checked(offers * rank));
        (Count, _rank) = (offers, rank);
        var length = checked((offers + BlockOffers - 1) / BlockOffers * BlockOffers * rank);

        // Pinned, and begun where a line of the cache begins: a vector that lies across two lines is read twice.
        _rows = GC.AllocateArray<float>(length + Lanes, pinned: true);
        _begin = (int)(-(nint)Unsafe.AsPointer(ref _rows[0]) & 63) / sizeof(float);
        for (var offer = 0; offer < offers; offer++)
        {
            var (block, place) = (offer / BlockOffers, offer % BlockOffers);
            for (var k = 0; k < rank; k++)
            {
                _rows[_begin + (((block * rank) + k) * BlockOffers) + place] = embeddings[(offer * rank) + k];
            }
        }
    }

    /// <summary>How many offers there are.</summary>
    public int Count { get; }

    /// <summary>Finds the offers with the largest <c>u · e_c</c>, the best first; of equal ones the first.</summary>
    /// <param name="taste">u, shape (k).</param>
    /// <param name="best">Where they go.</param>
    /// <returns>How many there are.</returns>
    public int Top(ReadOnlySpan<float> taste, Span<ScoredOffer> best) => Top(taste, [], [], default(All), best);

    /// <summary>Finds the allowed offers with the largest <c>(u · e_c + a_c) s_c</c>, the best first; of equal ones the
    /// first. An offer whose affinity is not a number is not found.</summary>
    /// <param name="taste">u, shape (k).</param>
    /// <param name="added">a, what the neighbours of the user's items say, shape (offers); empty counts as
    /// zeros.</param>
    /// <param name="scales">s, shape (offers); empty counts as ones.</param>
    /// <param name="filter">Which offers are allowed.</param>
    /// <param name="best">Where they go.</param>
    /// <returns>How many there are: as many as <paramref name="best"/> has room for, or all allowed ones.</returns>
    public int Top<TFilter>(
        ReadOnlySpan<float> taste, ReadOnlySpan<double> added, ReadOnlySpan<float> scales, TFilter filter,
        Span<ScoredOffer> best)
        where TFilter : IOfferFilter
    {
        if (taste.Length != _rank || (added.Length != 0 && added.Length != Count)
            || (scales.Length != 0 && scales.Length != Count))
        {
            throw new ArgumentException($"The taste, and what is added, must fit {Count} offers of {_rank} numbers.");
        }

        if (best.Length == 0)
        {
            return 0;
        }

        var found = new BestOffers(best);
        var scores = stackalloc float[BlockOffers];
        fixed (float* rows = _rows, u = taste)
        {
            for (var first = 0; first < Count; first += BlockOffers)
            {
                // The length was checked when the rows were taken in.
                Multiply(u, unchecked(rows + _begin + ((nint)first * _rank)), scores);
                var offers = Math.Min(BlockOffers, Count - first);
                if (!added.IsEmpty)
                {
                    Add(added.Slice(first, offers), scores);
                }

                if (!scales.IsEmpty)
                {
                    var some = new Span<float>(scores, offers);
                    TensorPrimitives.Multiply(some, scales.Slice(first, offers), some);
                }

                if (IsAnyAbove(scores, found.Least))
                {
                    Take(new(scores, offers), first, filter, ref found);
                }
            }
        }

        return found.Sort();
    }

    private static void Take<TFilter>(ReadOnlySpan<float> scores, int first, TFilter filter, ref BestOffers found)
        where TFilter : IOfferFilter
    {
        for (var place = 0; place < scores.Length; place++)
        {
            if (scores[place] > found.Least && filter.Allows(first + place))
            {
                found.Put(new(first + place, scores[place]));
            }
        }
    }

    private void Multiply(float* u, float* block, float* scores)
    {
        unchecked
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var end = u + _rank; u < end; u++, block += BlockOffers)
            {
                var value = Vector512.Create(*u);
                s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(block), s0);
                s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(block + Lanes), s1);
                s2 = Vector512.MultiplyAddEstimate(value, Vector512.Load(block + (2 * Lanes)), s2);
                s3 = Vector512.MultiplyAddEstimate(value, Vector512.Load(block + (3 * Lanes)), s3);
            }

            s0.Store(scores);
            s1.Store(scores + Lanes);
            s2.Store(scores + (2 * Lanes));
            s3.Store(scores + (3 * Lanes));
        }
    }

    private static void Add(ReadOnlySpan<double> added, float* scores)
    {
        var place = 0;
        for (; place + Lanes <= added.Length; place += Lanes)
        {
            var lower = Vector512.Create(added[place..]);
            var upper = Vector512.Create(added[(place + (Lanes / 2))..]);
            (Vector512.Load(scores + place) + Vector512.Narrow(lower, upper)).Store(scores + place);
        }

        for (; place < added.Length; place++)
        {
            scores[place] += (float)added[place];
        }
    }

    private static bool IsAnyAbove(float* scores, float least)
    {
        var bound = Vector512.Create(least);
        return (Vector512.GreaterThan(Vector512.Load(scores), bound)
            | Vector512.GreaterThan(Vector512.Load(scores + Lanes), bound)
            | Vector512.GreaterThan(Vector512.Load(scores + (2 * Lanes)), bound)
            | Vector512.GreaterThan(Vector512.Load(scores + (3 * Lanes)), bound)) != Vector512<float>.Zero;
    }

    private readonly struct All : IOfferFilter
    {
        public bool Allows(int offer) => true;
    }
}
