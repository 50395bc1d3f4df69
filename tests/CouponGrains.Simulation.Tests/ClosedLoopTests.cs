using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Simulation.Policies;
using CouponGrains.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Simulation.Tests;

public sealed class ClosedLoopTests(ITestOutputHelper output)
{
    private static readonly ClosedLoopOptions Short = new() { Rounds = 2, PastDays = 42 };

    [Fact]
    public async Task Ours_earns_more_than_popularity_and_random_with_an_interval_above_zero()
    {
        var comparison = await Comparison.Run(
            new() { Seed = 101, Users = 240 }, new() { Rounds = 2, PastDays = 42, BudgetMinor = 24_000 }, 10,
            () => [new RandomPolicy(), new PopularPolicy(), Ours()], new Progress<PolicyRun>(), TestContext.Current.CancellationToken);
        foreach (var other in new[] { "random", "popularity" })
        {
            var difference = comparison.Difference("ours", other);
            output.WriteLine($"Seeds 101 to 110, ours less {other}: {difference}.");
            Assert.True(difference.IsGain, $"ours less {other}: {difference}");
        }
    }

    [Fact]
    public async Task Giving_nothing_earns_exactly_what_the_market_earns_without_coupons()
    {
        var rounds = await Loop(Short).Run(new Nothing(), TestContext.Current.CancellationToken);
        Assert.All(rounds, r => Assert.Equal((0, 0, 0, 0), (r.Issued, r.Redeemed, r.DiscountMinor, r.IncrementalMinor)));
        Assert.All(rounds, r => Assert.True(r.ProfitMinor > 0));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_rounds()
    {
        var once = await Loop(Short).Run(Ours(), TestContext.Current.CancellationToken);
        Assert.Equal(once, await Loop(Short).Run(Ours(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_policy_gives_more_than_the_budget()
    {
        var loop = Loop(Short with { BudgetMinor = 4_000 });
        foreach (var policy in new IPolicy[] { new RandomPolicy(), new PopularPolicy(), Ours() })
        {
            var rounds = await loop.Run(policy, TestContext.Current.CancellationToken);
            Assert.All(rounds, r => Assert.InRange(r.DiscountMinor, 1, 2_000));
            Assert.All(rounds, r => Assert.Equal(400, r.Issued));
        }
    }

    [Fact]
    public async Task Redemptions_and_retraining_move_the_ranking_towards_what_was_redeemed()
    {
        // Two worlds with the same luck: in one, coupons were given out at random for a round; in the other, none.
        var loop = Loop(Short with { CouponsPerUser = 24 });
        var (told, ranks) = await SecondRound(loop, new RandomPolicy());
        var (_, ranksUntold) = await SecondRound(loop, new Nothing());
        var redeemed = Market.Users.SelectMany(u => told.Wallet(u.Id).Where(c => c.State == CouponState.Redeemed)
            .Select(c => (u.Number, Offer: told.Offer(c.Offer).Scope.Categories[0]))).ToList();
        var moves = redeemed.Select(r => (double)(ranksUntold[r.Number][r.Offer] - ranks[r.Number][r.Offer])).ToList();
        var gain = PairedDifference.Of(moves);
        output.WriteLine($"Places gained by the category redeemed, over {moves.Count} redemptions: {gain}.");
        Assert.True(gain.IsGain, $"{gain}");
    }

    [Fact]
    public async Task What_a_user_buys_more_of_rises_for_him_after_retraining()
    {
        var loop = Loop(Short with { PastDays = 14 });
        var (_, early) = await SecondRound(loop, new Nothing(), liveFirst: false);
        var (later, late) = await SecondRound(loop, new Nothing(), liveFirst: true);
        var since = Market.Midnight(14);
        var moves = later.Log.Events.Where(e => e.Event.Kind == Domain.Events.EventKind.Purchase && e.Event.At >= since)
            .Select(e => (User: Market.Users.Single(u => u.Id == e.Event.User).Number, Category: later.Catalog.Get(e.Event.Item!.Value).Categories[0]))
            .Select(b => (double)(early[b.User][b.Category] - late[b.User][b.Category])).ToList();
        Assert.True(PairedDifference.Of(moves).IsGain, $"{PairedDifference.Of(moves)}");
    }

    private static Market Market { get; } = new(new() { Seed = 11, Users = 200 });

    private static ClosedLoop Loop(ClosedLoopOptions options) => new(Market, options);

    private static TastePolicy Ours() => new(
        s => new ModelTrainer(s.Log, s.Items, s.Campaigns, TimeProvider.System, NullLogger<ModelTrainer>.Instance),
        new() { Rank = 16, OfferEpochs = 0, HoldOutShare = 0 });

    /// <summary>Lives the first round under <paramref name="first"/>, trains, and answers the place of each category in
    /// each user's ranking (1 is the best) at the begin of the second.</summary>
    private static async Task<(Shop Shop, Dictionary<string, int>[] Ranks)> SecondRound(ClosedLoop loop, IPolicy first, bool liveFirst = true)
    {
        var cancel = TestContext.Current.CancellationToken;
        var shop = loop.Open(cancel);
        if (liveFirst)
        {
            await loop.Distribute(shop, first, 1, cancel);
            loop.Live(shop, loop.FirstDay(1), 14, cancel);
            shop.End(Market.Midnight(loop.FirstDay(2)));
        }

        var round = liveFirst ? 2 : 1;
        var now = Market.Midnight(loop.FirstDay(round)).AddHours(8);
        await loop.Distribute(shop, new Nothing(), round, cancel);
        var ours = Ours();
        await ours.Learn(shop, cancel);
        return (shop, [.. Market.Users.Select(u => Places(ours.Rank(shop, u.Record, now)))]);
    }

    private static Dictionary<string, int> Places(IReadOnlyList<RankedOffer> ranked) =>
        ranked.Select((r, i) => (Category: r.Offer.Scope.Categories[0], Place: i + 1)).ToDictionary(r => r.Category, r => r.Place);

    private sealed class Nothing : IPolicy
    {
        public string Name => "nothing";

        public Task Learn(Shop shop, CancellationToken cancel) => Task.CompletedTask;

        public RankedOffer? Choose(Shop shop, UserRecord user, DateTimeOffset now, Random random) => null;
    }
}
