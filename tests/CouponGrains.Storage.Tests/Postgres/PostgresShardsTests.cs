using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Postgres;

/// <summary>A hot campaign whose budget is spread over the silos by leases.</summary>
public sealed class PostgresShardsTests : IAsyncLifetime
{
    private const int Silos = 3;

    private readonly List<PostgresStore> _silos = [];
    private PostgresServer _server = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.Server;
        _database = await _server.TakeDatabase();
        for (var silo = 0; silo < Silos; silo++)
        {
            _silos.Add(await PostgresStore.Open(
                _server.Connection(_database), TimeProvider.System, NullLoggerFactory.Instance));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _server.GiveBack(_database);
    }

    [Theory]
    [InlineData(4_321, null, null)]
    [InlineData(null, 4_321 * 500 + 499, null)]
    [InlineData(null, null, 4_321)]
    public async Task Several_silos_with_leases_give_exactly_what_the_limit_allows(int? count, int? minor, int? perDay)
    {
        await Open(Hot() with
        {
            RedemptionsMax = count,
            Budget = new(minor ?? 1_000_000_000, Samples.Usd),
            Limits = perDay is null ? [] : [new() { Count = perDay }],
        });
        var coupons = await IssueAll(5_500);
        var leased = 0L;
        var statuses = await Each(coupons, async (silo, coupon, i) =>
        {
            leased = i % 400 == 0 ? Math.Max(leased, await Leases()) : leased;
            return await Redeem(silo, coupon, $"r{i}");
        });
        Assert.Equal(4_321, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(
            count is not null ? RedemptionStatus.CampaignCapReached
            : minor is not null ? RedemptionStatus.BudgetExhausted : RedemptionStatus.CampaignLimitReached,
            Assert.Single(statuses.Where(s => s != RedemptionStatus.Redeemed).Distinct()));
        Assert.Equal(Silos, leased);
        await RequireBalance(4_321);
    }

    [Fact]
    public async Task What_a_dead_silo_had_leased_is_used_up_by_another()
    {
        await Open(Hot() with { RedemptionsMax = 3_000 });
        var coupons = await IssueAll(3_100);
        await Each(coupons[..300], (silo, coupon, i) => Redeem(silo, coupon, $"r{i}"));
        Assert.True(await Leases() > 1);
        await _silos[1].DisposeAsync();
        await _silos[2].DisposeAsync();
        _silos.RemoveRange(1, 2);
        var statuses = await Each(coupons[300..], (silo, coupon, i) => Redeem(silo, coupon, $"s{i}"));
        Assert.Equal(2_700, statuses.Count(s => s == RedemptionStatus.Redeemed));
        await RequireBalance(3_000);
    }

    [Fact]
    public async Task A_limit_that_is_lowered_ends_every_lease_and_holds_at_once()
    {
        var campaign = Hot() with { RedemptionsMax = 20_000 };
        await Open(campaign);
        var coupons = await IssueAll(1_500);
        var first = await Each(coupons[..600], (silo, coupon, i) => Redeem(silo, coupon, $"r{i}"));
        Assert.All(first, status => Assert.Equal(RedemptionStatus.Redeemed, status));
        Assert.True(await Leases() > 1);
        Assert.True(await _silos[0].Campaigns.Put(campaign with { Revision = 2, RedemptionsMax = 700 }, default));
        Assert.Equal(0, await Leases());
        var statuses = await Each(coupons[600..], (silo, coupon, i) => Redeem(silo, coupon, $"s{i}"));
        Assert.Equal(100, statuses.Count(s => s == RedemptionStatus.Redeemed));
        await RequireBalance(700);
    }

    [Fact]
    public async Task Everything_that_moves_a_budget_at_once_through_leases_leaves_the_books_right()
    {
        await Open(Hot() with { RedemptionsMax = 50_000 });
        var coupons = await IssueAll(1_800);
        var now = Samples.Start;
        await Each(coupons, async (silo, coupon, i) =>
        {
            var (key, ledger) = ($"r{i}", silo.Ledger);
            var wish = Samples.Redeem(key, coupon);
            switch (i % 6)
            {
                case 0:
                    await ledger.Reserve(new(wish, TimeSpan.FromMinutes(10)), now, default);
                    return await Status(Other(i).Ledger.Confirm(coupon.User, key, now, default));
                case 1:
                    await ledger.Reserve(new(wish, TimeSpan.FromMinutes(10)), now, default);
                    return (await Other(i).Ledger.Release(coupon.User, key, now, default)).Status;
                case 2:
                    await ledger.Reserve(new(wish, TimeSpan.FromMinutes(1)), now, default);
                    return RedemptionStatus.Reserved; // Swept by whoever comes first after its time.
                case 3:
                    await ledger.Redeem(wish, now, default);
                    return await Status(Other(i).Ledger.RollBack(coupon.User, key, now, default));
                case 4:
                    await Other(i).Ledger.ReleaseDue(now.AddMinutes(2), default);
                    return await Status(ledger.Redeem(wish, now, default));
                default:
                    return await Status(ledger.Redeem(wish, now, default));
            }
        });
        await _silos[0].Ledger.ReleaseDue(now.AddMinutes(2), default);
        var use = (await _silos[0].Ledger.Budget(new("spring"), default))!;
        Assert.Equal((900L, 450_000L, 0L, 0L), (use.Redeemed, use.Spent.Minor, use.Held, use.ReservedMinor));
        await RequireBalance(900);
    }

    [Fact]
    public async Task Each_threshold_of_a_budget_that_is_leased_is_told_once()
    {
        await Open(Hot() with { Budget = new(3_000 * 500, Samples.Usd) });
        await _silos[0].Webhooks.Put(new()
        {
            Id = "shop", Url = "https://shop.example.com/", Types = [], Secret = WebhookSignature.NewSecret(), At = Samples.Start,
        }, default);
        var coupons = await IssueAll(3_000);
        await Each(coupons, (silo, coupon, i) => Redeem(silo, coupon, $"r{i}"));
        Assert.Equal(OutboxMessages.Thresholds.Count, await _server.Value<long>(_database, "SELECT count(*) FROM outbox WHERE type LIKE '%threshold%'"));
        await RequireBalance(3_000);
    }

    private static async Task<RedemptionStatus> Status(Task<LedgerAnswer> answer) => (await answer).Answer.Status;

    private static Campaign Hot()
    {
        var campaign = Samples.Campaign();
        return campaign with
        {
            Budget = new(1_000_000_000, Samples.Usd),
            RedemptionsMax = null,
            Guardrails = campaign.Guardrails with { Cap = new(500, Samples.Usd) },
        };
    }

    private PostgresStore Other(int i) => _silos[(i + 1) % _silos.Count];

    private Task<long> Leases() => _server.Value<long>(_database, "SELECT count(*) FROM budget_shards");

    private async Task Open(Campaign campaign)
    {
        await _silos[0].Campaigns.Put(campaign, default);
        await _silos[0].Campaigns.AddOffers([Samples.Offer()], default);
    }

    private async Task<List<Coupon>> IssueAll(int count) => [.. await Task.WhenAll(Enumerable.Range(0, count)
        .Select(async i => (await _silos[0].Ledger.Issue(
            Samples.Issue($"k{i}", $"u{i}"), Samples.Start, default)).Coupon!))];

    private static Task<RedemptionStatus> Redeem(PostgresStore silo, Coupon coupon, string key) =>
        Status(silo.Ledger.Redeem(Samples.Redeem(key, coupon), Samples.Start, default));

    /// <summary>Many at a time through each silo, but not all at once: leases are given, used up and given
    /// again.</summary>
    private async Task<List<T>> Each<T>(List<Coupon> items, Func<PostgresStore, Coupon, int, Task<T>> act)
    {
        var (next, answers) = (-1, new T[items.Count]);
        await Task.WhenAll(Enumerable.Range(0, _silos.Count * 40).Select(caller => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < items.Count; i = Interlocked.Increment(ref next))
            {
                answers[i] = await act(_silos[caller % _silos.Count], items[i], i);
            }
        })));
        return [.. answers];
    }

    private async Task RequireBalance(int redeemed)
    {
        var audit = await _silos[0].Ledger.Audit(default);
        Assert.Contains(audit.Identities, identity => identity.Name == "leases");
        Assert.All(audit.Identities, identity => Assert.Equal([], identity.Broken));
        Assert.Equal(redeemed, (await _silos[0].Ledger.Budget(new("spring"), default))!.Redeemed);
    }
}
