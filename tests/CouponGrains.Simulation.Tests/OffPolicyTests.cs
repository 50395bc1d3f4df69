using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Experiments;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Simulation.Policies;

namespace CouponGrains.Simulation.Tests;

/// <summary>What a policy would have earned, told from the log of another one, beside what it earns when it is let
/// loose on the same market.</summary>
public sealed class OffPolicyTests(ITestOutputHelper output)
{
    private const int Best = 6;

    [Fact]
    public async Task Redemptions_for_each_issue_of_a_policy_are_told_from_the_log_of_random_issues()
    {
        var cancel = TestContext.Current.CancellationToken;
        var market = new Market(new() { Seed = 31, Users = 3_000 });
        var loop = new ClosedLoop(market, new() { Rounds = 1, PastDays = 14, CouponsPerUser = 1, BudgetMinor = 100_000_000 });
        var random = await Lived(loop, market, new RandomPolicy());
        var bought = random.Log.Events.Where(e => e.Event is { Item: not null, Kind: Domain.Events.EventKind.Purchase }
                && e.Event.At < market.Midnight(14))
            .GroupBy(e => random.Catalog.Get(e.Event.Item!.Value).Categories[0]).ToDictionary(g => g.Key, g => g.Count());
        var best = random.Offers.OrderByDescending(o => bought.GetValueOrDefault(o.Scope.Categories[0])).ThenBy(o => o.Id)
            .Take(Best).Select(o => o.Id).ToHashSet();

        var logged = market.Users.SelectMany(u => random.Wallet(u.Id)).ToList();
        var estimate = PolicyEstimate.Of(logged.Select(c => new LoggedChoice(
            c.Propensity, best.Contains(c.Offer) ? 1.0 / Best : 0, c.State == CouponState.Redeemed ? 1 : 0)));
        var let = await Lived(loop, market, new Among(best));
        var truth = (double)let.Use!.Redeemed / let.Use.Issued;
        var without = (double)random.Use!.Redeemed / random.Use.Issued;
        output.WriteLine($"Random issues redeemed {without:F4}; told {estimate.SelfNormalised:F4} ± {2 * estimate.StandardError:F4} "
            + $"(not normalised {estimate.Ips:F4}, {estimate.EffectiveChoices:F0} choices); let loose {truth:F4}.");
        // Four standard errors of the estimate and of what happened then.
        var bound = 4 * Math.Sqrt(Math.Pow(estimate.StandardError, 2) + (truth * (1 - truth) / let.Use.Issued));
        Assert.InRange(estimate.SelfNormalised, truth - bound, truth + bound);
        Assert.InRange(estimate.Ips, truth - (2 * bound), truth + (2 * bound));
        Assert.True(Math.Abs(without - truth) > Math.Abs(estimate.SelfNormalised - truth));
        Assert.InRange(estimate.EffectiveChoices, 100, logged.Count / 2);

        async Task<Shop> Lived(ClosedLoop loop, Market market, IPolicy policy)
        {
            var shop = loop.Open(cancel);
            await loop.Distribute(shop, policy, 1, cancel);
            loop.Live(shop, loop.FirstDay(1), 14, cancel);
            return shop;
        }
    }

    /// <summary>One of some offers, each as likely.</summary>
    private sealed class Among(HashSet<OfferId> offers) : IPolicy
    {
        public string Name => "among";

        public Task Learn(Shop shop, CancellationToken cancel) => Task.CompletedTask;

        public RankedOffer? Choose(Shop shop, UserRecord user, DateTimeOffset now, Random random)
        {
            List<Offer> all = [.. shop.Offers.Where(o => offers.Contains(o.Id))];
            return shop.Open(user.Id).Count > 0
                ? null
                : new(all[random.Next(all.Count)], 0, 1.0 / all.Count, ModelVersion.None, []);
        }
    }
}
