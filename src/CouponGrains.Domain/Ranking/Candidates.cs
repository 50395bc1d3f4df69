using System.Buffers;
using System.Numerics.Tensors;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>An eligible offer.</summary>
/// <param name="Offer">Its place in the index.</param>
/// <param name="Affinity">Its affinity, scaled, or its popularity where there is no taste to go by.</param>
/// <param name="Scale">What the affinity was multiplied by.</param>
/// <param name="Score">What it is ranked by.</param>
/// <param name="Response">How the user is expected to respond; null if that was not asked.</param>
/// <param name="Basis">What that rests on.</param>
internal readonly record struct Candidate(
    int Offer, double Affinity, double Scale, double Score, ResponseScores? Response, ResponseBasis? Basis);

/// <summary>The offers that one user may be issued at one moment, and of them the closest ones, scored by what their
/// campaigns rank by. It is on the way of every answer, so it goes through all offers without hashing or
/// allocating for one.</summary>
internal sealed class Candidates
{
    private readonly OfferIndex _index;
    private readonly RankingSubject _subject;
    private readonly TasteVector? _taste;
    private readonly DateTimeOffset _now;
    private readonly List<int>?[] _eligible;
    private Candidate[] _ranked = [];
    private double[] _relevance = [];

    private Candidates(OfferIndex index, RankingSubject subject, DateTimeOffset now)
    {
        (_index, _subject, _now) = (index, subject, now);
        _taste = OfferRanker.IsPersonal(index, subject) ? subject.Taste : null;
        _eligible = new List<int>?[index.Numbered.Length];
    }

    /// <summary>Those that are ranked, the largest share of the best of its kind first; ties by offer id.</summary>
    internal ReadOnlySpan<Candidate> Ranked => _ranked;

    /// <summary>The score of each as a share of the largest of its kind, in the order of
    /// <see cref="Ranked"/>.</summary>
    internal ReadOnlySpan<double> Relevance => _relevance;

    /// <summary>The offers that a user may be issued, of one campaign or of all.</summary>
    /// <param name="index">What there is.</param>
    /// <param name="subject">The user.</param>
    /// <param name="campaign">Only this campaign, or null.</param>
    /// <param name="count">How many are wanted: at least so many are ranked, if there are.</param>
    /// <param name="eligibility">What he may be issued.</param>
    /// <param name="now">The time.</param>
    internal static Candidates Of(
        OfferIndex index, RankingSubject subject, CampaignId? campaign, int count, Eligibility eligibility,
            DateTimeOffset now)
    {
        var candidates = new Candidates(index, subject, now);
        var allowed = ArrayPool<bool>.Shared.Rent(index.Offers.Count);
        try
        {
            var most = candidates.Fill(campaign, eligibility, allowed);
            candidates.Rank(candidates.Closest(allowed, Math.Max(most, count)));
            return candidates;
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(allowed);
        }
    }

    /// <summary>The places of a campaign's eligible offers, in the order of their ids; empty if there are
    /// none.</summary>
    internal IReadOnlyList<int> EligibleOf(Campaign campaign)
    {
        for (var number = 0; number < _eligible.Length; number++)
        {
            if (ReferenceEquals(_index.Numbered[number], campaign))
            {
                return _eligible[number] ?? [];
            }
        }

        return [];
    }

    /// <summary>An eligible offer with its score, whether it is among those that are ranked or not.</summary>
    internal Candidate At(int offer)
    {
        foreach (var ranked in _ranked)
        {
            if (ranked.Offer == offer)
            {
                return ranked;
            }
        }

        Candidate[] one = [default];
        WithNeighbours((neighbours, norm) => one[0] = Close(offer, neighbours, norm));
        Score(one);
        return one[0];
    }

    /// <summary>Finds what is eligible, and answers how many candidates the campaigns that have some ask for.</summary>
    private int Fill(CampaignId? only, Eligibility eligibility, bool[] allowed)
    {
        var most = 0;
        for (var number = 0; number < _eligible.Length; number++)
        {
            if (only is null || _index.Numbered[number].Id == only)
            {
                _eligible[number] = [];
            }
        }

        for (var offer = 0; offer < _index.Offers.Count; offer++)
        {
            var number = _index.CampaignNumberOf(offer);
            var places = _eligible[number];
            allowed[offer] = places is not null && eligibility.Allows(offer);
            if (allowed[offer])
            {
                most = places!.Count > 0 ? most : Math.Max(most, _index.Numbered[number].Ranking.Candidates);
                places.Add(offer);
            }
        }

        return most;
    }

    /// <summary>The closest offers, or the most popular ones where there is no taste to go by; ties by offer
    /// id.</summary>
    private Candidate[] Closest(bool[] allowed, int most)
    {
        Candidate[] closest = [];
        WithNeighbours((neighbours, norm) => closest = _taste is null || Eligible <= most
            ? [.. _eligible.SelectMany(places => places ?? []).Select(i => Close(i, neighbours, norm))
                .OrderByDescending(c => c.Affinity).ThenBy(c => c.Offer).Take(most)]
            : Scan(allowed, most, neighbours, norm));
        return closest;
    }

    private int Eligible
    {
        get
        {
            var all = 0;
            foreach (var places in _eligible)
            {
                all += places?.Count ?? 0;
            }

            return all;
        }
    }

    private Candidate[] Scan(bool[] allowed, int most, double[] neighbours, double norm)
    {
        var offers = _index.Offers.Count;
        var found = ArrayPool<ScoredOffer>.Shared.Rent(most);
        var scales = ArrayPool<float>.Shared.Rent(offers);
        try
        {
            for (var i = 0; i < offers; i++)
            {
                scales[i] = allowed[i] ? (float)Scale(i, norm) : 0;
            }

            var count = _index.Affinities.Top(
                _taste!.Values, _index.Neighbours.IsEmpty ? [] : neighbours.AsSpan(0, offers), scales.AsSpan(0, offers),
                new Allowed(allowed), found.AsSpan(0, most));
            var closest = new Candidate[count];
            for (var i = 0; i < count; i++)
            {
                closest[i] = Close(found[i].Offer, neighbours, norm);
            }

            return closest;
        }
        finally
        {
            ArrayPool<ScoredOffer>.Shared.Return(found);
            ArrayPool<float>.Shared.Return(scales);
        }
    }

    /// <summary>Works with what the neighbours of the user's items say for each offer, and with the norm of
    /// <c>(u, r_u)</c> over the items that have neighbours.</summary>
    private void WithNeighbours(Action<double[], double> work)
    {
        var neighbours = ArrayPool<double>.Shared.Rent(_index.Offers.Count);
        try
        {
            work(neighbours, _taste is null ? 0 : Neighbours(_taste, neighbours));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(neighbours);
        }
    }

    private double Neighbours(TasteVector taste, double[] neighbours)
    {
        var parts = neighbours.AsSpan(0, _index.Offers.Count);
        var squares = (double)TensorPrimitives.SumOfSquares<float>(taste.Values);
        if (_index.Neighbours.IsEmpty)
        {
            parts.Clear();
            return Math.Sqrt(squares);
        }

        return Math.Sqrt(squares + _index.Neighbours.Score(_index.Model!.Factors, _subject.Profile, taste, parts));
    }

    private Candidate Close(int offer, double[] neighbours, double norm)
    {
        var scale = Scale(offer, norm);
        var affinity = _taste is null
            ? _index.Popularity(offer)
            : (TensorPrimitives.Dot<float>(_taste.Values, _index.Embedding(offer)) + neighbours[offer]) * scale;
        return new(offer, affinity, scale, affinity, null, null);
    }

    private double Scale(int offer, double norm)
    {
        if (_index.CampaignOf(offer).Ranking.Affinity == Affinity.Dot)
        {
            return 1;
        }

        var norms = norm * _index.AffinityNorm(offer);
        return norms > 0 ? 1 / norms : 0;
    }

    /// <summary>Values of different currencies, and values and affinities, do not compare: each counts as a share of
    /// the largest of its own kind.</summary>
    private void Rank(Candidate[] closest)
    {
        Score(closest);
        var relevance = new double[closest.Length];
        for (var i = 0; i < closest.Length; i++)
        {
            relevance[i] = closest[i].Score;
        }

        Span<bool> told = closest.Length <= 1_024 ? stackalloc bool[closest.Length] : new bool[closest.Length];
        for (var first = 0; first < closest.Length; first++)
        {
            if (told[first])
            {
                continue;
            }

            var largest = 0.0;
            for (var i = first; i < closest.Length; i++)
            {
                largest = SameKind(closest[first], closest[i]) ? Math.Max(largest, Math.Abs(closest[i].Score)) : largest;
            }

            for (var i = first; i < closest.Length; i++)
            {
                if (!told[i] && SameKind(closest[first], closest[i]))
                {
                    relevance[i] = largest > 0 ? closest[i].Score / largest : 0;
                    told[i] = true;
                }
            }
        }

        (_ranked, _relevance) = (closest, relevance);
        Order(_relevance, _ranked);
    }

    /// <summary>The largest relevance first; ties by offer id, which is the order of the places.</summary>
    private static void Order(double[] relevance, Candidate[] ranked)
    {
        Array.Sort(relevance, ranked);
        Array.Reverse(relevance);
        Array.Reverse(ranked);
        for (var begin = 0; begin < ranked.Length;)
        {
            var end = begin + 1;
            while (end < ranked.Length && relevance[end].Equals(relevance[begin]))
            {
                end++;
            }

            if (end - begin > 1)
            {
                ranked.AsSpan(begin, end - begin).Sort((a, b) => a.Offer.CompareTo(b.Offer));
            }

            begin = end;
        }
    }

    private bool SameKind(in Candidate a, in Candidate b)
    {
        var (x, y) = (_index.CampaignNumberOf(a.Offer), _index.CampaignNumberOf(b.Offer));
        if (a.Response is null != b.Response is null)
        {
            return false;
        }

        return x == y || (a.Response is null
            ? _index.Numbered[x].Ranking.Affinity == _index.Numbered[y].Ranking.Affinity
            : _index.Numbered[x].Budget.Currency == _index.Numbered[y].Budget.Currency);
    }

    private bool ByValue(int offer) => _index.Scorer is not null
        && _index.CampaignOf(offer).Ranking.Objective == RankingObjective.ExpectedValue;

    private void Score(Candidate[] candidates)
    {
        var (offers, scores) = (
            ArrayPool<int>.Shared.Rent(candidates.Length), ArrayPool<ResponseScores>.Shared.Rent(candidates.Length));
        try
        {
            var count = 0;
            foreach (var candidate in candidates)
            {
                if (ByValue(candidate.Offer))
                {
                    offers[count++] = candidate.Offer;
                }
            }

            if (count > 0)
            {
                var basis = _index.Scorer!.Score(_subject, offers.AsSpan(0, count), _now, scores.AsSpan(0, count));
                Take(candidates, scores, basis);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(offers);
            ArrayPool<ResponseScores>.Shared.Return(scores);
        }
    }

    private void Take(Candidate[] candidates, ResponseScores[] scores, ResponseBasis basis)
    {
        var next = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var offer = candidates[i].Offer;
            if (ByValue(offer))
            {
                var score = scores[next++];
                var isKnown = basis == ResponseBasis.Model && _index.Norm(offer) > 0;
                candidates[i] = candidates[i] with
                {
                    Score = ExpectedValue.Of(score, _index.Use(offer), _index.CampaignOf(offer).Ranking.Worth),
                    Response = score,
                    Basis = isKnown ? ResponseBasis.Model : ResponseBasis.Segment,
                };
            }
        }
    }

    private readonly struct Allowed(bool[] places) : IOfferFilter
    {
        public bool Allows(int offer) => places[offer];
    }
}
