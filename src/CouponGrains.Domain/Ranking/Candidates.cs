using System.Buffers;
using System.Numerics.Tensors;
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
/// campaigns rank by.</summary>
internal sealed class Candidates
{
    private readonly OfferIndex _index;
    private readonly RankingSubject _subject;
    private readonly TasteVector? _taste;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<CampaignId, List<int>> _eligible = [];

    private Candidates(OfferIndex index, RankingSubject subject, DateTimeOffset now)
    {
        (_index, _subject, _now) = (index, subject, now);
        _taste = OfferRanker.IsPersonal(index, subject) ? subject.Taste : null;
    }

    /// <summary>Those that are ranked, the largest share of the best of its kind first; ties by offer id.</summary>
    internal IReadOnlyList<(Candidate Candidate, double Relevance)> Ranked { get; private set; } = [];

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
            candidates.Ranked = candidates.Rank(candidates.Closest(allowed, Math.Max(most, count)));
            return candidates;
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(allowed);
        }
    }

    /// <summary>The places of a campaign's eligible offers, in the order of their ids; empty if there are none.</summary>
    internal IReadOnlyList<int> EligibleOf(CampaignId campaign) => _eligible.GetValueOrDefault(campaign) ?? [];

    /// <summary>An eligible offer with its score, whether it is among those that are ranked or not.</summary>
    internal Candidate At(int offer)
    {
        foreach (var (ranked, _) in Ranked)
        {
            if (ranked.Offer == offer)
            {
                return ranked;
            }
        }

        var one = WithNeighbours((neighbours, norm) => new List<Candidate> { Close(offer, neighbours, norm) });
        Score(one);
        return one[0];
    }

    /// <summary>Finds what is eligible, and answers how many candidates the campaigns that have some ask for.</summary>
    private int Fill(CampaignId? campaign, Eligibility eligibility, bool[] allowed)
    {
        var most = 0;
        for (var i = 0; i < _index.Offers.Count; i++)
        {
            var offer = _index.Offers[i];
            allowed[i] = (campaign is null || offer.Campaign == campaign) && eligibility.Allows(offer);
            if (!allowed[i])
            {
                continue;
            }

            if (!_eligible.TryGetValue(offer.Campaign, out var places))
            {
                _eligible.Add(offer.Campaign, places = []);
                most = Math.Max(most, _index.Campaigns[offer.Campaign].Ranking.Candidates);
            }

            places.Add(i);
        }

        return most;
    }

    /// <summary>The closest offers, or the most popular ones where there is no taste to go by; ties by offer id.</summary>
    private List<Candidate> Closest(bool[] allowed, int most)
    {
        var eligible = _eligible.Values.Sum(places => places.Count);
        return WithNeighbours((neighbours, norm) =>
        {
            if (_taste is null || eligible <= most)
            {
                return [.. _eligible.Values.SelectMany(places => places).Select(i => Close(i, neighbours, norm))
                    .OrderByDescending(c => c.Affinity).ThenBy(c => c.Offer).Take(most)];
            }

            var found = ArrayPool<ScoredOffer>.Shared.Rent(most);
            var scales = ArrayPool<float>.Shared.Rent(_index.Offers.Count);
            try
            {
                for (var i = 0; i < _index.Offers.Count; i++)
                {
                    scales[i] = allowed[i] ? (float)Scale(i, norm) : 0;
                }

                var count = _index.Affinities.Top(
                    _taste.Values, _index.Neighbours.IsEmpty ? [] : neighbours.AsSpan(0, _index.Offers.Count),
                    scales.AsSpan(0, _index.Offers.Count), new Allowed(allowed), found.AsSpan(0, most));
                return found[..count].Select(f => Close(f.Offer, neighbours, norm)).ToList();
            }
            finally
            {
                ArrayPool<ScoredOffer>.Shared.Return(found);
                ArrayPool<float>.Shared.Return(scales);
            }
        });
    }

    /// <summary>Works with what the neighbours of the user's items say for each offer, and with the norm of
    /// <c>(u, r_u)</c> over the items that have neighbours.</summary>
    private List<Candidate> WithNeighbours(Func<double[], double, List<Candidate>> work)
    {
        var neighbours = ArrayPool<double>.Shared.Rent(_index.Offers.Count);
        try
        {
            return work(neighbours, _taste is null ? 0 : Neighbours(_taste, neighbours));
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
        if (_index.Campaigns[_index.Offers[offer].Campaign].Ranking.Affinity == Affinity.Dot)
        {
            return 1;
        }

        var norms = norm * _index.AffinityNorm(offer);
        return norms > 0 ? 1 / norms : 0;
    }

    private bool ByValue(int offer) => _index.Scorer is not null
        && _index.Campaigns[_index.Offers[offer].Campaign].Ranking.Objective == RankingObjective.ExpectedValue;

    private List<(Candidate, double)> Rank(List<Candidate> closest)
    {
        Score(closest);
        // Values of different currencies, and values and affinities, do not compare: each counts as a share of the largest
        // of its own kind.
        return [.. closest.GroupBy(Kind)
            .SelectMany(kind =>
            {
                var largest = kind.Max(c => Math.Abs(c.Score));
                return kind.Select(c => (Candidate: c, Relevance: largest > 0 ? c.Score / largest : 0));
            })
            .OrderByDescending(c => c.Relevance).ThenBy(c => c.Candidate.Offer)];
    }

    private object Kind(Candidate candidate)
    {
        var campaign = _index.Campaigns[_index.Offers[candidate.Offer].Campaign];
        return candidate.Response is null ? campaign.Ranking.Affinity : campaign.Budget.Currency;
    }

    private void Score(List<Candidate> candidates)
    {
        int[] places = [.. Enumerable.Range(0, candidates.Count).Where(i => ByValue(candidates[i].Offer))];
        if (places.Length == 0)
        {
            return;
        }

        var offers = Array.ConvertAll(places, place => candidates[place].Offer);
        var scores = new ResponseScores[offers.Length];
        var basis = _index.Scorer!.Score(_subject, offers, _now, scores);
        for (var i = 0; i < scores.Length; i++)
        {
            var worth = _index.Campaigns[_index.Offers[offers[i]].Campaign].Ranking.Worth;
            var isKnown = basis == ResponseBasis.Model && _index.Norm(offers[i]) > 0;
            candidates[places[i]] = candidates[places[i]] with
            {
                Score = ExpectedValue.Of(scores[i], _index.Use(offers[i]), worth),
                Response = scores[i],
                Basis = isKnown ? ResponseBasis.Model : ResponseBasis.Segment,
            };
        }
    }

    private readonly struct Allowed(bool[] places) : IOfferFilter
    {
        public bool Allows(int offer) => places[offer];
    }
}
