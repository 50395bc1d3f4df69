using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Tests.Models.Response;

public sealed class PairFeaturesTests
{
    private const int Items = 300;
    private const int Rank = 4;

    private static readonly CatalogIndex Catalog = new([.. Enumerable.Range(0, Items + 5).Select(i => new Item
    {
        Id = Samples.Id(i), Title = $"Item {i}", Brand = i % 7 == 0 ? null : $"brand-{i % 3}",
        Categories = i % 11 == 0 ? [] : [$"top-{i % 4}", $"middle-{i % 20}", $"low-{i % 100}"],
        Price = i % 5 == 0 ? null : Samples.Dollars(1 + (i % 30)),
    })]);

    [Fact]
    public void They_are_what_the_formulas_say_for_offers_on_few_groups_and_on_many()
    {
        var index = Index();
        var features = new PairFeatures(index);
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var profile = Profile(random, 1 + (seed * 20));
            var taste = TasteVector.Fold(profile, index.Model!);
            int[] offers = [.. Enumerable.Range(0, 9).Select(_ => random.Next(index.Offers.Count)), 0, 0];
            var z = new float[offers.Length * PairFeatures.Width];
            features.Fill(profile, taste, offers, Samples.Noon, z);
            for (var i = 0; i < offers.Length; i++)
            {
                var expected = Plain(index, profile, taste, offers[i]);
                for (var f = 0; f < PairFeatures.Width; f++)
                {
                    Assert.Equal(expected[f], z[(i * PairFeatures.Width) + f], 1e-4);
                }
            }
        }
    }

    [Fact]
    public void Clocks_that_are_wrong_and_items_that_nobody_knows_leave_all_features_finite()
    {
        var index = Index();
        var profile = Samples.Profile();
        foreach (var (days, item, n) in ((double, int, int)[])
            [(9_000, 1, 1), (-9_000, 2, 2), (0, 777, 3), (8_999, 777, 4), (-9_000, 1, 5), (0, 3, 6)])
        {
            var recorded = Samples.Event(n, n == 6 ? EventKind.Refund : EventKind.Purchase, item, days);
            profile.Apply(recorded with { Event = recorded.Event with { Amount = new(long.MaxValue, Samples.Usd) } }, null);
        }

        var taste = TasteVector.Fold(profile, index.Model!);
        int[] all = [.. Enumerable.Range(0, index.Offers.Count)];
        foreach (var now in (DateTimeOffset[])[Samples.Noon, DateTimeOffset.MinValue, DateTimeOffset.MaxValue])
        {
            var (z, p) = (new float[all.Length * PairFeatures.Width], new float[UserFeatures.Width(["age=1"])]);
            new PairFeatures(index).Fill(profile, taste, all, now, z);
            UserFeatures.Fill(profile, ["age=1"], now, p);
            Assert.All(z.Concat(p), value => Assert.True(float.IsFinite(value)));
        }

        var (x, previous) = (new float[EventFeatures.Width(Rank)], default(DateTimeOffset?));
        foreach (var e in profile.Recent)
        {
            EventFeatures.Fill(e, previous, [], x);
            Assert.All(x, value => Assert.InRange(value, -5, 5));
            previous = e.At;
        }
    }

    [Fact]
    public void Words_of_the_vocabulary_are_found_whole()
    {
        var profile = Samples.Profile();
        profile.Record = new()
        {
            Id = Samples.Ann, Attributes = new Dictionary<string, string> { ["a"] = "b=c", ["age"] = "35" },
        };
        string[] vocabulary = ["a=b=c", "a=b", "age=35", "age=3", "ag=35", "b=c", "age=35 "];
        var p = new float[UserFeatures.Width(vocabulary)];
        UserFeatures.Fill(profile, vocabulary, Samples.Noon, p);
        Assert.Equal([1, 0, 1, 0, 0, 0, 0], p[^vocabulary.Length..]);
    }

    private static double[] Plain(OfferIndex index, UserProfile profile, TasteVector taste, int offer)
    {
        var (model, prices) = (index.Model!, Prices());
        var rebase = profile.Weights.RebaseFactor(profile.Reference, Samples.Noon);
        var held = profile.Items.Where(i => model.Factors.RowOf(i.Key) >= 0)
            .Select(i => (Item: Catalog.Get(i.Key), Sum: Math.Max(0, i.Value.DecayedSum * rebase), i.Value.LastAt))
            .Where(h => h.Sum > 0).ToList();
        var known = Catalog.Items.Where(i => model.Factors.RowOf(i.Id) >= 0).ToList();
        var covered = CouponVector.Of(index.Offers[offer], Catalog, model.Factors).Rows
            .Select(row => Catalog.Get(model.Factors.Items[row])).ToHashSet();
        var own = held.Where(h => covered.Contains(h.Item)).ToList();
        double Price(Item item) => prices[item.Id];
        double Value(IEnumerable<Item> items) =>
            items.Sum(i => (1e-4 + model.Popularity[model.Factors.RowOf(i.Id)]) * Price(i));
        double Group(Func<Item, string> name) => held.Where(h => h.Item.Categories.Count > 0)
            .GroupBy(h => name(h.Item), h => h.Sum * Price(h.Item)).Sum(g =>
            {
                var group = known.Where(i => i.Categories.Count > 0 && name(i) == g.Key).ToList();
                return g.Sum() * Value(group.Where(covered.Contains)) / Value(group);
            });
        var dot = taste.Values.Zip(index.Embedding(offer).ToArray(), (u, e) => (double)u * e).Sum();
        var norms = Math.Sqrt(taste.Values.Sum(u => (double)u * u)) * index.Norm(offer);
        return
        [
            Math.Log(0.1 + own.Sum(h => h.Sum * Price(h.Item))),
            Math.Log(0.03 + own.Sum(h => h.Sum)),
            Math.Log(0.03 + Group(i => $"{i.Brand}/{string.Join('/', i.Categories)}")),
            Math.Log(0.03 + Group(i => string.Join('/', i.Categories))),
            Math.Log(0.03 + Group(i => string.Join('/', i.Categories.SkipLast(1)))),
            Math.Log(0.03 + Group(i => i.Categories[0])),
            Math.Log(0.001 + ((1 + held.Sum(h => h.Sum * Price(h.Item))) * Value(covered) / Value(known))),
            own.Count == 0 ? 0 : own.Max(h => Math.Exp(-Math.Max(0, (Samples.Noon - h.LastAt).TotalDays) / 60)),
            norms > 0 ? dot / norms : 0,
            Math.Log(1 + Math.Max(0, dot)),
        ];
    }

    private static Dictionary<ItemId, double> Prices()
    {
        var prices = Catalog.Items.Where(i => i.Price is not null).Select(i => i.Price!.Value.Minor).Order().ToList();
        return Catalog.Items.ToDictionary(
            i => i.Id,
            i => i.Price is { } price ? Math.Clamp((double)price.Minor / prices[prices.Count / 2], 0.01, 100) : 1);
    }

    private static OfferIndex Index()
    {
        OfferScope[] scopes =
        [
            OfferScope.WholeCart, new() { Categories = ["top-1"] }, new() { Categories = ["low-7", "middle-3"] },
            new() { Brands = ["brand-1"] }, new() { Items = [Samples.Id(3)] },
            new() { Items = [Samples.Id(4), Samples.Id(8), Samples.Id(11)] }, new() { Items = [Samples.Id(Items + 1)] },
        ];
        return OfferIndex.Build(
            Samples.Model(Items, Rank, seed: 1),
            [(Samples.Campaign(), [.. scopes.Select((scope, i) => Samples.Percent(1_000, scope, $"offer-{i}"))])],
            Catalog);
    }

    private static UserProfile Profile(Random random, int events)
    {
        var profile = Samples.Profile();
        for (var n = 0; n < events; n++)
        {
            var item = random.Next(Items + 10);
            var kind = random.Next(6) == 0 ? EventKind.Refund : EventKind.Purchase;
            profile.Apply(Samples.Event(n + 1, kind, item, -200 * random.NextDouble()), null);
        }

        return profile;
    }
}
