using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Training.Tests.Models;

/// <summary>A shop of 4 categories with 10 items each and 80 users, each of whom buys mostly in one category.</summary>
internal sealed class SmallShop : IAsyncDisposable
{
    private static readonly Currency Usd = new("USD");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shop");

    public SmallShop()
    {
        Store = SqliteStore.Open(_folder.FullName, TimeProvider.System, NullLoggerFactory.Instance);
        Trainer = new(Store.Events, Store.Catalog, Store.Campaigns, TimeProvider.System,
            NullLogger<ModelTrainer>.Instance);
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Guardrails Guardrails { get; } = new()
    {
        Cap = new(1_000, Usd),
        MinimumSpendMin = new(1_000, Usd),
        MinimumSpendMax = new(6_000, Usd),
        AmountStep = new(50, Usd),
    };

    public SqliteStore Store { get; }

    public ModelTrainer Trainer { get; }

    public static async Task<SmallShop> Filled(int seed)
    {
        var shop = new SmallShop();
        var random = new Random(seed);
        await shop.Store.Catalog.Put([.. Enumerable.Range(0, 40).Select(i => new Item
        {
            Id = new($"item{i:00}"), Title = $"Item {i}", Categories = [$"CATEGORY {i / 10}"],
            Price = new(200 + (37 * i), Usd), MarginBasisPoints = 4_000,
        })], default);
        var events = Enumerable.Range(0, 2_400).Select(i =>
        {
            var user = random.Next(80);
            var category = random.NextDouble() < 0.85 ? user % 4 : random.Next(4);
            return new UserEvent
            {
                Id = new($"e{i}"), User = new($"user{user:00}"),
                Item = new ItemId($"item{(category * 10) + random.Next(10):00}"),
                Kind = random.Next(3) == 0 ? EventKind.View : EventKind.Purchase, At = Start.AddHours(i),
                Order = $"o{i}",
                Amount = new(500, Usd),
            };
        });
        foreach (var batch in events.Chunk(500))
        {
            await shop.Store.Events.Append(batch, default);
        }

        return shop;
    }

    public async Task AddOwnOffers(params Offer[] offers)
    {
        await Store.Campaigns.Put(new()
        {
            Id = new("own"), Name = "Own", Start = Start, End = Start.AddDays(60), Budget = new(100_000, Usd),
            Guardrails = Guardrails,
        }, default);
        await Store.Campaigns.AddOffers(offers, default);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
