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

/// <summary>Offers, a model that nobody trained and a user with a full past: for measuring what an answer costs.</summary>
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

    public RandomShop(int rank, int seed)
    {
        _random = new(seed);
        _catalog = new([.. Enumerable.Range(0, Items).Select(i => new Item
        {
            Id = Id(i), Title = $"Item {i}", Categories = [$"category-{i % Categories}"], Brand = $"brand-{i % 200}",
            Price = new(100 + (i % 5_000), Usd),
        })]);
        _plain = new()
        {
            Version = new(1),
            Factors = new(
                [.. Enumerable.Range(0, Items).Select(Id)], rank, ScanBenchmark.Normal(_random, Items * rank)),
            SingularValues = [.. Enumerable.Range(0, rank).Select(k => (float)(rank - k))],
            Popularity = [.. Enumerable.Range(0, Items).Select(_ => _random.NextSingle())],
            Weights = new(),
            Reference = Now,
        };
    }

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

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
        _plain with { Response = new(weights, [], ResponsePrior.Even) },
        [(Campaign(), [.. Enumerable.Range(0, offers).Select(Offer)])],
        _catalog);

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

    /// <summary>An event.</summary>
    public UserEvent Event(int number) => new()
    {
        Id = new($"e{number}"), User = Ann, Kind = number % 3 == 0 ? EventKind.Purchase : EventKind.View,
        At = Now.AddHours(number - 200), Item = Id(_random.Next(Items)), Amount = new(1_000, Usd),
    };

    private static ItemId Id(int number) => new($"item-{number:D5}");

    private static Campaign Campaign() => new()
    {
        Id = new("spring"), Name = "Spring", Status = CampaignStatus.Active, Budget = new(100_000, Usd),
        Start = Now.AddDays(-9), End = Now.AddDays(9),
        Guardrails = new()
        {
            Cap = new(2_000, Usd), MinimumSpendMin = new(1_000, Usd), MinimumSpendMax = new(9_000, Usd),
            AmountStep = new(100, Usd),
        },
    };

    private Offer Offer(int number) => new()
    {
        Id = new($"offer-{number:D5}"), Campaign = new("spring"), Title = "A share off", Kind = OfferKind.PercentOff,
        PercentBasisPoints = 1_000,
        Scope = number % WideEvery == 0
            ? new() { Categories = [$"category-{_random.Next(Categories)}"] }
            : new() { Items = [.. Enumerable.Range(0, ItemsOfOffer).Select(_ => Id(_random.Next(Items))).Distinct()] },
    };
}
