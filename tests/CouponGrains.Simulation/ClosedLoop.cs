using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Simulation.Policies;
using CouponGrains.Simulation.Stores;

namespace CouponGrains.Simulation;

/// <summary>How long a run is, and what may be given away.</summary>
public sealed record ClosedLoopOptions
{
    /// <summary>Rounds; each is one campaign.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Days of a round; coupons are valid for all of them.</summary>
    public int RoundDays { get; init; } = 14;

    /// <summary>Days of behaviour without coupons before the first round.</summary>
    public int PastDays { get; init; } = 56;

    /// <summary>The discounts that all rounds together may give, in minor units; each round has an equal
    /// part.</summary>
    public long BudgetMinor { get; init; } = 150_000;

    /// <summary>Coupons that a user gets in a round, at the most.</summary>
    public int CouponsPerUser { get; init; } = 2;

    /// <summary>The discount of every offer, in ten-thousandths of the price. There is one offer for each
    /// category.</summary>
    public int DepthBasisPoints { get; init; } = 1_500;

    /// <summary>How ours ranks.</summary>
    public Domain.Ranking.RankingOptions Ranking { get; init; } = new();
}

/// <summary>What a policy made of one round.</summary>
/// <param name="Round">1, 2, 3, …</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Redeemed">Coupons redeemed.</param>
/// <param name="DiscountMinor">Discounts given, in minor units.</param>
/// <param name="ProfitMinor">Margin of everything sold less discounts, in minor units.</param>
/// <param name="IncrementalMinor">That profit less the profit of the same days, with the same luck, without
/// coupons.</param>
public sealed record RoundResult(int Round, long Issued, long Redeemed, long DiscountMinor, long ProfitMinor, long IncrementalMinor);

/// <summary>Observe, learn, distribute, settle, and again: runs policies through the same market under the same budget,
/// with the same offers and the same luck.</summary>
public sealed class ClosedLoop(Market market, ClosedLoopOptions options)
{
    private MemoryEventLog? _past;
    private long[]? _profitWithoutCoupons;

    /// <summary>Runs a policy through all rounds and answers each.</summary>
    public async Task<IReadOnlyList<RoundResult>> Run(IPolicy policy, CancellationToken cancel)
    {
        var without = _profitWithoutCoupons ??= WithoutCoupons(cancel);
        var shop = new Shop(market.Catalog, Past(cancel));
        var results = new List<RoundResult>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            var before = (shop.MarginMinor, shop.DiscountMinor);
            await Distribute(shop, policy, round, cancel);
            Live(shop, FirstDay(round), options.RoundDays, cancel);
            shop.End(market.Midnight(FirstDay(round + 1)));
            var discount = shop.DiscountMinor - before.DiscountMinor;
            var profit = shop.MarginMinor - before.MarginMinor - discount;
            results.Add(new(round, shop.Use!.Issued, shop.Use.Redeemed, discount, profit, profit - without[round - 1]));
        }

        return results;
    }

    /// <summary>A shop after the past, before the first round.</summary>
    public Shop Open(CancellationToken cancel) => new(market.Catalog, Past(cancel));

    /// <summary>Begins a round: the campaign opens, the policy learns, and every user, in an order that is the same for
    /// all policies, gets the coupons that it chooses.</summary>
    public async Task Distribute(Shop shop, IPolicy policy, int round, CancellationToken cancel)
    {
        var now = market.Midnight(FirstDay(round)).AddHours(8);
        var campaign = Campaign(round);
        await shop.Begin(campaign, Offers(campaign), cancel);
        await policy.Learn(shop, cancel);
        var order = Enumerable.Range(0, market.Users.Count).ToArray();
        market.Luck.Generator(Chance.Order, round).Shuffle(order);
        foreach (var number in order)
        {
            var random = market.Luck.Generator(Chance.Choice, round, number);
            var user = market.Users[number].Record;
            for (var k = 0; k < options.CouponsPerUser && policy.Choose(shop, user, now, random) is { } chosen; k++)
            {
                shop.Issue(user.Id, chosen, now);
            }
        }
    }

    /// <summary>All users live some days.</summary>
    public void Live(Shop shop, int day, int days, CancellationToken cancel)
    {
        for (var d = day; d < day + days; d++)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var user in market.Users)
            {
                market.Live(user, d, shop);
            }
        }
    }

    /// <summary>The first day of a round.</summary>
    public int FirstDay(int round) => options.PastDays + ((round - 1) * options.RoundDays);

    private MemoryEventLog Past(CancellationToken cancel)
    {
        if (_past is null)
        {
            var shop = new Shop(market.Catalog, new());
            Live(shop, 0, options.PastDays, cancel);
            _past = shop.Log;
        }

        return _past;
    }

    private long[] WithoutCoupons(CancellationToken cancel)
    {
        var shop = new Shop(market.Catalog, new());
        var profits = new long[options.Rounds];
        for (var round = 1; round <= options.Rounds; round++)
        {
            var before = shop.MarginMinor;
            Live(shop, FirstDay(round), options.RoundDays, cancel);
            profits[round - 1] = shop.MarginMinor - before;
        }

        return profits;
    }

    private Campaign Campaign(int round)
    {
        var currency = Market.Currency;
        return new()
        {
            Id = new($"round-{round}"),
            Name = $"Round {round}",
            Status = CampaignStatus.Active,
            Start = market.Midnight(FirstDay(round)),
            End = market.Midnight(FirstDay(round + 1)),
            Budget = new(options.BudgetMinor / options.Rounds, currency),
            Caps = new() { OpenPerUser = options.CouponsPerUser, IssuedPerUser = options.CouponsPerUser, RedeemedPerUser = options.CouponsPerUser },
            Guardrails = new()
            {
                Cap = new(5_000, currency),
                MinimumSpendMin = new(100, currency),
                MinimumSpendMax = new(10_000, currency),
                AmountStep = new(100, currency),
                ValidDaysMax = Math.Max(options.RoundDays, 30),
            },
            Ranking = options.Ranking,
        };
    }

    private IReadOnlyList<Offer> Offers(Campaign campaign) =>
    [
        .. market.Categories.Select(c => new Offer
        {
            Id = new($"{campaign.Id}-{c.Number:D2}"),
            Campaign = campaign.Id,
            Title = $"{options.DepthBasisPoints / 100.0} % off {c.Name}",
            Kind = OfferKind.PercentOff,
            PercentBasisPoints = options.DepthBasisPoints,
            Scope = new() { Categories = [c.Name] },
            ValidFor = TimeSpan.FromDays(options.RoundDays),
        }),
    ];
}
