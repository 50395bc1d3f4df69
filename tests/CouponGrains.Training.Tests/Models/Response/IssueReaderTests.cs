using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Training.Models.Response;

namespace CouponGrains.Training.Tests.Models.Response;

/// <summary>The examples of a training run.</summary>
public sealed class IssueReaderTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateTimeOffset Moment = SmallShop.Start.AddDays(20);

    private static readonly UserEvent Issued = new()
    {
        Id = new("issued"), User = new("ann"), Offer = new("tenth"), CouponCode = "c", Kind = EventKind.Issued, At = Moment,
    };

    [Fact]
    public void A_history_that_was_taken_in_before_the_issue_tells_nothing_of_what_happened_after_it()
    {
        var history = Enumerable.Range(0, 40).Select(i => Purchase(i, Moment.AddDays(i - 20))).ToList();
        Assert.Empty(LeakCheck.Find(history, Moment, events => Examples([.. events, Issued])));
        Assert.NotEqual(Single(Examples([Issued])).User, Single(Examples([.. history, Issued])).User);
    }

    [Fact]
    public void What_was_recorded_after_the_issue_tells_nothing_even_if_it_happened_before_it()
    {
        UserEvent[] late = [Purchase(1, Moment.AddDays(-1))];
        Assert.Equal(Single(Examples([Issued])).User, Single(Examples([Issued, .. late])).User);
    }

    [Fact]
    public void An_issue_that_comes_after_a_later_one_in_the_log_teaches_nothing()
    {
        var earlier = Issued with { Id = new("earlier"), CouponCode = "d", At = Moment.AddDays(-9) };
        var purchase = Purchase(1, Moment.AddDays(-1));
        Assert.Equal(Moment, Single(Examples([purchase, Issued, earlier])).At);
    }

    private static ResponseContext Single(IReadOnlyList<ResponseContext> contexts) => Assert.Single(contexts);

    private static UserEvent Purchase(int number, DateTimeOffset at) => new()
    {
        Id = new($"e{number}"), User = new("ann"), Item = new ItemId($"i{number % 3}"), Kind = EventKind.Purchase, At = at,
        Order = $"o{number}", Amount = new(300, Usd),
    };

    private static IReadOnlyList<ResponseContext> Examples(IReadOnlyList<UserEvent> events)
    {
        var model = Model();
        var campaign = new Campaign
        {
            Id = new("own"), Name = "Own", Status = CampaignStatus.Active, Start = SmallShop.Start,
            End = SmallShop.Start.AddDays(60), Budget = new(100_000, Usd), Guardrails = SmallShop.Guardrails,
        };
        var offer = new Offer
        {
            Id = new("tenth"), Campaign = campaign.Id, Title = "A tenth off", Kind = OfferKind.PercentOff,
            PercentBasisPoints = 1_000, Scope = new() { Items = [new("i0"), new("i1")] },
        };
        var items = Enumerable.Range(0, 3).Select(i => new Item { Id = new($"i{i}"), Categories = ["C"], Price = new(300, Usd) });
        RecordedEvent[] recorded = [.. events.Select((e, i) => new RecordedEvent(i + 1, e))];
        var issues = new IssueLog();
        foreach (var e in recorded)
        {
            issues.Add(e);
        }

        issues.Add(new(recorded.Length + 1, Issued with { Id = new("redeemed"), Kind = EventKind.Redeemed }));
        var index = OfferIndex.Build(model, [(campaign, [offer])], new CatalogIndex(items));
        var reader = new IssueReader(
            issues, new(index, SmallShop.Start, SmallShop.Start.AddDays(90)), [new(model, [], WithEvents: true)],
            new Dictionary<UserId, UserRecord>(), model.Weights);
        foreach (var e in recorded)
        {
            reader.Add(e);
        }

        return reader.Contexts(reader.Examples, 0);
    }

    private static ModelSnapshot Model() => new()
    {
        Version = new(1), Factors = new([new("i0"), new("i1"), new("i2")], 2, [1, 0, 0.6f, 0.8f, 0, 1]),
        SingularValues = [2, 1], Popularity = [1, 0.5f, 0.2f], Weights = new(), Reference = SmallShop.Start,
    };
}
