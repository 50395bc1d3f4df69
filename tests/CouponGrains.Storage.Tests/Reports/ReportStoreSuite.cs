using CouponGrains.Domain.Events;
using CouponGrains.Domain.Reports;
using CouponGrains.Storage.Tests.Redemptions;

namespace CouponGrains.Storage.Tests.Reports;

/// <summary>What every store of reports must do.</summary>
public abstract class ReportStoreSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task What_happened_to_coupons_is_counted_by_campaign_day_and_kind()
    {
        await Campaign();
        await Store.Events.Append([Samples.View("e1", "u1", "i1")], default);
        var first = await Issue("k1");
        await Issue("k2");
        await Ledger.Redeem(Samples.Redeem("r1", first), Now, default);
        Store.Time.Advance(TimeSpan.FromDays(1));
        await Issue("k3", "u2");

        var counts = await Count(0);
        var day = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            [
                new(new("spring"), day, EventKind.Issued, 2, new(0, Samples.Usd)),
                new(new("spring"), day, EventKind.Redeemed, 1, new(500, Samples.Usd)),
                new KindCount(new("spring"), day.AddDays(1), EventKind.Issued, 1, new(0, Samples.Usd)),
            ],
            counts.OrderBy(c => c.Day).ThenBy(c => c.Kind));
    }

    [Fact]
    public async Task Counting_on_from_a_place_counts_what_is_new_alone()
    {
        await Campaign();
        await Issue("k1");
        var place = (await Store.Events.Size(default)).LastSequence;
        Assert.Empty(await Count(place));
        await Issue("k2");
        Assert.Equal(1, Assert.Single(await Count(place)).Count);
        Assert.Equal(1, Assert.Single(await Store.Reports.Count(0, place, default)).Count);
    }

    [Fact]
    public async Task The_days_of_a_budget_sum_to_its_balance_also_after_a_roll_back()
    {
        await Campaign();
        var (first, second) = (await Issue("k1"), await Issue("k2"));
        await Ledger.Redeem(Samples.Redeem("r1", first), Now, default);
        Store.Time.Advance(TimeSpan.FromDays(1));
        await Ledger.Redeem(Samples.Redeem("r2", second), Now, default);
        Assert.Equal(2, (await Days()).Count);
        await Ledger.RollBack(new("u1"), "r1", Now, default);

        var days = await Days();
        Assert.Equal((await Budget()).Spent.Minor, days.Sum(d => d.SpentMinor));
        Assert.Equal(1, days.Sum(d => d.Redeemed));
        Assert.Equal(500, days.Single(d => d.Day == new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)).SpentMinor);
    }

    [Fact]
    public async Task A_campaign_that_nobody_used_has_no_days()
    {
        await Campaign();
        Assert.Empty(await Days());
        Assert.Empty(await Store.Reports.BudgetDays(new("no such"), default));
    }

    private Task<IReadOnlyList<KindCount>> Count(long after) => Store.Reports.Count(after, long.MaxValue, default);

    private Task<IReadOnlyList<BudgetDay>> Days() => Store.Reports.BudgetDays(new("spring"), default);
}
