using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Domain.Tests.Redemptions;

public sealed class RedemptionRulesTests
{
    /// <summary>A case in which every check fails; each mend makes one of them pass.</summary>
    private static readonly Case AllWrong = new()
    {
        Coupon = null,
        Campaign = Samples.Campaign() with
        {
            Status = CampaignStatus.Archived,
            Start = Samples.Noon.AddDays(1),
            Budget = new(100_000, new("EUR")),
            RedemptionsMax = 5,
            Limits =
            [
                new() { Count = 2, Value = Samples.Dollars(20) },
                new() { Per = LimitPer.User, Count = 1, Value = Samples.Dollars(10) },
            ],
        },
        Request = new()
        {
            Key = "k",
            User = Samples.Ann,
            Code = "c",
            Order = "o",
            PriorOrders = 3,
            Cart = Samples.Cart((2, 1, 5)),
        },
        Offer = Samples.Amount(5, 20, new() { Categories = ["FOOD"] }) with
        {
            FirstOrderOnly = true,
            OrdersMax = 2,
            OrdersMin = 4,
            Times = new() { Start = Samples.Noon.AddTicks(1), End = Samples.Noon, Weekdays = [DayOfWeek.Monday] },
            Points = new() { Price = 100 },
            Bundle = new() { Buy = 4, Get = 1 },
        },
        Before =
        [
            new(new(), new(Samples.Dollars(20), [Samples.Dollars(20)], Samples.Dollars(0)), Samples.Cart((3, 1, 20))),
        ],
        Use = new(Samples.Dollars(100), Samples.Dollars(99), 10, 5),
        RedeemedByUser = 10,
        Reserved = true,
        Limits = [new(2, 2_000), new(1, 1_000)],
    };

    private static readonly (RedemptionStatus Answer, Func<Case, Case> Mend)[] Checks =
    [
        (RedemptionStatus.UnknownCoupon, c => c with
        {
            Coupon = Samples.Coupon(c.Offer, CouponState.Redeemed) with
            {
                User = new("bob"),
                ExpiresAt = Samples.Noon.AddDays(-1),
            },
        }),
        (RedemptionStatus.IssuedToAnotherUser, c => c with { Coupon = c.Coupon! with { User = Samples.Ann } }),
        (RedemptionStatus.Voided, c => c with { Campaign = c.Campaign with { Status = CampaignStatus.Paused } }),
        (RedemptionStatus.NotYetValid, c => c with
        {
            Campaign = c.Campaign with { Start = Samples.Noon },
            Offer = c.Offer with { Times = c.Offer.Times! with { Start = Samples.Noon } },
        }),
        (RedemptionStatus.Expired, c => c with
        {
            Coupon = c.Coupon! with { ExpiresAt = Samples.Noon.AddTicks(1) },
            Offer = c.Offer with { Times = c.Offer.Times! with { End = Samples.Noon.AddTicks(1) } },
        }),
        (RedemptionStatus.AlreadyRedeemed, c => c with { Coupon = c.Coupon! with { State = CouponState.Claimed } }),
        (RedemptionStatus.Reserved, c => c with { Reserved = false }),
        (RedemptionStatus.OutsideTimes, c => c with
        {
            Offer = c.Offer with { Times = new() { Weekdays = [DayOfWeek.Sunday] } },
        }),
        (RedemptionStatus.CurrencyMismatch, c =>
            c with { Campaign = c.Campaign with { Budget = Samples.Dollars(100) } }),
        (RedemptionStatus.NotFirstOrder, c => c with { Offer = c.Offer with { FirstOrderOnly = false } }),
        (RedemptionStatus.NotNewUser, c => c with { Offer = c.Offer with { OrdersMax = 3 } }),
        (RedemptionStatus.NotReturningUser, c => c with { Offer = c.Offer with { OrdersMin = 3 } }),
        (RedemptionStatus.NotStackable, c => c with
        {
            Offer = c.Offer with { Stacking = new() { Rule = StackingRule.OnePerClass } },
            Before = [c.Before[0] with { Stacking = new() { Rule = StackingRule.OnePerClass, Class = "other" } }],
        }),
        (RedemptionStatus.OtherCart, c => c with { Before = [c.Before[0] with { Cart = null }] }),
        (RedemptionStatus.NothingInScope, c => c with { Request = c.Request with { Cart = Samples.Cart((1, 1, 5)) } }),
        (RedemptionStatus.BelowMinimumSpend, c => c with
        {
            Request = c.Request with { Cart = Samples.Cart((1, 4, 5)) },
            Offer = c.Offer with { Kind = OfferKind.BuyAndGet, PercentBasisPoints = 10_000 },
        }),
        (RedemptionStatus.NotEnoughPieces, c => c with
        {
            Offer = c.Offer with { Kind = OfferKind.PointsRedemption },
        }),
        (RedemptionStatus.NotEnoughPoints, c => c with
        {
            Request = c.Request with { Cart = c.Request.Cart with { Points = 100 } },
        }),
        (RedemptionStatus.NothingLeft, c => c with
        {
            // 2.00 and 5.00 off 20.00 leave less than 70 %, what was assumed of the margin.
            Before =
            [
                c.Before[0] with { Discount = new(Samples.Dollars(2), [Samples.Dollars(2)], Samples.Dollars(0)) },
            ],
        }),
        (RedemptionStatus.BelowMarginFloor, c => c with { Before = [] }),
        (RedemptionStatus.UserCapReached, c => c with { RedeemedByUser = 9 }),
        (RedemptionStatus.UserLimitReached, c => c with { Limits = [c.Limits[0], c.Limits[1] with { Count = 0 }] }),
        (RedemptionStatus.UserValueReached, c => c with { Limits = [c.Limits[0], new(0, 500)] }),
        (RedemptionStatus.CampaignCapReached, c => c with { Use = c.Use with { Redeemed = 3, Held = 1 } }),
        (RedemptionStatus.CampaignLimitReached, c => c with { Limits = [c.Limits[0] with { Count = 1 }, c.Limits[1]] }),
        (RedemptionStatus.CampaignValueReached, c => c with { Limits = [new(1, 1_500), c.Limits[1]] }),
        (RedemptionStatus.BudgetExhausted, c => c with { Use = c.Use with { Spent = Samples.Dollars(90), ReservedMinor = 500 } }),
    ];

    [Fact]
    public void The_first_check_that_fails_gives_the_answer()
    {
        var now = AllWrong;
        foreach (var (answer, mend) in Checks)
        {
            Assert.Equal(answer, now.Decide().Status);
            now = mend(now);
        }

        var redeemed = now.Decide();
        Assert.Equal(RedemptionStatus.Redeemed, redeemed.Status);
        Assert.Equal(Samples.Dollars(5), redeemed.Discount!.Total); // To the last cent of the budget.
        // Those of key and returns are the ledger's to give, the last one the choice's between several.
        Assert.Equal(RedemptionRules.Checks.Skip(7).SkipLast(1), Checks.Select(c => c.Answer));
        Assert.Equal(
            Enum.GetValues<RedemptionStatus>().Except([RedemptionStatus.Redeemed]), RedemptionRules.Checks.Order());
    }

    [Fact]
    public void The_campaigns_times_hold_for_every_offer()
    {
        var good = Good();
        var nights = good.Campaign.Guardrails with { Times = new() { From = new(22, 0), Until = new(6, 0) } };
        var answer = (good with { Campaign = good.Campaign with { Guardrails = nights } }).Decide();
        Assert.Equal(RedemptionStatus.OutsideTimes, answer.Status);
    }

    [Fact]
    public void A_coupon_the_shop_took_back_is_voided_and_one_whose_campaign_ended_is_expired()
    {
        var good = Good();
        var voided = good with { Coupon = good.Coupon! with { State = CouponState.Voided } };
        var expired = good with { Coupon = good.Coupon! with { State = CouponState.Expired } };
        var ended = good with { Campaign = good.Campaign with { End = Samples.Noon } };
        Assert.Equal(RedemptionStatus.Voided, voided.Decide().Status);
        Assert.Equal(RedemptionStatus.Expired, expired.Decide().Status);
        Assert.Equal(RedemptionStatus.Expired, ended.Decide().Status);
    }

    [Fact]
    public void The_guardrails_cap_holds_also_for_an_offer_without_one()
    {
        var good = Good();
        var capped = good.Campaign.Guardrails with { Cap = Samples.Dollars(3) };
        var answer = (good with { Campaign = good.Campaign with { Guardrails = capped } }).Decide();
        Assert.Equal(Samples.Dollars(3), answer.Discount!.Total);
    }

    [Fact]
    public void A_cart_that_is_none_is_refused()
    {
        var request = AllWrong.Request with { Cart = Samples.Cart((1, 0, 1)) };
        var refused = Assert.Throws<RefusedException>(() => (Good() with { Request = request }).Decide());
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
    }

    private static Case Good() => Checks.Aggregate(AllWrong, (wrong, check) => check.Mend(wrong));

    private sealed record Case
    {
        internal required Coupon? Coupon { get; init; }

        internal required Campaign Campaign { get; init; }

        internal required RedemptionRequest Request { get; init; }

        internal required Offer Offer { get; init; }

        internal required BudgetUse Use { get; init; }

        internal required int RedeemedByUser { get; init; }

        internal required IReadOnlyList<UsedCoupon> Before { get; init; }

        internal required bool Reserved { get; init; }

        internal required IReadOnlyList<LimitUse> Limits { get; init; }

        internal RedemptionAnswer Decide()
        {
            var catalog = new CatalogIndex([Samples.Item(1, "FOOD"), Samples.Item(2, "TOYS")]);
            return RedemptionRules.Decide(
                Request, Coupon, Offer, Campaign, Use, RedeemedByUser, catalog.Get, Samples.Noon, Before,
                Reserved, Limits);
        }
    }
}
