using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Training.Evaluation;

namespace CouponGrains.Training.Tests.Evaluation;

public sealed class CouponEvaluationTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Ann bought a twice and b once, Bob c five times; after the start Ann buys b a hundred times, which
    /// nothing may learn from. Coupons A, B, C cover a, b, c; Ann redeemed B.</summary>
    private static CouponHistory History()
    {
        var number = 0;
        UserEvent Bought(string user, string item, int day) => new()
        {
            Id = new($"e{number++}"), User = new(user), Item = new(item), Kind = EventKind.Purchase, At = Start.AddDays(day),
        };
        var purchases = new List<UserEvent> { Bought("ann", "a", -9), Bought("ann", "a", -8), Bought("ann", "b", -7) };
        purchases.AddRange(Enumerable.Range(0, 5).Select(_ => Bought("bob", "c", -6)));
        purchases.AddRange(Enumerable.Range(0, 100).Select(_ => Bought("ann", "b", 20)));
        PastCampaign Campaign(string id, int day) => new(
            new(id), Start.AddDays(day),
            new[] { "a", "b", "c" }.ToDictionary(
                i => new OfferId($"{id}-{i.ToUpperInvariant()}"), IReadOnlyList<ItemId> (i) => [new ItemId(i), new ItemId("unknown")]),
            new Dictionary<UserId, IReadOnlySet<OfferId>> { [new("ann")] = new HashSet<OfferId> { new($"{id}-B") } });
        return new(purchases, CatalogIndex.Empty, [Campaign("second", 1), Campaign("first", 0)]);
    }

    private static CouponEvaluationResult Run(CouponHistory history) => CouponEvaluation.Run(
        history, new() { Resamples = 100 }, new Progress<string>(), TestContext.Current.CancellationToken);

    [Fact]
    public void The_figures_are_those_of_a_hand_computed_example()
    {
        var result = Run(History());
        Assert.Equal(new CampaignId("first"), Assert.Single(result.Tuned.Campaigns));
        Assert.Equal(new CampaignId("second"), Assert.Single(result.Reported.Campaigns));
        var rows = result.Reported.Rows.ToDictionary(r => r.Name);
        Assert.Equal(1.0 / 2, rows["own past purchases"].Map, 12); // A twice, B once: B is second.
        Assert.Equal(1 / Math.Log2(3), rows["own past purchases"].Ndcg10, 12);
        Assert.Equal(1.0 / 3, rows["popularity"].Map, 12); // C five times, A twice, B once: B is third.
        Assert.Equal(1, rows["popularity"].HitRate10);
        Assert.Equal((0.5, 0.5), (rows["own past purchases"].MapLow, rows["own past purchases"].MapHigh));
    }

    [Fact]
    public void A_campaign_that_nothing_lies_before_is_left_out_and_too_few_are_refused()
    {
        var history = History();
        var early = history.Campaigns[0] with { Id = new("early"), Start = Start.AddDays(-100) };
        Assert.Equal([new CampaignId("early")], Run(history with { Campaigns = [.. history.Campaigns, early] }).LeftOut);
        var refused = Assert.Throws<RefusedException>(() => Run(history with { Campaigns = [early] }));
        Assert.Equal(RefusalCodes.TooLittleData, refused.Refusal.Code);
    }
}
