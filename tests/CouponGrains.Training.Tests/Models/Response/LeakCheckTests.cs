using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Models.Response;

namespace CouponGrains.Training.Tests.Models.Response;

public sealed class LeakCheckTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static IReadOnlyList<UserEvent> Events()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 400).Select(i => new UserEvent
        {
            Id = new($"e{i:000}"), User = new($"u{random.Next(20)}"), Item = new($"i{random.Next(12)}"), Kind = EventKind.Purchase,
            At = Start.AddHours(i - 300), Order = $"o{i}", Amount = new(300, Usd),
        })];
    }

    private static IReadOnlyList<ResponseContext> Examples(IReadOnlyList<UserEvent> events)
    {
        var campaign = new Campaign
        {
            Id = new("c"), Name = "c", Start = Start, End = Start.AddDays(20), Budget = new(1_000_00, Usd),
            Guardrails = new()
            {
                Cap = new(1_000, Usd), MinimumSpendMin = new(0, Usd), MinimumSpendMax = new(0, Usd), AmountStep = new(50, Usd),
            },
        };
        var offers = Enumerable.Range(0, 3).Select(i => new Offer
        {
            Id = new($"o{i}"), Campaign = campaign.Id, Title = "o", Kind = OfferKind.PercentOff, PercentBasisPoints = 1_000,
            Scope = new() { Items = [new($"i{i}"), new($"i{i + 3}")] },
        }).ToList();
        var items = Enumerable.Range(0, 12).Select(i => new Item { Id = new($"i{i}"), Categories = [$"C{i % 3}"], Price = new(100 + i, Usd) });
        var users = Enumerable.Range(0, 20).Select(i => new UserId($"u{i}")).ToHashSet();
        var history = new ResponseHistory(events, new CatalogIndex(items), [], [new(campaign, offers, users, new Dictionary<UserId, IReadOnlySet<OfferId>>())]);
        var moment = new ResponseMoments(history, 1).Read([], default).Single();
        return moment.Contexts(moment.Snapshot, history.Catalog, withEvents: true);
    }

    [Fact]
    public void The_features_of_the_evaluation_know_nothing_of_what_happened_later() =>
        Assert.Empty(LeakCheck.Find(Events(), Start, Examples));

    [Fact]
    public void A_planted_leak_is_found_by_its_name()
    {
        IReadOnlyList<ResponseContext> Leaking(IReadOnlyList<UserEvent> events) => [.. Examples(events).Select(c =>
        {
            var user = c.User.ToArray();
            user[3] += events.Count(e => e.Kind == EventKind.Purchase);
            return c with { User = user };
        })];
        Assert.Equal(["user 3"], LeakCheck.Find(Events(), Start, Leaking));
    }
}
