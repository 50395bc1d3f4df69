using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CsCheck;

namespace CouponGrains.Domain.Tests.Ranking;

public sealed class ExpectedValueTests
{
    private const int Items = 30;

    // Each costs 10.00 and earns half of it.
    private static readonly CatalogIndex Catalog = new(Enumerable.Range(0, Items).Select(i =>
        Samples.Item(i, $"C{i % 10}") with { Price = Samples.Dollars(10), MarginBasisPoints = 5_000 }));

    private static readonly ModelSnapshot Model = Samples.Model(Items, rank: 8, seed: 6);

    private static readonly Offer[] Offers =
    [
        .. Enumerable.Range(0, 10)
            .Select(c => Samples.Percent(1_000 + (100 * c), new() { Categories = [$"C{c}"] }, $"offer-{c}")),
    ];

    [Fact]
    public void The_value_of_a_redemption_is_the_margin_of_a_typical_cart_less_the_discount()
    {
        var use = OfferEstimate.Typical(Samples.Percent(2_000), Samples.Guardrails(), Catalog);
        Assert.Equal(new TypicalUse(1_000, 200, 500), use);
        var worth = new ResponseWorth { ViewMinor = 10, ClaimMinor = 20, SatisfactionMinor = 50, IssueCostMinor = 5 };
        var response = new ResponseScores(0.5f, 0.25f, 0.125f, 0.5f);
        Assert.Equal(
            (0.125 * (300 + (0.5 * 50))) + (0.5 * 10) + (0.25 * 20) - 5, ExpectedValue.Of(response, use, worth), 1e-6);
    }

    [Fact]
    public void With_a_response_model_the_largest_expected_value_comes_first_and_the_reasons_say_what_it_is()
    {
        var index = Index(new() { Diversity = 0 });
        // The offers furthest down the alphabet are redeemed most.
        var scorer = new FixedResponses(offer => new(0, 0, 0.01f * (offer + 1), 0));
        var valued = index.With(scorer);
        var ranked = OfferRanker.Rank(valued, Subject(index, 1), null, 20, Samples.Noon);
        var expected = Enumerable.Range(0, 10)
            .Select(o => (Offer: $"offer-{o}", Value: 0.01 * (o + 1) * (500 - (100 + (10 * o))))).ToList();
        Assert.Equal(
            expected.OrderByDescending(e => e.Value).Select(e => e.Offer), ranked.Select(r => r.Offer.Id.Value));
        var best = ranked[0];
        Assert.Equal(expected.Max(e => e.Value), best.Score, 1e-3);
        Assert.Equal(ResponseBasis.Model, best.Basis);
        Assert.Equal(0.1, best.Response!.Value.Redeem, 1e-6);
        Assert.Equal(best.Affinity, best.Reasons.Where(r => r.Kind == "past_item").Sum(r => r.Contribution), 1e-4);
        Assert.Equal(best.Score, best.Reasons.Single(r => r.Kind == "value").Contribution);
        Assert.Equal(2, best.Reasons.Count(r => r.Kind == "feature"));
    }

    [Fact]
    public void The_affinity_is_what_is_ranked_by_where_the_campaign_asks_for_it_or_nothing_tells_responses()
    {
        var asked = Index(new() { Diversity = 0, Objective = RankingObjective.Affinity });
        var scorer = new FixedResponses(_ => throw new InvalidOperationException("Nobody asked."));
        var byAffinity = OfferRanker.Rank(asked.With(scorer), Subject(asked, 1), null, 20, Samples.Noon);
        var without = Index(new() { Diversity = 0 });
        var noModel = OfferRanker.Rank(without, Subject(without, 1), null, 20, Samples.Noon);
        Assert.Equal(noModel.Select(r => r.Offer.Id), byAffinity.Select(r => r.Offer.Id));
        Assert.All(noModel, r => Assert.Equal((r.Affinity, null), (r.Score, r.Basis)));
    }

    [Fact]
    public void Only_the_closest_candidates_are_scored_by_the_response_model()
    {
        var index = Index(new() { Diversity = 0, Candidates = 3 });
        var scorer = new FixedResponses(_ => new(0, 0, 0.1f, 0));
        var subject = Subject(index, 1);
        var closest = OfferRanker.Rank(index, subject, null, 3, Samples.Noon).Select(r => r.Offer.Id).Order();
        var ranked = OfferRanker.Rank(index.With(scorer), subject, null, 3, Samples.Noon);
        Assert.Equal(closest, ranked.Select(r => r.Offer.Id).Order());
        Assert.Equal(3, Assert.Single(scorer.Asked).Length);
    }

    [Fact]
    public void Users_and_coupons_that_the_model_does_not_know_get_the_mean_of_their_segment_and_are_told()
    {
        var index = Index(new() { Diversity = 0 }, Samples.Percent(500, new() { Items = [Samples.Id(999)] }, "unknown"));
        var cold = index.With(new FixedResponses(_ => new(0, 0, 0.1f, 0), ResponseBasis.Segment));
        foreach (var ranked in OfferRanker.Rank(cold, Subject(index), null, 20, Samples.Noon))
        {
            Assert.Equal(ResponseBasis.Segment, ranked.Basis);
            Assert.Contains(ranked.Reasons, r => r.Kind == "segment");
        }

        var warm = index.With(new FixedResponses(_ => new(0, 0, 0.1f, 0)));
        var known = OfferRanker.Rank(warm, Subject(index, 1), null, 20, Samples.Noon);
        Assert.Equal(ResponseBasis.Segment, known.Single(r => r.Offer.Id.Value == "unknown").Basis);
        Assert.All(known.Where(r => r.Offer.Id.Value != "unknown"), r => Assert.Equal(ResponseBasis.Model, r.Basis));
    }

    [Fact]
    public void Equal_values_are_ranked_by_offer_id()
    {
        var same = Offers.Select(o => o with { PercentBasisPoints = 1_000 }).Reverse().ToArray();
        var index = OfferIndex.Build(Model, [(Campaign(new() { Diversity = 0 }), same)], Catalog)
            .With(new FixedResponses(_ => new(0, 0, 0.1f, 0)));
        var ranked = OfferRanker.Rank(index, Subject(index, 1, 2, 3), null, 20, Samples.Noon);
        Assert.Equal(Offers.Select(o => o.Id), ranked.Select(r => r.Offer.Id));
    }

    [Fact]
    public void The_frequencies_of_many_draws_are_the_propensities_told() => Gen.Select(
        Gen.Double[0, 0.5], Gen.Double[0, 1], Gen.Int[1, 12], Gen.Int[1, 4], Gen.Bool, Gen.Int[0, 1_000_000])
        .Sample((exploration, diversity, candidates, count, byValue, seed) =>
        {
            const int Draws = 10_000;
            var index = Index(new()
            {
                Exploration = exploration,
                Diversity = diversity,
                Candidates = candidates,
                Objective = byValue ? RankingObjective.ExpectedValue : RankingObjective.Affinity,
            }).With(new FixedResponses(offer => new(0, 0, ((offer * 37) % 11) / 20f, 0)));
            var subject = Subject(index, 2, 13);
            var random = new Random(seed);
            var (issued, shown) = (new Tally(), new Tally());
            for (var i = 0; i < Draws; i++)
            {
                issued.Add(OfferRanker.Choose(index, subject, Samples.Spring, Samples.Noon, random)!);
                foreach (var offer in OfferRanker.Show(index, subject, null, count, Samples.Noon, random))
                {
                    shown.Add(offer);
                }
            }

            issued.Check(Draws, 1);
            shown.Check(Draws, count);
        }, iter: 10, threads: 1);

    [Fact]
    public void A_list_without_exploration_is_the_ranking()
    {
        var index = Index(new() { Exploration = 0 });
        var subject = Subject(index, 2, 13);
        var shown = OfferRanker.Show(index, subject, null, 4, Samples.Noon, new Random(1));
        var ranked = OfferRanker.Rank(index, subject, null, 4, Samples.Noon);
        Assert.Equal(ranked.Select(r => r.Offer.Id), shown.Select(r => r.Offer.Id));
        Assert.All(shown, r => Assert.Equal(1, r.Propensity));
        Assert.Empty(OfferRanker.Show(index, subject, new("other"), 4, Samples.Noon, new Random(1)));
    }

    private static Campaign Campaign(RankingOptions options) => Samples.Campaign() with { Ranking = options };

    private static OfferIndex Index(RankingOptions options, params Offer[] more) =>
        OfferIndex.Build(Model, [(Campaign(options), [.. Offers, .. more])], Catalog);

    private static RankingSubject Subject(OfferIndex index, params int[] bought)
    {
        var profile = Samples.Profile();
        for (var i = 0; i < bought.Length; i++)
        {
            profile.Apply(Samples.Event(i + 1, EventKind.Purchase, bought[i], days: -i), null);
        }

        return new(profile, TasteVector.Fold(profile, index.Model!), []);
    }

    /// <summary>How often each offer came, and the propensity told with it, which must always be the same.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<OfferId, (int Count, double Propensity)> _seen = [];

        public void Add(RankedOffer offer)
        {
            var before = _seen.GetValueOrDefault(offer.Offer.Id, (0, offer.Propensity));
            Assert.Equal(before.Item2, offer.Propensity, 1e-12);
            _seen[offer.Offer.Id] = (before.Item1 + 1, offer.Propensity);
        }

        public void Check(int draws, int length)
        {
            foreach (var (offer, (count, propensity)) in _seen)
            {
                // Five standard deviations of a share, so that one in a million tests of a right policy fails.
                var spread = 5 * Math.Sqrt(Math.Max(propensity * (1 - propensity), 1e-4) / draws);
                Assert.True(
                    Math.Abs(((double)count / draws) - propensity) <= spread, $"{offer}: {count} of {draws}, {propensity}");
            }

            // Whatever can come has come, unless it is rare: the propensities of a list sum to its length.
            Assert.Equal(length, _seen.Values.Sum(s => s.Propensity), 0.02 * length);
        }
    }
}
