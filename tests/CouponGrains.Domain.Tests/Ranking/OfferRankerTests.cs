using System.Numerics.Tensors;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CsCheck;

namespace CouponGrains.Domain.Tests.Ranking;

public sealed class OfferRankerTests
{
    private const int Items = 30;

    private static readonly CatalogIndex Catalog =
        new(Enumerable.Range(0, Items).Select(i => Samples.Item(i, $"C{i % 10}")));
    private static readonly ModelSnapshot Model = Samples.Model(Items, rank: 8, seed: 6);

    // One offer for each category, and one of all.
    private static readonly Offer[] Offers =
    [
        .. Enumerable.Range(0, 10).Select(c => Samples.Percent(1_000, new() { Categories = [$"C{c}"] }, $"offer-{c}")),
        Samples.Percent(500, id: "offer-all"),
    ];

    [Theory]
    [InlineData(Affinity.Dot)]
    [InlineData(Affinity.Cosine)]
    public void The_reasons_sum_to_the_score(Affinity affinity)
    {
        var index = Index(new() { Affinity = affinity });
        Gen.Int[0, Items + 5].Array[1, 40].Sample(bought =>
        {
            var subject = Subject(index, bought);
            foreach (var ranked in OfferRanker.Rank(index, subject, null, 20, Samples.Noon))
            {
                Assert.Equal(OfferRanker.IsPersonal(index, subject), ranked.Reasons[0].Kind == "past_item");
                if (ranked.Reasons[0].Kind == "past_item")
                {
                    Assert.Equal(ranked.Score, ranked.Reasons.Sum(r => r.Contribution), 1e-4);
                    Assert.InRange(ranked.Reasons.Count(r => r.Item is not null), 0, 3);
                    Assert.True(ranked.Reasons.Count(r => r.Item is null) <= 1);
                }
            }
        }, iter: 300);
    }

    [Fact]
    public void Without_diversity_offers_come_by_score_and_the_score_is_the_affinity()
    {
        foreach (var affinity in Enum.GetValues<Affinity>())
        {
            var index = Index(new() { Affinity = affinity, Diversity = 0 });
            var subject = Subject(index, 1, 5, 5, 12);
            var ranked = OfferRanker.Rank(index, subject, null, 20, Samples.Noon);

            Assert.Equal(Offers.Length, ranked.Count);
            Assert.Equal(
                ranked.OrderByDescending(r => r.Score).Select(r => r.Offer.Id), ranked.Select(r => r.Offer.Id));
            foreach (var r in ranked)
            {
                var embedding = CouponVector.Of(r.Offer, Catalog, Model.Factors).Embed(Model);
                var expected = affinity == Affinity.Dot
                    ? TensorPrimitives.Dot<float>(subject.Taste!.Values, embedding)
                    : TensorPrimitives.CosineSimilarity<float>(subject.Taste!.Values, embedding);
                Assert.Equal(expected, r.Score, 1e-5);
                Assert.Equal(Model.Version, r.Model);
            }
        }
    }

    [Fact]
    public void Diversity_passes_over_an_offer_like_one_already_chosen()
    {
        // Two offers of the same category have the same embedding.
        var twin = Offers[0] with { Id = new("offer-0-twin"), PercentBasisPoints = 2_000 };
        var plain = Index(new() { Diversity = 0 }, offers: [.. Offers, twin]);
        var diverse = Index(new() { Diversity = 0.5 }, offers: [.. Offers, twin]);

        var byScore = Ids(OfferRanker.Rank(plain, Subject(plain, 0, 0, 0), null, 2, Samples.Noon));
        Assert.Equal(["offer-0", "offer-0-twin"], byScore);
        var byBoth = Ids(OfferRanker.Rank(diverse, Subject(diverse, 0, 0, 0), null, 2, Samples.Noon));
        Assert.Equal("offer-0", byBoth[0]);
        Assert.NotEqual("offer-0-twin", byBoth[1]);
    }

    [Fact]
    public void Each_next_offer_is_the_one_that_the_formula_of_diversity_asks_for()
    {
        var plain = Index(new() { Diversity = 0 });
        Gen.Select(Gen.Int[0, Items - 1].Array[1, 40], Gen.Double[0.05, 0.95], Gen.Int[1, Offers.Length]).Sample((bought, d, count) =>
        {
            var all = OfferRanker.Rank(plain, Subject(plain, bought), null, Offers.Length, Samples.Noon);
            var most = all.Max(r => Math.Abs(r.Score));
            var (expected, rest) = (new List<RankedOffer>(), all.ToList());
            while (expected.Count < count)
            {
                var next = rest.MaxBy(r => ((1 - d) * r.Score / most)
                    - (d * (expected.Count == 0 ? 0 : expected.Max(e => Likeness(e.Offer, r.Offer)))))!;
                expected.Add(next);
                rest.Remove(next);
            }

            var index = Index(new() { Diversity = d });
            Assert.Equal(Ids(expected), Ids(OfferRanker.Rank(index, Subject(index, bought), null, count, Samples.Noon)));
        }, iter: 300);

        static double Likeness(Offer a, Offer b) => TensorPrimitives.CosineSimilarity<float>(
            CouponVector.Of(a, Catalog, Model.Factors).Embed(Model), CouponVector.Of(b, Catalog, Model.Factors).Embed(Model));
    }

    [Fact]
    public void The_taste_gathers_the_offers_of_what_was_bought()
    {
        // Orthogonal factors: who buys item 3 has nothing in common with other categories.
        var model = Model with { Factors = new(Model.Factors.Items, Items, Identity(Items)) };
        var index = OfferIndex.Build(model, [(Samples.Campaign(), Offers)], Catalog);
        var ranked = OfferRanker.Rank(index, Subject(index, 3), null, 1, Samples.Noon);
        Assert.Equal(["offer-3"], Ids(ranked));
        var reason = Assert.Single(ranked[0].Reasons);
        Assert.Equal((Samples.Id(3), "Your interest in Item 3"), (reason.Item, reason.Text));
    }

    [Fact]
    public void Users_without_consent_or_history_or_model_are_ranked_by_popularity_and_told_why()
    {
        var index = Index(new() { Diversity = 0 });
        var personal = Subject(index, 1);
        var objected = Subject(index, 1);
        objected.Profile.Record = objected.Profile.Record with { Consent = false };
        var noModel = OfferIndex.Build(null, [(Samples.Campaign(), Offers)], Catalog);

        Assert.True(OfferRanker.IsPersonal(index, personal));
        foreach (var subject in (RankingSubject[])[objected, Subject(index), Subject(index, 999)])
        {
            Assert.False(OfferRanker.IsPersonal(index, subject));
            var ranked = OfferRanker.Rank(index, subject, null, 20, Samples.Noon);
            Assert.Equal(
                ranked.OrderByDescending(r => r.Score).Select(r => r.Offer.Id), ranked.Select(r => r.Offer.Id));
            Assert.All(ranked, r => Assert.Equal("popular", Assert.Single(r.Reasons).Kind));
            var mean = Enumerable.Range(0, 3).Average(i => Model.Popularity[4 + (10 * i)]);
            Assert.Equal(mean, ranked.Single(r => r.Offer.Id.Value == "offer-4").Score, 1e-5);
        }

        var without = OfferRanker.Rank(noModel, new(Samples.Profile(), null, []), null, 20, Samples.Noon);
        Assert.Equal(Offers.Select(o => o.Id).Order(), without.Select(r => r.Offer.Id));
        Assert.All(without, r => Assert.Equal((ModelVersion.None, "popular"), (r.Model, r.Reasons[0].Kind)));
    }

    [Fact]
    public void A_taste_of_another_model_is_a_fault()
    {
        var index = Index(new());
        var old = TasteVector.Fold(Samples.Profile(), Model with { Version = new(99) });
        Assert.Throws<ArgumentException>(
            () => OfferRanker.Rank(index, new(Samples.Profile(), old, []), null, 1, Samples.Noon));
    }

    [Fact]
    public void Only_eligible_offers_are_ranked()
    {
        var index = Index(new());
        var subject = Subject(index, 1);
        Assert.True(OfferRanker.IsEligible(index, 0, subject, Samples.Noon));
        Assert.False(OfferRanker.IsEligible(index, 0, subject, Samples.Noon.AddDays(-11)));
        Assert.False(OfferRanker.IsEligible(index, 0, subject, Samples.Noon.AddDays(10)));

        Assert.False(Eligible(Samples.Campaign() with { Audience = new() { OrdersMax = 0 } }));
        Assert.False(Eligible(Samples.Campaign(), offer: Offers[0] with { FirstOrderOnly = true }));
        Assert.False(Eligible(Samples.Campaign(), offer: Offers[0] with { OrdersMin = 2 }));
        Assert.True(Eligible(Samples.Campaign(), offer: Offers[0] with { OrdersMin = 1, OrdersMax = 1 }));
        Assert.False(Eligible(Samples.Campaign(), Samples.Coupon(Offers[0])));
        Assert.True(Eligible(Samples.Campaign(), Samples.Coupon(Offers[0]) with { ExpiresAt = Samples.Noon }));
        Assert.True(Eligible(Samples.Campaign(), Samples.Coupon(Offers[0], CouponState.Redeemed)));
        Assert.False(Eligible(Capped(new() { OpenPerUser = 1 }), Samples.Coupon(Offers[1])));
        Assert.False(Eligible(Capped(new() { IssuedPerUser = 1 }), Samples.Coupon(Offers[1], CouponState.Expired)));
        Assert.False(Eligible(Capped(new() { RedeemedPerUser = 1 }), Samples.Coupon(Offers[1], CouponState.Redeemed)));

        static Campaign Capped(Caps caps) => Samples.Campaign() with { Caps = caps };

        bool Eligible(Campaign campaign, Coupon? held = null, Offer? offer = null)
        {
            var one = OfferIndex.Build(Model, [(campaign, [offer ?? Offers[0]])], Catalog);
            return OfferRanker.Rank(
                one, Subject(one, 1) with { Wallet = held is null ? [] : [held] }, null, 5, Samples.Noon).Count == 1;
        }
    }

    [Fact]
    public void Nothing_but_the_told_turn_of_the_clock_changes_what_may_be_issued()
    {
        var shop = new FrequencyCaps { IssuedPerWeek = 2, CoolDownAfterExpiry = TimeSpan.FromHours(30) };
        var own = new FrequencyCaps { IssuedPerDay = 1, CoolDownAfterIssue = TimeSpan.FromHours(5) };
        var campaign = Samples.Campaign() with { Caps = new() { Frequency = own, IssuedPerUser = 100, OpenPerUser = 100 } };
        var index = OfferIndex.Build(Model, [(campaign, Offers)], Catalog, shop);
        var coupons = Gen.Select(Gen.Int[0, 10], Gen.Int[-400, 0], Gen.Int[1, 200]).Array[0, 3];
        Gen.Select(Gen.Int[-400, 400], coupons).Sample((at, held) =>
        {
            var now = Samples.Noon.AddHours(at);
            var subject = Subject(index, 1) with
            {
                Wallet = [.. held.Select(h => Samples.Coupon(Offers[h.Item1]) with
                {
                    IssuedAt = now.AddHours(h.Item2), ExpiresAt = now.AddHours(h.Item2 + h.Item3),
                })],
            };
            var until = OfferRanker.UnchangedUntil(index, subject, now);
            Assert.True(until > now);
            for (var later = now; later < until && later < now.AddDays(30); later = later.AddMinutes(59))
            {
                for (var offer = 0; offer < Offers.Length; offer++)
                {
                    Assert.Equal(
                        OfferRanker.IsEligible(index, offer, subject, now), OfferRanker.IsEligible(index, offer, subject, later));
                }
            }
        }, iter: 200);
    }

    [Fact]
    public void Offers_of_campaigns_that_are_not_active_are_not_in_the_index()
    {
        var paused = Samples.Campaign() with { Status = CampaignStatus.Paused };
        Assert.Empty(OfferIndex.Build(Model, [(paused, Offers)], Catalog).Offers);
        Assert.Empty(OfferIndex.Empty.Offers);
    }

    [Fact]
    public void A_campaign_can_be_asked_for_alone()
    {
        var other = Samples.Campaign() with { Id = new("other") };
        var index = OfferIndex.Build(
            Model, [(Samples.Campaign(), Offers),
                (other, [Samples.Percent(500, id: "zz") with { Campaign = other.Id }])], Catalog);
        Assert.Equal(["zz"], Ids(OfferRanker.Rank(index, Subject(index, 1), other.Id, 9, Samples.Noon)));
    }

    [Fact]
    public void Propensities_are_those_of_the_draw()
    {
        var index = Index(new() { Exploration = 0.4, Diversity = 0 });
        var subject = Subject(index, 2, 13);
        var ranked = OfferRanker.Rank(index, subject, null, 20, Samples.Noon);
        Assert.Equal(1, ranked.Sum(r => r.Propensity), 1e-9);

        var random = new Random(3);
        var (draws, explored) = (20_000, 0);
        var seen = new Dictionary<OfferId, int>();
        for (var i = 0; i < draws; i++)
        {
            var chosen = OfferRanker.Choose(index, subject, Samples.Spring, Samples.Noon, random)!;
            seen[chosen.Offer.Id] = seen.GetValueOrDefault(chosen.Offer.Id) + 1;
            explored += chosen.Reasons[0].Kind == "explored" ? 1 : 0;
            Assert.Equal(ranked.Single(r => r.Offer.Id == chosen.Offer.Id).Propensity, chosen.Propensity, 1e-12);
        }

        Assert.Equal(0.4, (double)explored / draws, 0.02);
        Assert.All(ranked, r => Assert.Equal(r.Propensity, (double)seen[r.Offer.Id] / draws, 0.02));
    }

    [Fact]
    public void Nothing_is_chosen_where_nothing_is_eligible()
    {
        var index = Index(new());
        Assert.Null(OfferRanker.Choose(index, Subject(index, 1), new("other"), Samples.Noon, new Random(1)));
    }

    private static OfferIndex Index(RankingOptions options, Offer[]? offers = null) =>
        OfferIndex.Build(Model, [(Samples.Campaign() with { Ranking = options }, offers ?? Offers)], Catalog);

    private static RankingSubject Subject(OfferIndex index, params int[] bought)
    {
        var profile = Samples.Profile();
        for (var i = 0; i < bought.Length; i++)
        {
            profile.Apply(Samples.Event(i + 1, EventKind.Purchase, bought[i], days: -i), null);
        }

        return new(profile, TasteVector.Fold(profile, index.Model!), []);
    }

    private static string[] Ids(IEnumerable<RankedOffer> ranked) => [.. ranked.Select(r => r.Offer.Id.Value)];

    private static float[] Identity(int size) =>
        [.. Enumerable.Range(0, size * size).Select(i => i / size == i % size ? 1f : 0f)];
}
