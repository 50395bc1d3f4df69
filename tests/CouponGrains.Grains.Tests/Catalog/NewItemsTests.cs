using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Grains.Tests.Catalog;

/// <summary>Items that came after training.</summary>
public sealed class NewItemsTests
{
    private static readonly ItemId Mate = new("mate");
    private static readonly ItemId Tea4 = new("tea-4");

    [Fact]
    public async Task A_new_item_is_recommended_by_its_category_at_once_and_marked_until_the_next_model_takes_over()
    {
        await using var shop = await TestShop.Start();
        await Open(shop, Tea4, "tea");
        var view = (await shop.Shard(Tea4).Get(Tea4)).Value!;
        Assert.Equal(FactorSource.Provisional, view.FactorSource);
        Assert.Equal([1f, 0f], new[] { BitConverter.ToSingle(view.Factor), BitConverter.ToSingle(view.Factor, 4) });
        // Among similar items it is only once somebody touched it: by its row it is like all of its category.
        Assert.Equal(["tea-2", "tea-3"], (await Similar()).Take(2).Select(s => s.Item.Value));
        Assert.DoesNotContain(await Similar(), s => s.Provisional);
        Assert.NotEmpty(await shop.Shard(Tea4).Similar(Tea4, 3));

        var offer = await OfferOn(shop, "ann", "tea-1", Tea4);
        Assert.True(offer.Score > 0.9, $"The score is {offer.Score}.");
        Assert.True(Assert.Single(offer.Reasons, r => r.Kind == "new_items").Provisional);

        await Buy(shop, "ann", Tea4.Value);
        await TestShop.Soon(Similar, s => s.Any(i => i.Item == Tea4 && i.Provisional), "the new item among the similar ones");

        await shop.Publish(Samples.Model([.. Samples.Items.Select(i => i.Id).Append(Tea4).Order()], 2,
            [0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1], new(), shop.Time.GetUtcNow()));
        view = (await shop.Shard(Tea4).Get(Tea4)).Value!;
        Assert.Equal(FactorSource.Trained, view.FactorSource);
        Assert.Equal([0f, 1f], new[] { BitConverter.ToSingle(view.Factor), BitConverter.ToSingle(view.Factor, 4) });
        offer = Offer(await shop.User("ann").Offers(new()), Tea4);
        Assert.True(offer.Score < 0.75, $"The score is {offer.Score}."); // Of one tea and one that is now bread.
        Assert.DoesNotContain(offer.Reasons, r => r.Provisional);

        Task<IReadOnlyList<SimilarItem>> Similar() => shop.Shard(new("tea-1")).Similar(new("tea-1"), 10);
    }

    [Fact]
    public async Task An_item_like_nothing_is_recommended_to_those_of_the_taste_of_the_users_who_touched_it()
    {
        await using var shop = await TestShop.Start(silos: 2);
        await Open(shop, Mate, "yerba");
        Assert.Equal(FactorSource.None, (await shop.Shard(Mate).Get(Mate)).Value!.FactorSource);
        Assert.Equal(0, (await OfferOn(shop, "ann", "tea-1", Mate)).Score);

        foreach (var user in new[] { "u1", "u2", "u3", "u4", "u5", "u6" })
        {
            await Buy(shop, user, "tea-2");
            await Buy(shop, user, Mate.Value);
        }

        var offer = await TestShop.Soon(
            async () => Offer(await shop.User("ann").Offers(new()), Mate), o => o.Score > 0.3, "the offer on mate for a tea drinker");
        Assert.Contains(offer.Reasons, r => r is { Kind: "new_items", Provisional: true });
        Assert.Equal(offer.Score, offer.Reasons.Sum(r => r.Contribution), 1e-5);
        await shop.Refreshed();
        Assert.Equal(FactorSource.Provisional, (await shop.Shard(Mate).Get(Mate)).Value!.FactorSource);
        Assert.True((await OfferOn(shop, "bob", "bread-1", Mate)).Score < 0.05);
        Assert.Contains((await shop.Shard(Mate).Similar(Mate, 3)).Select(s => s.Item.Value), s => s == "tea-1");
    }

    [Fact]
    public async Task A_history_with_a_new_item_alone_is_folded_with_its_provisional_row_and_again_when_that_changes()
    {
        await using var shop = await TestShop.Start();
        await Open(shop, Tea4, "bread"); // Its category says bread, its buyers will say tea.
        await Buy(shop, "ann", Tea4.Value);
        var before = await shop.User("ann").Offers(new());
        Assert.True(before.Personal);
        Assert.Equal("spring-bread", before.Offers[0].Offer.Id.Value);
        Assert.True(before.Offers[0].Reasons[0].Provisional);

        for (var user = 0; user < 30; user++)
        {
            await Buy(shop, $"u{user}", "tea-2");
            await Buy(shop, $"u{user}", Tea4.Value);
        }

        await TestShop.Soon(
            async () => (await shop.User("ann").Offers(new())).Offers.Single(o => o.Offer.Id.Value == "spring-tea").Score,
            score => score > 0.9, "the taste with the new row");
    }

    [Fact]
    public async Task What_users_told_is_stored_once_for_each_event_and_under_the_model_in_force()
    {
        await using var shop = await TestShop.Start();
        await Open(shop, Mate, "yerba");
        var model = (await shop.Registry.List()).Current;
        await Buy(shop, "ann", "tea-1");
        var bought = Samples.Event("once", "ann", Mate.Value, shop.Time.GetUtcNow());
        await shop.User("ann").Record([bought]);
        await shop.User("ann").Record([bought]);
        await shop.Cluster.DeactivateAsync(shop.User("ann").GetGrainId());
        await shop.User("ann").Record([bought]);
        await shop.User("ida").Describe(new() { Id = new("ida"), Consent = false });
        await Buy(shop, "ida", "tea-1");
        await Buy(shop, "ida", Mate.Value);
        await Buy(shop, "new", Mate.Value); // Of whose taste nothing is known.
        await Buy(shop, "bob", "tea-1");
        await Buy(shop, "bob", Mate.Value);

        var stored = await TestShop.Soon(
            () => shop.Store.Catalog.GetEvidence(Mate, model, CancellationToken.None), e => e?.Mass > 1.3, "both buyers' evidence");
        Assert.Equal(2 * Math.Log(2), stored!.Mass, 1e-3);
        Assert.Equal(2 * Math.Log(2) * Math.Log(2), stored.Tastes[0], 1e-3);
        Assert.Equal(0, stored.Tastes[1], 1e-6);

        var next = await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        await Buy(shop, "cat", "tea-1");
        await Buy(shop, "cat", Mate.Value);
        await TestShop.Soon(
            () => shop.Store.Catalog.GetEvidence(Mate, next, CancellationToken.None), e => e is not null, "evidence under the next model");
        Assert.Null(await shop.Store.Catalog.GetEvidence(Mate, model, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_told_survives_the_deactivation_of_the_shard()
    {
        await using var shop = await TestShop.Start(configure: o => o.EvidencePeriod = TimeSpan.FromHours(1));
        await Open(shop, Mate, "yerba");
        var model = (await shop.Registry.List()).Current;
        await Buy(shop, "ann", "tea-1");
        await Buy(shop, "ann", Mate.Value);
        await TestShop.Soon(
            async () =>
            {
                await shop.Cluster.DeactivateAsync(shop.Shard(Mate).GetGrainId());
                return await shop.Store.Catalog.GetEvidence(Mate, model, CancellationToken.None);
            },
            e => e?.Mass > 0.6, "the evidence of the shard that ended");
    }

    /// <summary>The shop with a model of six items, and a seventh that came later with an offer on it.</summary>
    private static async Task Open(TestShop shop, ItemId item, string category)
    {
        await shop.Open();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        Assert.Equal([null], await shop.Shard(item).Put(
            [new Item { Id = item, Title = item.Value, Categories = [category], Price = new(1_000, Samples.Usd) }]));
        var offer = Samples.Offer("spring", item.Value) with { Scope = new OfferScope { Items = [item] } };
        Assert.Equal([null], await shop.Campaign().AddOffers([offer]));
        await shop.Refreshed();
    }

    private static async Task Buy(TestShop shop, string user, string item)
    {
        var answers = await shop.User(user).Record([Samples.Event($"{user}-{item}", user, item, shop.Time.GetUtcNow())]);
        Assert.Null(answers[0].Refusal);
    }

    private static async Task<RankedOffer> OfferOn(TestShop shop, string user, string bought, ItemId item)
    {
        await Buy(shop, user, bought);
        return Offer(await shop.User(user).Offers(new()), item);
    }

    private static RankedOffer Offer(OffersAnswer answer, ItemId item) =>
        answer.Offers.Single(o => o.Offer.Scope.Items.Contains(item));
}
