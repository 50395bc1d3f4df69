using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Simulation.Tests;

public sealed class MarketTests
{
    [Fact]
    public void The_same_seed_lives_the_same_days_and_another_seed_does_not()
    {
        var once = Days(new() { Seed = 7, Users = 100 }, 14).Log.Events;
        Assert.NotEmpty(once);
        Assert.Equal(once, Days(new() { Seed = 7, Users = 100 }, 14).Log.Events);
        Assert.NotEqual(once, Days(new() { Seed = 8, Users = 100 }, 14).Log.Events);
    }

    [Fact]
    public void Every_event_is_one_that_the_product_accepts()
    {
        var shop = Days(new() { Users = 100 }, 21);
        var now = shop.Log.Events.Max(e => e.Event.At);
        Assert.All(shop.Log.Events, e => Assert.Null(EventRules.Check(e.Event, now)));
    }

    [Fact]
    public void Users_are_of_each_kind_in_the_stated_shares()
    {
        const int Users = 10_000;
        var options = new MarketOptions { Users = Users };
        var market = new Market(options);
        foreach (var (kind, share) in new[]
        {
            (UserKind.AlwaysBuyer, options.AlwaysBuyers), (UserKind.Persuadable, options.Persuadables),
            (UserKind.LostCause, options.LostCauses), (UserKind.DoNotDisturb, options.DoNotDisturb),
        })
        {
            Near(share * Users, market.Users.Count(u => u.Kind == kind), Math.Sqrt(share * (1 - share) * Users));
        }
    }

    [Fact]
    public void Age_tells_a_part_of_the_taste()
    {
        var market = new Market(new() { Users = 4_000 });
        var spread = BetweenBands(market, u => u.Record.Attributes["age"]);
        var byChance = BetweenBands(market, u => u.Record.Attributes["region"]);
        Assert.All(market.Users, u => Assert.Equal(1, u.Taste.Sum(), 9));
        Assert.True(spread > 20 * byChance, $"Spread between ages {spread:E2}, between regions {byChance:E2}.");
    }

    [Fact]
    public void Views_follow_the_users_taste()
    {
        var market = new Market(new() { Users = 1_000 });
        var shop = Shop(market, 28);
        var category = shop.Catalog.Items.ToDictionary(i => i.Id, i => market.Categories.Single(c => c.Name == i.Categories[0]).Number);
        var views = shop.Log.Events.Where(e => e.Event is { Kind: EventKind.View } && !e.Event.Id.Value.Contains("-o")).ToList();
        var users = market.Users.ToDictionary(u => u.Id);
        var favourite = views.Count(e => category[e.Event.Item!.Value] == Array.IndexOf(users[e.Event.User].Taste, users[e.Event.User].Taste.Max()));
        var expected = views.Sum(e => users[e.Event.User].Taste.Max());

        // Seasons move single categories by up to a half either way, their mean over categories by much less.
        Assert.InRange(favourite / expected, 0.9, 1.1);
    }

    [Fact]
    public void Weekends_and_high_seasons_are_busier()
    {
        var market = new Market(new() { Users = 300 });
        var shop = Shop(market, 364);
        var purchases = shop.Log.Events.Where(e => e.Event.Kind == EventKind.Purchase).Select(e => e.Event).ToList();
        var weekend = purchases.Count(e => e.At.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) / 2.0;
        Assert.Equal(1.42 / 0.832, weekend / ((purchases.Count - (2 * weekend)) / 5), 0.12);

        var seasonal = market.Categories.MaxBy(c => c.SeasonAmplitude * c.Popularity)!;
        var items = seasonal.Items.Select(i => i.Id).ToHashSet();
        var inHalf = purchases.Where(e => items.Contains(e.Item!.Value))
            .ToLookup(e => Math.Sin(2 * Math.PI * (((e.At - market.Midnight(0)).TotalDays / 365) - seasonal.SeasonPhase)) > 0);
        Assert.True(inHalf[true].Count() > inHalf[false].Count(), $"High {inHalf[true].Count()}, low {inHalf[false].Count()}.");
    }

    [Theory]
    [InlineData(OfferKind.PercentOff)]
    [InlineData(OfferKind.SpendAndSave)]
    public async Task What_users_do_agrees_with_the_stated_response(OfferKind kind)
    {
        const int Days = 14;
        var market = new Market(new() { Users = 3_000, Seed = 3 });
        var campaign = Offers.Campaign(market, Days);
        var offers = market.Categories.Select(c => Offers.Of(campaign, c, kind)).ToList();
        var given = new Shop(market.Catalog, new());
        await given.Begin(campaign, offers, TestContext.Current.CancellationToken);
        var sums = new double[5];
        var variances = new double[3];
        foreach (var user in market.Users)
        {
            // Half of them get their favourite category, half another.
            var category = user.Number % 2 == 0 ? Array.IndexOf(user.Taste, user.Taste.Max()) : user.Number % market.Categories.Count;
            given.Issue(user.Id, new(offers[category], 0, 1, default, []), market.Midnight(0));
            var truth = market.Respond(user, offers[category], 0, Days);
            double[] shares = [truth.View, truth.Claim, truth.Redemption];
            for (var i = 0; i < 3; i++)
            {
                sums[i] += shares[i];
                variances[i] += shares[i] * (1 - shares[i]);
            }

            sums[3] += truth.ProfitMinor;
        }

        var differences = new List<double>();
        var without = new Shop(market.Catalog, new());
        foreach (var user in market.Users)
        {
            var before = given.MarginMinor - given.DiscountMinor - without.MarginMinor;
            for (var day = 0; day < Days; day++)
            {
                market.Live(user, day, given);
                market.Live(user, day, without);
            }

            differences.Add(given.MarginMinor - given.DiscountMinor - without.MarginMinor - before);
        }

        EventKind[] kinds = [EventKind.CouponViewed, EventKind.Claimed, EventKind.Redeemed];
        for (var i = 0; i < 3; i++)
        {
            Near(sums[i], given.Log.Events.Count(e => e.Event.Kind == kinds[i]), Math.Sqrt(variances[i]));
        }

        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)));
        Near(sums[3], differences.Sum(), deviation);
    }

    [Fact]
    public void A_coupon_earns_from_persuadables_and_costs_on_always_buyers_and_the_easily_annoyed()
    {
        var market = new Market(new() { Users = 2_000 });
        var campaign = Offers.Campaign(market, 14);
        var offers = market.Categories.Select(c => Offers.Of(campaign, c, OfferKind.PercentOff)).ToList();
        var profit = market.Users.GroupBy(u => u.Kind).ToDictionary(
            g => g.Key, g => g.Average(u => market.Respond(u, offers[Array.IndexOf(u.Taste, u.Taste.Max())], 0, 14).ProfitMinor));
        Assert.True(profit[UserKind.Persuadable] > 10, $"{profit[UserKind.Persuadable]}");
        Assert.True(profit[UserKind.AlwaysBuyer] < -10, $"{profit[UserKind.AlwaysBuyer]}");
        Assert.True(profit[UserKind.DoNotDisturb] < -10, $"{profit[UserKind.DoNotDisturb]}");
        Assert.InRange(profit[UserKind.LostCause], -10, 10);
    }

    [Fact]
    public void The_deeper_the_discount_the_more_persuadables_redeem()
    {
        var market = new Market(new() { Users = 200 });
        var campaign = Offers.Campaign(market, 14);
        foreach (var user in market.Users.Where(u => u.Kind == UserKind.Persuadable))
        {
            var favourite = market.Categories[Array.IndexOf(user.Taste, user.Taste.Max())];
            var redemptions = new[] { 500, 1_000, 2_000, 3_000 }
                .Select(d => market.Respond(user, Offers.Percent(campaign, favourite, d), 0, 14).Redemption).ToList();
            Assert.Equal(redemptions.Order(), redemptions);
        }
    }

    [Fact]
    public void Shares_that_do_not_sum_to_one_make_no_market() =>
        Assert.Throws<ArgumentException>(() => new Market(new() { AlwaysBuyers = 0.9 }));

    private static Shop Days(MarketOptions options, int days) => Shop(new(options), days);

    private static Shop Shop(Market market, int days)
    {
        var shop = new Shop(market.Catalog, new());
        for (var day = 0; day < days; day++)
        {
            foreach (var user in market.Users)
            {
                market.Live(user, day, shop);
            }
        }

        return shop;
    }

    private static double BetweenBands(Market market, Func<MarketUser, string> band)
    {
        var means = market.Users.GroupBy(band)
            .Select(g => Enumerable.Range(0, market.Categories.Count).Select(c => g.Average(u => u.Taste[c])).ToArray()).ToList();
        return Enumerable.Range(0, market.Categories.Count)
            .Sum(c => means.Sum(m => Math.Pow(m[c] - means.Average(n => n[c]), 2)));
    }

    private static void Near(double expected, double actual, double deviation) =>
        Assert.True(Math.Abs(actual - expected) < 4 * deviation, $"Expected {expected:F1} ± {deviation:F1}, but was {actual:F1}.");
}
