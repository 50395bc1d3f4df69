using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CsCheck;

namespace CouponGrains.Domain.Tests.Ranking;

/// <summary>Ranking with a model that has history weights, target weights and neighbours, held against the plain
/// form.</summary>
public sealed class SpectralRankingTests
{
    private const int Items = 24;

    // The last items are in no category; prices from 1 to 24 dollars.
    private static readonly CatalogIndex Catalog = new(Enumerable.Range(0, Items)
        .Select(i => (i < 20 ? Samples.Item(i, $"C{i % 5}") : Samples.Item(i)) with { Price = Samples.Dollars(i + 1) }));

    private static readonly ModelSnapshot Model = Samples.SpectralModel(Items, rank: 6, seed: 11);

    private static readonly Offer[] Offers =
    [
        .. Enumerable.Range(0, 5).Select(c => Samples.Percent(1_000, new() { Categories = [$"C{c}"] }, $"category-{c}")),
        Samples.Percent(500, id: "wide"),
        Samples.Percent(500, new() { Excluded = [Samples.Id(3), Samples.Id(17)] }, "wide-without"),
        Samples.Amount(5, 20, id: "wide-mostly-alike"),
        Samples.Amount(5, 0, id: "wide-by-price"),
        Samples.Percent(500, new() { Items = [Samples.Id(2), Samples.Id(21), Samples.Id(400)] }, "named"),
        Samples.Percent(500, new() { Items = [Samples.Id(400)] }, "unknown"),
        Samples.Gift(7, 30) with { Id = new("gift") },
    ];

    [Theory]
    [InlineData(Affinity.Dot)]
    [InlineData(Affinity.Cosine)]
    public void The_score_is_that_of_the_plain_form_and_its_reasons_sum_to_it(Affinity affinity)
    {
        var index = Index(affinity);
        Gen.Int[0, Items + 3].Array[1, 30].Sample(bought =>
        {
            var profile = Profile(bought);
            var subject = new RankingSubject(profile, TasteVector.Fold(profile, Model), []);
            var ranked = OfferRanker.Rank(index, subject, null, 50, Samples.Noon);
            Assert.Equal(Offers.Length, ranked.Count);
            foreach (var r in OfferRanker.IsPersonal(index, subject) ? ranked : [])
            {
                var expected = affinity == Affinity.Dot
                    ? DenseAffinity.Of(profile, r.Offer, Model, Catalog)
                    : DenseAffinity.Cosine(profile, r.Offer, Model, Catalog);
                Assert.Equal(expected, r.Score, 2e-5 * Math.Max(1, Math.Abs(expected)));
                Assert.Equal(r.Score, r.Reasons.Sum(x => x.Contribution), 2e-5 * Math.Max(1, Math.Abs(expected)));
                Assert.True(affinity == Affinity.Dot || Math.Abs(r.Score) <= 1 + 1e-6);
            }
        }, iter: 200);
    }

    [Fact]
    public void Each_named_reason_is_the_part_of_its_item_in_the_plain_form()
    {
        var index = Index(Affinity.Dot);
        var profile = Profile([1, 5, 5, 12, 20]);
        var subject = new RankingSubject(profile, TasteVector.Fold(profile, Model), []);
        foreach (var ranked in OfferRanker.Rank(index, subject, null, 50, Samples.Noon))
        {
            var parts = DenseAffinity.Parts(profile, ranked.Offer, Model, Catalog)
                .ToDictionary(p => Samples.Id(p.Row), p => p.Contribution);
            Assert.All(ranked.Reasons.Where(r => r.Item is not null),
                r => Assert.Equal(parts[r.Item!.Value], r.Contribution, 1e-4));
        }
    }

    [Fact]
    public void An_item_bought_before_speaks_for_itself_through_the_diagonal()
    {
        // Factors that say nothing, and N with a diagonal alone.
        var again = Model with
        {
            Factors = new(Model.Factors.Items, 1, new float[Items]),
            SingularValues = [0],
            Users = null,
            Neighbours = Samples.Neighbours(Items, (j, i) => j == i ? 1 : 0),
        };
        var index = OfferIndex.Build(again, [(Campaign(Affinity.Cosine), Offers)], Catalog);
        var profile = Profile([21]);
        var subject = new RankingSubject(profile, TasteVector.Fold(profile, again), []);
        var best = OfferRanker.Rank(index, subject, null, 1, Samples.Noon)[0];
        Assert.Equal("named", best.Offer.Id.Value);
        Assert.Equal(Samples.Id(21), best.Reasons[0].Item);
    }

    [Fact]
    public void Equal_offers_are_ranked_by_id_and_the_same_question_has_the_same_answer()
    {
        var twins = Enumerable.Range(0, 6).Select(n => Offers[n % 2] with { Id = new($"twin-{n}") }).ToArray();
        var index = OfferIndex.Build(Model, [(Campaign(Affinity.Cosine), twins)], Catalog);
        var profile = Profile([1, 2, 3]);
        var subject = new RankingSubject(profile, TasteVector.Fold(profile, Model), []);
        var first = OfferRanker.Rank(index, subject, null, 6, Samples.Noon);
        var second = OfferRanker.Rank(index, subject, null, 6, Samples.Noon);
        Assert.Equal(first.Select(r => (r.Offer.Id, r.Score)), second.Select(r => (r.Offer.Id, r.Score)));
        Assert.Equal(first.OrderByDescending(r => r.Score).ThenBy(r => r.Offer.Id).Select(r => r.Offer.Id),
            first.Select(r => r.Offer.Id));
    }

    private static OfferIndex Index(Affinity affinity) => OfferIndex.Build(Model, [(Campaign(affinity), Offers)], Catalog);

    private static Domain.Campaigns.Campaign Campaign(Affinity affinity) =>
        Samples.Campaign() with { Ranking = new() { Affinity = affinity, Diversity = 0 } };

    private static UserProfile Profile(int[] bought)
    {
        var profile = Samples.Profile();
        for (var i = 0; i < bought.Length; i++)
        {
            profile.Apply(Samples.Event(i + 1, EventKind.Purchase, bought[i], days: -i), null);
        }

        return profile;
    }
}
