using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Grains.Tests;

/// <summary>A small shop: three teas and three breads.</summary>
internal static class Samples
{
    public static readonly Currency Usd = new("USD");

    public static IReadOnlyList<Item> Items { get; } =
    [
        .. new[] { "tea-1", "tea-2", "tea-3", "bread-1", "bread-2", "bread-3" }.Select(id => new Item
        {
            Id = new(id),
            Title = id,
            Categories = [id.Split('-')[0]],
            Price = new(1_000, Usd),
            MarginBasisPoints = 5_000,
        }),
    ];

    public static Campaign Campaign(string id, long budget, DateTimeOffset now) => new()
    {
        Id = new(id),
        Name = "Spring",
        Status = CampaignStatus.Active,
        Start = now.AddDays(-1),
        End = now.AddDays(60),
        Budget = new(budget, Usd),
        Guardrails = new()
        {
            Cap = new(5_000, Usd),
            MinimumSpendMin = new(0, Usd),
            MinimumSpendMax = new(10_000, Usd),
            AmountStep = new(50, Usd),
        },
        Ranking = new() { Exploration = 0, Diversity = 0 },
    };

    public static Offer Offer(string campaign, string category) => new()
    {
        Id = new($"{campaign}-{category}"),
        Campaign = new(campaign),
        Title = $"10 % off {category}",
        Kind = OfferKind.PercentOff,
        PercentBasisPoints = 1_000,
        Scope = new() { Categories = [category] },
        ValidFor = TimeSpan.FromDays(14),
    };

    public static UserEvent Event(string id, string user, string item, DateTimeOffset at, EventKind kind = EventKind.Purchase) =>
        new() { Id = new(id), User = new(user), Kind = kind, At = at, Item = new(item) };

    public static RedemptionRequest Request(string key, string user, string code, string item = "tea-1") => new()
    {
        Key = key,
        User = new(user),
        Code = code,
        Order = "order-" + key,
        Cart = new() { Currency = Usd, Lines = [new(new(item), 1, new(1_000, Usd))] },
    };

    /// <summary>A model in which the first factor is tea and the second is bread.</summary>
    public static ModelSnapshot TeaAndBread(DateTimeOffset reference, BehaviourWeights? weights = null)
    {
        var items = Items.Select(i => i.Id).Order().ToArray();
        var values = items.SelectMany(i => i.Value.StartsWith("tea", StringComparison.Ordinal) ? new[] { 1f, 0f } : [0f, 1f]).ToArray();
        return Model(items, 2, values, weights ?? new(), reference);
    }

    public static ModelSnapshot Model(ItemId[] items, int rank, float[] values, BehaviourWeights weights, DateTimeOffset reference) => new()
    {
        Version = ModelVersion.None,
        Factors = new(items, rank, values),
        SingularValues = [.. Enumerable.Range(0, rank).Select(i => 1f / (1 + i))],
        Popularity = [.. items.Select((_, i) => 1f / (1 + i))],
        Weights = weights,
        Reference = reference,
    };
}
