namespace CouponGrains.Domain.Ranking;

/// <summary>The best of the offers put in so far, as a heap whose root is the worst of them: of equal ones the later.
/// Offers come in the order of their places.</summary>
internal ref struct BestOffers(Span<ScoredOffer> heap)
{
    private readonly Span<ScoredOffer> _heap = heap;
    private int _count;

    /// <summary>What an affinity must be above to be among them.</summary>
    internal float Least { get; private set; } = float.NegativeInfinity;

    /// <summary>Puts in an offer above <see cref="Least"/>.</summary>
    internal void Put(ScoredOffer offer)
    {
        if (_count < _heap.Length)
        {
            Rise(_count++, offer);
        }
        else
        {
            Sink(offer, _count);
        }

        if (_count == _heap.Length)
        {
            Least = _heap[0].Affinity;
        }
    }

    /// <summary>Orders them, the best first, and answers how many there are. Nothing can be put in any more.</summary>
    internal readonly int Sort()
    {
        for (var last = _count - 1; last > 0; last--)
        {
            var worst = _heap[0];
            Sink(_heap[last], last);
            _heap[last] = worst;
        }

        return _count;
    }

    private static bool IsWorse(ScoredOffer a, ScoredOffer b) =>
        a.Affinity < b.Affinity || (a.Affinity == b.Affinity && a.Offer > b.Offer);

    private readonly void Rise(int place, ScoredOffer offer)
    {
        for (var above = (place - 1) / 2; place > 0 && IsWorse(offer, _heap[above]); above = (place - 1) / 2)
        {
            _heap[place] = _heap[above];
            place = above;
        }

        _heap[place] = offer;
    }

    /// <summary>Puts an offer in place of the root of the first <paramref name="count"/>.</summary>
    private readonly void Sink(ScoredOffer offer, int count)
    {
        var place = 0;
        for (var below = 1; below < count; below = (2 * place) + 1)
        {
            below += below + 1 < count && IsWorse(_heap[below + 1], _heap[below]) ? 1 : 0;
            if (!IsWorse(_heap[below], offer))
            {
                break;
            }

            _heap[place] = _heap[below];
            place = below;
        }

        _heap[place] = offer;
    }
}
