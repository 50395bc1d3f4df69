using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Random sequences of operations, the clock set forward and back between them, against
/// <see cref="LedgerModel"/>: every answer and every balance is that of the model, and the audit holds.</summary>
public abstract class LedgerModelSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private const int Cases = 60;
    private const int StepsMax = 160;
    private const int CouponsFirst = 8;
    private const int Users = 3;

    private static readonly StepKind[] Kinds = Enum.GetValues<StepKind>();

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
        for (var seed = 1; seed <= Cases; seed++)
        {
            var steps = Draw(new(seed));
            try
            {
                await Run($"c{seed}", steps);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {string.Join(", ", steps.AsEnumerable())}", e);
            }
        }

        Assert.Equal(Expected.Order(), _seen.Order());
    }

    /// <summary>Each sequence begins with coupons and leaves out some kinds of steps, so that what those undo or end
    /// lasts until a limit is reached.</summary>
    private static Step[] Draw(Random random)
    {
        var kinds = Kinds.Where(kind => kind == StepKind.Issue || random.Next(100) >= 33).ToArray();
        var steps = new Step[random.Next(1, StepsMax + 1)];
        for (var i = 0; i < steps.Length; i++)
        {
            var kind = i < CouponsFirst ? StepKind.Issue : kinds[random.Next(kinds.Length)];
            steps[i] = new(kind, Key: random.Next(16), Coupon: random.Next(16), Size: random.Next(4));
        }

        return steps;
    }

    private async Task Run(string campaign, Step[] steps)
    {
        var budget = steps.Length % 2 == 0 ? 2_200 : 100_000; // So that the budget, or the count, is the limit.
        await Store.Campaigns.Put(Open(campaign, budget), default);
        var offer = Samples.Offer(campaign + "-offer", campaign, LedgerModel.Discount);
        offer = offer with { ValidFor = TimeSpan.FromDays(2) };
        await Store.Campaigns.AddOffers([offer, offer with { Id = new(campaign + "-twice"), UsesMax = 2 }], default);
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
        var index = shop.CouponOf(step);
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
        var offer = shop.Campaign + (step.Coupon % 3 == 0 ? "-twice" : "-offer");
        var request = Samples.Issue($"k{shop.Coupons.Count}", user, offer);
        if ((await Ledger.Issue(request, shop.Now, default)).Coupon is { } issued)
        {
            shop.Coupons.Add(issued);
            shop.Model.Issue(user, issued.ExpiresAt, issued.UsesMax);
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
        private readonly Dictionary<int, int> _asked = [];

        public List<Coupon> Coupons { get; } = [];

        public DateTimeOffset Now { get; set; }

        /// <summary>The coupon that a step is about: mostly the one that its key asked for first, otherwise any; −1
        /// while there is none.</summary>
        public int CouponOf(Step step)
        {
            if (Coupons.Count == 0)
            {
                return -1;
            }

            var any = step.Coupon % Coupons.Count;
            if (step.Kind is StepKind.Reserve or StepKind.ReserveMore or StepKind.Redeem)
            {
                _asked.TryAdd(step.Key, any);
            }

            return step.Size > 0 && _asked.TryGetValue(step.Key, out var first) ? first : any;
        }
    }
}
