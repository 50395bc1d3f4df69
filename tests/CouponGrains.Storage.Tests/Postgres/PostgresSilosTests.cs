using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Postgres;

/// <summary>Several silos, each with a store of its own over one database.</summary>
public sealed class PostgresSilosTests : IAsyncLifetime
{
    private const int Silos = 3;
    private const int Callers = 10_000;
    private const int Limit = 411;

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

    [Fact]
    public async Task Redemptions_through_all_silos_stop_exactly_at_the_limit()
    {
        await Open(Campaign() with { RedemptionsMax = Limit });
        var coupons = await IssueAll(Callers);
        var statuses = await Each(coupons, (silo, coupon, i) => Redeem(silo, coupon, $"r{i}"));
        Assert.Equal(Limit, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(Callers - Limit, statuses.Count(s => s == RedemptionStatus.CampaignCapReached));
        await RequireBalance(Limit);
    }

    [Fact]
    public async Task A_shared_code_presented_to_all_silos_gives_exactly_as_many_coupons_as_there_are()
    {
        await Open(Campaign(), Samples.Offer() with { Stock = Limit });
        await _silos[0].Codes.Share(new(new("spring"), "WELCOME10", new("five-off")), Samples.Start, default);
        var statuses = await Each(Enumerable.Range(0, Callers).ToList(), async (silo, i, _) => (await silo.Ledger.Redeem(new()
        {
            Key = $"r{i}", User = new($"u{i}"), Code = "Welcome10", Order = $"o{i}", Cart = Samples.Cart(),
        }, Samples.Start, default)).Answer.Status);
        Assert.Equal(Limit, statuses.Count(s => s == RedemptionStatus.Redeemed));
        Assert.Equal(Callers - Limit, statuses.Count(s => s == RedemptionStatus.CampaignCapReached));
        await RequireBalance(Limit);
    }

    [Fact]
    public async Task One_coupon_presented_to_all_silos_at_once_is_used_once()
    {
        await Open(Campaign());
        var coupon = (await IssueAll(1))[0];
        var statuses = await Each(Enumerable.Repeat(coupon, 300).ToList(), (silo, c, i) => Redeem(silo, c, $"r{i}"));
        Assert.Single(statuses, s => s == RedemptionStatus.Redeemed);
        Assert.Equal(299, statuses.Count(s => s == RedemptionStatus.AlreadyRedeemed));
        await RequireBalance(1);
    }

    [Fact]
    public async Task One_key_sent_to_all_silos_at_once_redeems_once_and_is_answered_alike()
    {
        await Open(Campaign());
        var coupons = await IssueAll(30);
        var sent = coupons.SelectMany(coupon => Enumerable.Repeat(coupon, 10)).ToList();
        var statuses = await Each(sent, (silo, coupon, _) => Redeem(silo, coupon, "r-" + coupon.Code));
        Assert.All(statuses, s => Assert.Equal(RedemptionStatus.Redeemed, s));
        await RequireBalance(30);
    }

    [Fact]
    public async Task A_user_who_shops_at_all_silos_at_once_keeps_his_caps()
    {
        await Open(Campaign() with { Caps = new() { OpenPerUser = 100, IssuedPerUser = 17, RedeemedPerUser = 5 } });
        var answers = await Each(Enumerable.Range(0, 200).ToList(),
            (silo, i, _) => silo.Ledger.Issue(Samples.Issue($"k{i}"), Samples.Start, default));
        var coupons = answers.Select(a => a.Coupon).OfType<Coupon>().ToList();
        Assert.Equal(17, coupons.Count);
        var statuses = await Each(coupons, (silo, coupon, i) => Redeem(silo, coupon, $"r{i}"));
        Assert.Equal(5, statuses.Count(s => s == RedemptionStatus.Redeemed));
        await RequireBalance(5);
    }

    [Fact]
    public async Task With_connections_cut_again_and_again_every_key_that_is_asked_again_is_redeemed_once()
    {
        await Open(Campaign());
        var coupons = await IssueAll(1_500);
        using var over = new CancellationTokenSource();
        var cutting = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(150);
                await _server.Cut(_database);
            }
        });
        var statuses = await Each(coupons, async (silo, coupon, _) =>
        {
            while (true)
            {
                try
                {
                    return await Redeem(silo, coupon, "r-" + coupon.Code);
                }
                catch (RefusedException e) when (e.Refusal.Code == RefusalCodes.Unavailable)
                {
                    await Task.Delay(25);
                }
            }
        });
        await over.CancelAsync();
        await cutting;
        Assert.All(statuses, s => Assert.Equal(RedemptionStatus.Redeemed, s));
        await RequireBalance(coupons.Count);
    }

    [Fact]
    public async Task A_request_that_breaks_a_batch_fails_alone()
    {
        await Open(Campaign());
        var coupons = await IssueAll(60);
        var bad = coupons[30];
        await _server.Execute(_database, $"""
            ALTER TABLE redemptions ADD CONSTRAINT broken CHECK (code <> '{bad.Code}')
            """);
        var tasks = coupons.Select(coupon => Task.Run(() => Redeem(_silos[0], coupon, "r-" + coupon.Code))).ToList();
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => tasks[30]);
        Assert.Contains("broken", failed.Message);
        tasks.RemoveAt(30);
        Assert.All(await Task.WhenAll(tasks), s => Assert.Equal(RedemptionStatus.Redeemed, s));
        await RequireBalance(59);
    }

    [Fact]
    public async Task Events_that_all_silos_record_at_once_are_recorded_once_and_seen_in_order()
    {
        var batches = Enumerable.Range(0, 60).Select(b => Enumerable.Range(b / 2 * 300, 300)
            .Select(i => Samples.View($"e{i}", $"u{i % 50}", "i1")).ToArray()).ToList();
        var appended = Each(batches, (silo, events, _) => silo.Events.Append(events, default));
        var (seen, last) = (0, 0L);
        while (seen < 9_000)
        {
            // Whoever reads on from a place misses nobody who was slower.
            await foreach (var recorded in _silos[0].Events.ReadAll(last, default))
            {
                (seen, last) = (seen + 1, recorded.Sequence);
            }
        }

        var results = (await appended).SelectMany(r => r).ToList();
        Assert.Equal(9_000, results.Count(r => r.Status == AppendStatus.Accepted));
        Assert.Equal(9_000, results.Count(r => r.Status == AppendStatus.Duplicate));
        Assert.Equal(9_000, results.Select(r => r.Sequence).Distinct().Count());
    }

    private static Campaign Campaign() => Samples.Campaign(budget: 100_000_000) with
    {
        Caps = new() { OpenPerUser = 100_000, IssuedPerUser = 100_000, RedeemedPerUser = 100_000 },
    };

    private async Task Open(Campaign campaign, Offer? offer = null)
    {
        Assert.True(await _silos[0].Campaigns.Put(campaign, default));
        await _silos[0].Campaigns.AddOffers([offer ?? Samples.Offer()], default);
    }

    private async Task<List<Coupon>> IssueAll(int count) => [.. (await Each(Enumerable.Range(0, count).ToList(),
        (silo, i, _) => silo.Ledger.Issue(Samples.Issue($"k{i}", $"u{i % 200}"), Samples.Start, default)))
        .Select(answer => answer.Coupon!)];

    private async Task<T[]> Each<TOf, T>(IReadOnlyList<TOf> all, Func<PostgresStore, TOf, int, Task<T>> run) =>
        await Task.WhenAll(all.Select((one, i) => Task.Run(() => run(_silos[i % Silos], one, i))));

    private static async Task<RedemptionStatus> Redeem(PostgresStore silo, Coupon coupon, string key) =>
        (await silo.Ledger.Redeem(Samples.Redeem(key, coupon), Samples.Start, default)).Answer.Status;

    private async Task RequireBalance(int redeemed)
    {
        var use = (await _silos[^1].Ledger.Budget(new("spring"), default))!;
        Assert.Equal((redeemed, redeemed * 500L), (use.Redeemed, use.Spent.Minor));
        Assert.Equal(redeemed, await _server.Value<long>(
            _database, "SELECT count(*) FROM redemptions WHERE rolled_back_at IS NULL"));
        var audit = await _silos[0].Ledger.Audit(default);
        Assert.True(audit.Holds, string.Join('\n', audit.Identities.SelectMany(i => i.Broken)));
    }
}
