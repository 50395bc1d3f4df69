using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CsCheck;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Whatever is done in whatever order, the balances hold.</summary>
public abstract class LedgerBalanceSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private const string Seed = "0N0XIzNsQ0O2";
    private const int RedemptionsMax = 5;

    private static readonly Gen<Step[]> Steps = Gen
        .Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[0, 7], Gen.Int[0, 2])
        .Select((kind, user, key, offer) => new Step((StepKind)kind, user, key, offer))
        .Array[1, 80];

    private enum StepKind
    {
        Issue,
        IssueMore,
        Claim,
        Redeem,
        RedeemMore,
        RollBack,
        Expire,
    }

    [Fact]
    public async Task After_any_sequence_of_steps_the_balances_hold()
    {
        var number = 0;
        await Steps.SampleAsync(steps => Run($"c{++number}", steps), iter: 50, threads: 1, seed: Seed);
    }

    private async Task Run(string campaign, Step[] steps)
    {
        await Store.Campaigns.Put(
            Samples.Campaign(campaign, budget: 2_000) with
            {
                RedemptionsMax = RedemptionsMax, Start = Now, End = Now.AddDays(60),
                Caps = new() { OpenPerUser = 4, IssuedPerUser = 6, RedeemedPerUser = 2 },
            }, default);
        await Store.Campaigns.AddOffers(
            [.. Enumerable.Range(0, 3).Select(i => Samples.Offer($"{campaign}-{i}", campaign, 200 + (i * 250)))], default);
        var held = new Held([], []);
        foreach (var step in steps)
        {
            await Take(campaign, step, held);
            await RequireBalance(campaign, held);
        }

        await RequireLogged(campaign, held);
    }

    private async Task Take(string campaign, Step step, Held held)
    {
        var user = $"{campaign}-u{step.User}";
        var key = $"{campaign}-{step.Key}";
        var coupon = held.Coupons.Values.ElementAtOrDefault(step.Key % Math.Max(1, held.Coupons.Count));
        switch (step.Kind)
        {
            case StepKind.Issue or StepKind.IssueMore:
                held.Note((await Ledger.Issue(Samples.Issue(key, user, $"{campaign}-{step.Offer}"), Now, default)).Coupon);
                break;
            case StepKind.Claim when coupon is not null:
                held.Note((await Ledger.Claim(coupon.User, coupon.Code, Now, default)).Coupon);
                break;
            case StepKind.Redeem or StepKind.RedeemMore when coupon is not null:
                held.Note(await Ledger.Redeem(Samples.Redeem(key, coupon), Now, default));
                break;
            case StepKind.RollBack:
                held.Note(await Ledger.RollBack(coupon?.User ?? new(user), key, Now, default));
                break;
            case StepKind.Expire:
                Store.Time.Advance(TimeSpan.FromDays(3));
                foreach (var expired in await Ledger.ExpireDue(new(user), Now, default))
                {
                    held.Note(expired.Coupon);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>issued = open + redeemed + expired + voided; spent = the sum of the redemptions in force, within the
    /// budget. </summary>
    private async Task RequireBalance(string campaign, Held held)
    {
        var use = (await Ledger.Budget(new(campaign), default))!;
        var inForce = held.Redemptions.Values.Where(r => r.RolledBackAt is null).ToList();
        Assert.Equal(held.Coupons.Count, use.Issued);
        Assert.Equal(inForce.Count, use.Redeemed);
        Assert.Equal(held.Coupons.Values.Count(c => c.State == CouponState.Redeemed), use.Redeemed);
        Assert.Equal(inForce.Sum(r => r.Discount.Total.Minor), use.Spent.Minor);
        Assert.InRange(use.Spent.Minor, 0, use.Limit.Minor);
        Assert.InRange(use.Redeemed, 0, RedemptionsMax);
        Assert.All(inForce.CountBy(r => r.User), user => Assert.InRange(user.Value, 1, 2));
    }

    /// <summary>The store's coupons are those of the answers, and every step is in the log once.</summary>
    private async Task RequireLogged(string campaign, Held held)
    {
        foreach (var coupon in held.Coupons.Values)
        {
            Assert.Equal(coupon, await Ledger.Find(coupon.Code, default));
        }

        var kinds = new List<EventKind>();
        for (var user = 0; user < 4; user++)
        {
            kinds.AddRange((await EventsOf($"{campaign}-u{user}")).Select(e => e.Kind));
        }

        Assert.Equal(held.Coupons.Count, kinds.Count(k => k == EventKind.Issued));
        Assert.Equal(held.Redemptions.Count, kinds.Count(k => k == EventKind.Redeemed));
        Assert.Equal(held.Redemptions.Values.Count(r => r.RolledBackAt is not null), kinds.Count(k => k == EventKind.RolledBack));
    }

    private sealed record Step(StepKind Kind, int User, int Key, int Offer);

    /// <summary>What the answers told.</summary>
    private sealed record Held(Dictionary<string, Coupon> Coupons, Dictionary<string, Redemption> Redemptions)
    {
        public void Note(Coupon? coupon)
        {
            if (coupon is not null)
            {
                Coupons[coupon.Code] = coupon;
            }
        }

        public void Note(LedgerAnswer answer)
        {
            Note(answer.Coupon);
            if (answer.Answer.Redemption is { } redemption)
            {
                Redemptions[redemption.Key] = redemption;
            }
        }
    }
}
