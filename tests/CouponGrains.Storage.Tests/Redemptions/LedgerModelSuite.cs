using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CsCheck;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Random sequences of operations, the clock set forward and back between them, against
/// <see cref="LedgerModel"/>: every answer and every balance is that of the model, and the audit holds.</summary>
public abstract class LedgerModelSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private const string Seed = "0N0XIzNsQ0O2";
    private const int Users = 3;

    private static readonly Gen<Step[]> Steps = Gen
        .Select(Gen.Enum<StepKind>(), Gen.Int[0, 11], Gen.Int[0, 15], Gen.Int[0, 3])
        .Select((kind, key, coupon, size) => new Step(kind, key, coupon, size))
        .Array[1, 120];

    /// <summary>Every answer that the steps can bring; all of them must have come.</summary>
    private static readonly RedemptionStatus[] Expected =
    [
        RedemptionStatus.Redeemed, RedemptionStatus.Reserved, RedemptionStatus.Released, RedemptionStatus.RolledBack,
        RedemptionStatus.KeyReusedWithOtherContent, RedemptionStatus.ReservationExpired,
        RedemptionStatus.UnknownReservation, RedemptionStatus.UnknownCoupon, RedemptionStatus.Voided,
        RedemptionStatus.Expired, RedemptionStatus.AlreadyRedeemed, RedemptionStatus.UserCapReached,
        RedemptionStatus.UserValueReached, RedemptionStatus.CampaignCapReached, RedemptionStatus.CampaignLimitReached,
        RedemptionStatus.BudgetExhausted,
    ];

    private readonly HashSet<RedemptionStatus> _seen = [];

    private enum StepKind
    {
        Issue,
        IssueMore,
        Reserve,
        ReserveMore,
        Redeem,
        Confirm,
        Release,
        RollBack,
        Void,
        Expire,
        Sweep,
        Forward,
        Back,
    }

    [Fact]
    public async Task Any_sequence_of_operations_answers_as_the_plain_model_does()
    {
        var number = 0;
        await Steps.SampleAsync(steps => Run($"c{++number}", steps), iter: 80, threads: 1, seed: Seed);
        Assert.Equal(Expected.Order(), _seen.Order());
    }

    private async Task Run(string campaign, Step[] steps)
    {
        var budget = steps.Length % 2 == 0 ? 2_200 : 100_000; // So that the budget, or the count, is the limit.
        await Store.Campaigns.Put(Open(campaign, budget), default);
        var offer = Samples.Offer(campaign + "-offer", campaign, LedgerModel.Discount);
        await Store.Campaigns.AddOffers([offer with { ValidFor = TimeSpan.FromDays(2) }], default);
        var shop = new Shop(campaign, new(budget)) { Now = Samples.Start.AddDays(3) };
        foreach (var step in steps)
        {
            await Take(shop, step);
            var use = (await Ledger.Budget(new(campaign), default))!;
            Assert.Equal(
                (shop.Model.Spent, shop.Model.Reserved, (long)shop.Model.Coupons),
                (use.Spent.Minor, use.ReservedMinor, use.Issued));
        }

        for (var i = 0; i < shop.Coupons.Count; i++)
        {
            Assert.Equal(shop.Model.StateOf(i), (await Ledger.Find(shop.Coupons[i].Code, default))!.State);
        }

        var kinds = new List<EventKind>();
        for (var user = 0; user < Users; user++)
        {
            kinds.AddRange((await EventsOf($"{campaign}-u{user}")).Select(e => e.Kind));
        }

        Assert.Equal(
            (shop.Model.Coupons, shop.Model.Redeemed, shop.Model.RolledBack),
            (kinds.Count(k => k == EventKind.Issued), kinds.Count(k => k == EventKind.Redeemed),
                kinds.Count(k => k == EventKind.RolledBack)));
        await RequireAudit();
    }

    private async Task Take(Shop shop, Step step)
    {
        var (key, now, model) = ($"{shop.Campaign}-{step.Key}", shop.Now, shop.Model);
        var index = shop.Coupons.Count == 0 ? -1 : step.Coupon % shop.Coupons.Count;
        var coupon = index < 0 ? null : shop.Coupons[index];
        var user = coupon?.User.Value ?? shop.Campaign + "-u0";
        var hold = TimeSpan.FromHours(1 + (step.Size * 10));
        switch (step.Kind)
        {
            case StepKind.Issue or StepKind.IssueMore:
                await Issue(shop, step);
                break;
            case StepKind.Reserve or StepKind.ReserveMore when coupon is not null:
                Answers(model.Reserve(key, index, hold, now),
                    (await Ledger.Reserve(new(Samples.Redeem(key, coupon), hold), now, default)).Status);
                break;
            case StepKind.Redeem when coupon is not null:
                Answers(model.Redeem(key, index, now),
                    (await Ledger.Redeem(Samples.Redeem(key, coupon), now, default)).Answer.Status);
                break;
            case StepKind.Confirm:
                Answers(model.Confirm(key, user, now), (await Ledger.Confirm(new(user), key, now, default)).Answer.Status);
                break;
            case StepKind.Release:
                Answers(model.Release(key, user, now), (await Ledger.Release(new(user), key, now, default)).Status);
                break;
            case StepKind.RollBack:
                Answers(model.RollBack(key, user, now), (await Ledger.RollBack(new(user), key, now, default)).Answer.Status);
                break;
            case StepKind.Void when coupon is not null && step.Size == 0:
                Assert.Equal(model.Void(index), (await Ledger.Void(coupon.User, coupon.Code, now, default)).Refusal is null);
                break;
            case StepKind.Expire:
                model.Expire(user, now);
                await Ledger.ExpireDue(new(user), now, default);
                break;
            case StepKind.Sweep:
                model.Sweep(now);
                await Ledger.ReleaseDue(now, default);
                break;
            case StepKind.Forward:
                shop.Now += TimeSpan.FromHours(1 + (step.Size * 13));
                break;
            case StepKind.Back:
                shop.Now -= TimeSpan.FromHours(step.Size);
                break;
            default:
                break;
        }
    }

    private void Answers(RedemptionStatus expected, RedemptionStatus answered)
    {
        Assert.Equal(expected, answered);
        _seen.Add(answered);
    }

    private async Task Issue(Shop shop, Step step)
    {
        var user = $"{shop.Campaign}-u{step.Key % Users}";
        var request = Samples.Issue($"k{shop.Coupons.Count}", user, shop.Campaign + "-offer");
        if ((await Ledger.Issue(request, shop.Now, default)).Coupon is { } issued)
        {
            shop.Coupons.Add(issued);
            shop.Model.Issue(user, issued.ExpiresAt);
        }
    }

    private static Campaign Open(string campaign, long budget) => Samples.Campaign(campaign, budget) with
    {
        TimeZone = "UTC",
        RedemptionsMax = LedgerModel.RedemptionsMax,
        Caps = new() { OpenPerUser = 100, IssuedPerUser = 100, RedeemedPerUser = LedgerModel.PerUser },
        Limits =
        [
            new() { Period = LimitPeriod.Day, Count = LedgerModel.PerDay },
            new() { Per = LimitPer.User, Period = LimitPeriod.Day, Value = new(LedgerModel.PerUserAndDay, Samples.Usd) },
        ],
    };

    private sealed record Step(StepKind Kind, int Key, int Coupon, int Size);

    private sealed record Shop(string Campaign, LedgerModel Model)
    {
        public List<Coupon> Coupons { get; } = [];

        public DateTimeOffset Now { get; set; }
    }
}
