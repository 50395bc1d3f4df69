using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>Offers, a model that nobody trained and a user with a full past: for measuring what an answer
/// costs.</summary>
internal sealed class RandomShop
{
    private const int Items = 5_000;
    private const int Categories = 50;
    private const int ItemsOfOffer = 5;

    // Every so many offers are on a whole category.
    private const int WideEvery = 10;

    private static readonly Currency Usd = new("USD");
    private static readonly UserId Ann = new("ann");

    private readonly CatalogIndex _catalog;
    private readonly ModelSnapshot _plain;
    private readonly Random _random;
    private readonly DateTimeOffset _at;

    /// <summary>A shop as it stands at a time, which is <see cref="Now"/> if left out.</summary>
    public RandomShop(int rank, int seed, DateTimeOffset? at = null)
    {
        (_random, _at) = (new(seed), at ?? Now);
        Goods = [.. Enumerable.Range(0, Items).Select(i => new Item
        {
            Id = Id(i), Title = $"Item {i}", Categories = [$"category-{i % Categories}"], Brand = $"brand-{i % 200}",
            Price = new(100 + (i % 5_000), Usd),
        })];
        _catalog = new(Goods);
        _plain = new()
        {
            Version = new(1),
            Factors = new(
                [.. Enumerable.Range(0, Items).Select(Id)], rank, ScanBenchmark.Normal(_random, Items * rank)),
            SingularValues = [.. Enumerable.Range(0, rank).Select(k => (float)(rank - k))],
            Popularity = [.. Enumerable.Range(0, Items).Select(_ => _random.NextSingle())],
            Weights = new(),
            Reference = _at,
        };
    }

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The items.</summary>
    public IReadOnlyList<Item> Goods { get; }

    /// <summary>Its campaign.</summary>
    public Campaign Spring => new()
    {
        Id = new("spring"), Name = "Spring", Status = CampaignStatus.Active, Budget = new(1_000_000_000_000, Usd),
        Start = _at.AddDays(-9), End = _at.AddDays(9),
        Caps = new() { OpenPerUser = 1_000, IssuedPerUser = 10_000, RedeemedPerUser = 10_000 },
        Guardrails = new()
        {
            Cap = new(2_000, Usd), MinimumSpendMin = new(1_000, Usd), MinimumSpendMax = new(9_000, Usd),
            AmountStep = new(100, Usd),
        },
    };

    /// <summary>The model, with a response model of these weights or without one.</summary>
    public ModelSnapshot Model(ResponseWeights? weights) =>
        weights is null ? _plain : _plain with { Response = new(weights, [], ResponsePrior.Even) };

    /// <summary>Offers of the campaign, made by the dice.</summary>
    public Offer[] Offers(int count) => [.. Enumerable.Range(0, count).Select(Offer)];

    /// <summary>The weights of a response model over the features of this program.</summary>
    public ResponseWeights Weights(ResponseEncoder encoder, int hidden, int layers, int first, int second)
    {
        var rank = _plain.Factors.Rank;
        var shape = new ResponseShape(
            encoder, EventFeatures.Width(rank), hidden, layers, UserFeatures.Width([]), CouponFeatures.Width(rank),
            PairFeatures.Width, first, second);
        return new(shape, ResponseLayout.Of(shape).ToDictionary(
            t => t.Name,
            t => Array.ConvertAll(ScanBenchmark.Normal(_random, (int)t.Length), value => value / 8)));
    }

    /// <summary>An index with a response model.</summary>
    public OfferIndex Index(ResponseWeights weights, int offers) => OfferIndex.Build(
        Model(weights), [(Spring, Offers(offers))], _catalog);

    /// <summary>A user with as many newest events as a profile keeps.</summary>
    public RankingSubject Subject(OfferIndex index)
    {
        var profile = new UserProfile(new() { Id = Ann }, index.Model!.Weights, index.Model.Reference);
        for (var n = 0; n < UserProfile.RecentMax; n++)
        {
            var e = Event(n);
            profile.Apply(new(n + 1, e), _catalog.Get(e.Item!.Value));
        }

        return new(
            profile, TasteVector.Fold(profile, index.Model), [], SequenceState.Replay(index.Model, profile.Recent));
    }

    /// <summary>An event of the user.</summary>
    public UserEvent Event(int number) => Event(Ann, number, $"e{number}");

    /// <summary>An event of any user: each third one is a purchase.</summary>
    public UserEvent Event(UserId user, int number, string id) => new()
    {
        Id = new(id), User = user, Kind = number % 3 == 0 ? EventKind.Purchase : EventKind.View,
        At = _at.AddHours(number - 200), Item = Id(_random.Next(Items)), Amount = new(1_000, Usd),
    };

    private static ItemId Id(int number) => new($"item-{number:D5}");

    private Offer Offer(int number) => new()
    {
        Id = new($"offer-{number:D5}"), Campaign = new("spring"), Title = "A share off", Kind = OfferKind.PercentOff,
        PercentBasisPoints = 1_000,
        Scope = number % WideEvery == 0
            ? new() { Categories = [$"category-{_random.Next(Categories)}"] }
            : new() { Items = [.. Enumerable.Range(0, ItemsOfOffer).Select(_ => Id(_random.Next(Items))).Distinct()] },
    };
}
