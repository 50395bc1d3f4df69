using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Campaigns;

/// <content>The table of templates.</content>
public static partial class CampaignTemplates
{
    private static readonly Stacking Seasonal = new() { Rule = StackingRule.OnePerClass, Class = "season" };
    private static readonly Stacking PointsClass = new() { Rule = StackingRule.OnePerClass, Class = "points" };
    private static readonly Stacking Card = new() { Rule = StackingRule.OnePerClass, Class = "card", Priority = -1 };

    private static readonly OfferTimes Lunchtime = new()
    {
        Weekdays =
        [
            DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday,
        ],
        From = new(11, 0),
        Until = new(14, 0),
    };

    /// <summary>All templates.</summary>
    public static IReadOnlyList<CampaignTemplate> All { get; } =
    [
        new("retail-first-order", "retail", "Welcome", "20 % off a first order from 20 on, up to 10", 60)
        {
            Audience = new() { OrdersMax = 0 },
            CapUnits = 10,
            Offers = units => [Percent(2_000, units(20)) with { Cap = units(10), FirstOrderOnly = true }],
        },
        new("retail-returning-points", "retail", "Points for regulars",
            "Returning customers pay 5 of each full 30 with 500 points, or earn three times the points", 60)
        {
            Audience = new() { OrdersMin = 1 },
            Offers = units =>
            [
                Points(units(5), units(30), 500) with { RepeatsMax = 3, OrdersMin = 1 },
                Multiplied(3, units(1)) with { OrdersMin = 1 },
            ],
        },
        new("retail-season", "retail", "Season sale",
            "10 off 100, 25 off 200, 45 off 300; of each four pieces the cheapest free", 30)
        {
            CapUnits = 60,
            Offers = units =>
            [
                Save(units(10), units(100)) with
                {
                    Tiers = [new(units(200), units(25)), new(units(300), units(45))],
                    Stacking = Seasonal,
                },
                Plan(OfferKind.BuyAndGet) with
                {
                    PercentBasisPoints = 10_000,
                    Bundle = new() { Buy = 3, Get = 1 },
                    RepeatsMax = 5,
                    Cap = units(60),
                    Stacking = Seasonal,
                },
            ],
        },
        new("catering-first-order", "catering", "First meal",
            "5 off a first order from 25 on, or free delivery from 15 on", 60)
        {
            Audience = new() { OrdersMax = 0 },
            Offers = units =>
            [
                Plan(OfferKind.AmountOff) with { Amount = units(5), MinimumSpend = units(25), FirstOrderOnly = true },
                Plan(OfferKind.FreeShipping) with { MinimumSpend = units(15), FirstOrderOnly = true },
            ],
        },
        new("catering-lunch", "catering", "Lunch", "15 % off at lunch, Monday to Friday from 11 to 14 o'clock", 30)
        {
            CapUnits = 10,
            Offers = units =>
            [
                Percent(1_500, null) with { Times = Lunchtime, ValidFor = TimeSpan.FromDays(7), Stock = 1_000 },
            ],
        },
        new("catering-returning-points", "catering", "Back again",
            "Returning guests get 3 off for each full 30, or twice the points", 60)
        {
            Audience = new() { OrdersMin = 1 },
            Offers = units =>
            [
                Save(units(3), units(30)) with { RepeatsMax = 3, OrdersMin = 1 },
                Multiplied(2, units(1)) with { OrdersMin = 1 },
            ],
        },
        new("travel-first-order", "travel", "First journey", "30 off a first booking from 300 on", 90)
        {
            Audience = new() { OrdersMax = 0 },
            CapUnits = 30,
            Offers = units =>
                [Save(units(30), units(300)) with { FirstOrderOnly = true, ValidFor = TimeSpan.FromDays(60) }],
        },
        new("travel-season", "travel", "Early booking", "50 off 500, 120 off 1000, for two months", 60)
        {
            CapUnits = 120,
            Offers = units =>
            [
                Save(units(50), units(500)) with
                {
                    Tiers = [new(units(1_000), units(120))],
                    ValidFor = TimeSpan.FromDays(60),
                    Stacking = Seasonal,
                },
            ],
        },
        new("finance-card-first-use", "finance", "First use of the card",
            "10 off 50 for users with the attribute card = new, once, within 72 hours of the issue", 90)
        {
            Audience = new() { Attributes = new Dictionary<string, IReadOnlyList<string>> { ["card"] = ["new"] } },
            Caps = new() { OpenPerUser = 1, IssuedPerUser = 1, RedeemedPerUser = 1 },
            Offers = units =>
            [
                Plan(OfferKind.AmountOff) with
                {
                    Amount = units(10),
                    MinimumSpend = units(50),
                    ValidFor = TimeSpan.FromHours(72),
                    Stacking = Card,
                },
            ],
        },
        new("finance-card-points", "finance", "Points with the card",
            "10 off 100 for 1000 points, or five times the points", 90)
        {
            Offers = units =>
            [
                Points(units(10), units(100), 1_000) with { Stacking = Card },
                Multiplied(5, units(1)) with { Stacking = Card },
            ],
        },
    ];

    private static Offer Plan(OfferKind kind) =>
        new() { Id = new("plan"), Campaign = new("plan"), Title = "Plan", Kind = kind };

    private static Offer Percent(int basisPoints, Money? minimum) =>
        Plan(OfferKind.PercentOff) with { PercentBasisPoints = basisPoints, MinimumSpend = minimum };

    private static Offer Save(Money amount, Money minimum) =>
        Plan(OfferKind.SpendAndSave) with { Amount = amount, MinimumSpend = minimum };

    private static Offer Points(Money amount, Money minimum, int price) => Plan(OfferKind.PointsRedemption) with
    {
        Amount = amount,
        MinimumSpend = minimum,
        Points = new() { Price = price },
        Stacking = PointsClass,
    };

    private static Offer Multiplied(int factor, Money step) => Plan(OfferKind.PointsMultiplied) with
    {
        Points = new() { Factor = factor, Step = step },
        Stacking = PointsClass,
    };
}
