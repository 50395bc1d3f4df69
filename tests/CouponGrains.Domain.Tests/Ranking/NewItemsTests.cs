using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Tests.Ranking;

/// <summary>Items 0 and 1 are tea, 2 and 3 bread; 4 is a tea and 5 a bread that came after training.</summary>
public sealed class NewItemsTests
{
    private static readonly CatalogIndex Catalog =
        new(Enumerable.Range(0, 6).Select(i => Samples.Item(i, i is 0 or 1 or 4 ? "TEA" : "BREAD")));

    private static readonly ModelSnapshot Trained = Samples.Model(items: 4, rank: 2, seed: 1) with
    {
        Factors = new([.. Enumerable.Range(0, 4).Select(Samples.Id)], 2, [1, 0, 1, 0, 0, 1, 0, 1]),
        Neighbours = Samples.Neighbours(4, (j, i) => j == i ? 0.1f : 0),
    };

    private static readonly ModelSnapshot Model = new ProvisionalFactors(Trained, Catalog).Extend([], generation: 1);

    private static readonly Offer[] Offers =
    [
        Samples.Percent(1_000, new() { Items = [Samples.Id(4)] }, "new-tea"),
        Samples.Percent(1_000, new() { Items = [Samples.Id(5)] }, "new-bread"),
        Samples.Percent(1_000, new() { Categories = ["TEA"] }, "tea"),
    ];

    private static readonly OfferIndex Index = OfferIndex.Build(
        Model, [(Samples.Campaign() with { Ranking = new() { Affinity = Affinity.Dot, Diversity = 0 } }, Offers)], Catalog);

    [Fact]
    public void An_offer_on_a_new_item_is_ranked_by_what_it_is_like_and_says_that_it_is_new()
    {
        var ranked = Rank(Bought(0));
        Assert.Equal("new-bread", ranked[2].Offer.Id.Value);
        Assert.True(ranked[1].Score > 0.5);
        var newTea = ranked.Single(r => r.Offer.Id.Value == "new-tea");
        var reason = Assert.Single(newTea.Reasons, r => r.Kind == "new_items");
        Assert.Equal((true, 0.0), (reason.Provisional, reason.Contribution));
        var tea = ranked.Single(r => r.Offer.Id.Value == "tea");
        Assert.DoesNotContain(tea.Reasons, r => r.Kind == "new_items"); // Of three teas nobody touched the new one.
        Assert.All(ranked, r => Assert.Equal(r.Score, r.Reasons.Sum(x => x.Contribution), 1e-5));
    }

    [Fact]
    public void An_item_that_nobody_touched_counts_only_where_an_offer_is_on_nothing_else()
    {
        var touched = new ProvisionalFactors(Trained, Catalog)
            .Extend([new(Samples.Id(4), Trained.Version, [1, 0], 1)], generation: 2);
        Assert.Equal([0, 1], CouponVector.Of(Offers[2], Catalog, Model.Factors).Rows);
        Assert.Equal([0, 1, 4], CouponVector.Of(Offers[2], Catalog, touched.Factors).Rows);
        Assert.Equal([0, 1, 2, 3], CouponVector.Of(Samples.Percent(500), Catalog, Model.Factors).Rows);
        Assert.Equal([4], CouponVector.Of(Offers[0], Catalog, Model.Factors).Rows);
    }

    [Fact]
    public void Among_neighbours_those_that_a_new_item_is_like_stand_for_it()
    {
        var trained = Samples.SpectralModel(items: 20, rank: 4, seed: 9);
        var catalog = new CatalogIndex(Enumerable.Range(0, 26)
            .Select(i => Samples.Item(i, $"C{i % 3}") with { Price = Samples.Dollars(1 + (i % 7)) }));
        var model = new ProvisionalFactors(trained, catalog)
            .Extend([new(Samples.Id(25), trained.Version, [1, 0, 2, 0], 4)], generation: 1);
        Offer[] offers =
        [
            .. Offers[..2], Samples.Percent(500, id: "wide"),
            .. Enumerable.Range(20, 6).Select(i => Samples.Percent(500, new() { Items = [Samples.Id(i)] }, $"new-{i}")),
        ];
        var index = OfferIndex.Build(
            model, [(Samples.Campaign() with { Ranking = new() { Affinity = Affinity.Dot, Diversity = 0 } }, offers)], catalog);
        var profile = Bought(0, 3, 7, 7, 11, 22, 25);
        var none = model with { Neighbours = ItemNeighbours.None };
        foreach (var ranked in OfferRanker.Rank(index, new(profile, TasteVector.Fold(profile, model), []), null, 50, Samples.Noon))
        {
            Assert.Equal(DenseAffinity.Of(profile, ranked.Offer, model, catalog), ranked.Score, 1e-4);
            Assert.NotEqual(DenseAffinity.Of(profile, ranked.Offer, none, catalog), ranked.Score, 1e-4);
            Assert.Equal(ranked.Score, ranked.Reasons.Sum(r => r.Contribution), 1e-4);
        }

        Assert.All(Enumerable.Range(20, 6), row => Assert.Equal(1, model.Factors.Likes(row).Sum(l => l.Weight), 1e-5));
        Assert.Empty(model.Factors.Likes(3));
    }

    [Fact]
    public void By_cosine_a_guess_counts_with_the_length_that_it_is_expected_to_have()
    {
        var mixed = new CatalogIndex(Enumerable.Range(0, 6).Select(i => Samples.Item(i, "ALL")));
        var model = new ProvisionalFactors(Trained with { Neighbours = ItemNeighbours.None }, mixed).Extend([], 1);
        var index = OfferIndex.Build(model, [(Samples.Campaign() with { Ranking = new() { Diversity = 0 } }, Offers)], mixed);
        var profile = Bought(0);
        var ranked = OfferRanker.Rank(index, new(profile, TasteVector.Fold(profile, model), []), null, 9, Samples.Noon);
        var offer = ranked.Single(r => r.Offer.Id.Value == "new-tea");
        Assert.Equal(0.5, offer.Score, 1e-5); // The row is (½, ½), the length of such rows 1.
        Assert.Equal(offer.Score, offer.Reasons.Sum(r => r.Contribution), 1e-5);
    }

    [Fact]
    public void A_new_item_in_a_history_speaks_with_its_provisional_row_and_the_reason_says_so()
    {
        var profile = Bought(4);
        Assert.False(TasteVector.Fold(profile, Model).IsCold);
        Assert.True(TasteVector.Fold(profile, Trained).IsCold);
        var best = Rank(profile)[0];
        Assert.Equal("tea", best.Offer.Id.Value);
        Assert.Equal((Samples.Id(4), true), (best.Reasons[0].Item, best.Reasons[0].Provisional));
        Assert.False(Rank(Bought(0))[0].Reasons[0].Provisional);
    }

    [Fact]
    public void A_user_tells_of_new_items_by_those_trained_on_alone()
    {
        var profile = Bought(2, 4, 5, 99);
        Assert.Equal(TasteVector.Fold(profile, Trained).Values, TasteVector.FoldTrained(profile, Model).Values);
        Assert.True(TasteVector.FoldTrained(Bought(4), Model).IsCold);
    }

    [Fact]
    public void A_taste_of_other_provisional_rows_is_a_fault()
    {
        var later = Model with { Generation = 2 };
        var profile = Bought(0);
        Assert.Throws<ArgumentException>(() => OfferRanker.Rank(
            Index, new(profile, TasteVector.Fold(profile, later), []), null, 1, Samples.Noon));
        Assert.Throws<ArgumentException>(() => TasteVector.Fold(profile, later).Move(Samples.Id(0), 0, 1, Model));
    }

    [Fact]
    public void How_popular_an_offer_is_is_told_by_trained_items_alone()
    {
        Assert.Equal((Trained.Popularity[0] + Trained.Popularity[1]) / 2, Index.Popularity(Place("tea")), 1e-6);
        Assert.Equal(0, Index.Popularity(Place("new-tea")));
    }

    private static int Place(string offer) => Index.Offers.Select((o, i) => (o, i)).Single(x => x.o.Id.Value == offer).i;

    private static IReadOnlyList<RankedOffer> Rank(UserProfile profile) =>
        OfferRanker.Rank(Index, new(profile, TasteVector.Fold(profile, Model), []), null, 9, Samples.Noon);

    private static UserProfile Bought(params int[] items)
    {
        var profile = Samples.Profile();
        for (var i = 0; i < items.Length; i++)
        {
            profile.Apply(Samples.Event(i + 1, EventKind.Purchase, items[i]), null);
        }

        return profile;
    }
}
