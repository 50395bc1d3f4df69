using CouponGrains.Domain.Campaigns;
using CsCheck;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class BudgetRulesTests
{
    private const string Seed = "0N0XIzNsQ0O2";
    private static readonly Currency Euro = new("EUR");
    private static readonly Gen<long> Minor = Gen.OneOf(
        Gen.Long[0, 200], Gen.Long[0, long.MaxValue], Gen.Long[long.MaxValue - 5, long.MaxValue]);

    /// <summary>What is spent and reserved never exceeds the budget, so that much is known of them.</summary>
    private static readonly Gen<BudgetUse> Uses = Gen.Select(Minor, Minor, Minor, (limit, spent, reserved) =>
    {
        var most = Math.Min(spent, limit);
        return new BudgetUse(new(limit, Samples.Usd), new(most, Samples.Usd), 0, 0)
        {
            ReservedMinor = Math.Min(reserved, limit - most),
        };
    });

    [Fact]
    public void A_budget_is_changed_exactly_where_all_that_was_promised_still_fits_into_it() =>
        Gen.Select(Uses, Minor, Gen.Int[-2, 2], Gen.Bool, Gen.Bool).Sample((use, any, near, nearPromised, hasOffers) =>
        {
            var promised = use.Spent.Minor + use.ReservedMinor;
            var limit = nearPromised ? (long)Int128.Clamp((Int128)promised + near, 0, long.MaxValue) : any;
            var changed = use with { Limit = new(limit, Samples.Usd) };
            var refusal = BudgetRules.CheckChange(use, hasOffers, changed.Limit);
            Assert.Equal(promised > limit ? RefusalCodes.BudgetBelowSpent : null, refusal?.Code);
            Assert.True(refusal is not null || changed.Left.Minor >= 0);
            Assert.True(refusal is null || changed.Left.Minor < 0);
        }, seed: Seed, iter: 5_000);

    [Fact]
    public void Another_currency_is_taken_only_before_there_are_offers()
    {
        var use = new BudgetUse(new(100, Samples.Usd), new(0, Samples.Usd), 0, 0);
        Assert.Null(BudgetRules.CheckChange(use, false, new(5, Euro)));
        Assert.Equal(RefusalCodes.CurrencyMismatch, BudgetRules.CheckChange(use, true, new(5, Euro))?.Code);
        Assert.Null(BudgetRules.CheckChange(null, true, new(5, Euro)));
    }

    [Fact]
    public void A_share_that_is_spent_already_is_not_told_again_and_every_higher_one_is() =>
        Gen.Select(Uses, Minor).Sample((use, limit) =>
        {
            var (told, changed) = (BudgetRules.ToldShare(use, new(limit, Samples.Usd)), new Money(limit, Samples.Usd));
            Assert.Equal(use.Limit == changed, told is null);
            if (told is { } percent && limit > 0)
            {
                var spent = (decimal)use.Spent.Minor * 100 / limit;
                int[] shares = [50, 80, 90, 100];
                Assert.Equal(shares.Where(share => spent >= share).DefaultIfEmpty().Max(), percent);
            }
        }, seed: Seed, iter: 5_000);

    [Fact]
    public void The_first_budget_of_a_campaign_tells_nothing() =>
        Assert.Null(BudgetRules.ToldShare(null, new(100, Samples.Usd)));
}
