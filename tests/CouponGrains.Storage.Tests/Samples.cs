using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests;

/// <summary>Records that the suites write.</summary>
internal static class Samples
{
    public static readonly Currency Usd = new("USD");

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static UserEvent View(string id, string user, string item, DateTimeOffset? at = null) => new()
    {
        Id = new(id), User = new(user), Kind = EventKind.View, At = at ?? Start, Item = new(item),
    };

    /// <summary>An event with every field in use.</summary>
    public static UserEvent Full(string id, string user) => new()
    {
        Id = new(id), User = new(user), Kind = EventKind.Purchase, At = Start.AddTicks(1_234_567), Item = new("item-ü-汉-𝄞"),
        Quantity = 3, Amount = new(1_999, new("JPY")), Order = "order 1", Dwell = TimeSpan.FromTicks(77), Query = "two words",
        Offer = new("offer-1"), CouponCode = "CODE", Rating = 4, Propensity = 0.1 + 0.2,
        Exposure = new(new(7), 3, Start.AddTicks(3), 0.1 + 0.7, 0.3 - 0.1),
    };

    public static Campaign Campaign(string id = "spring", long budget = 100_000) => new()
    {
        Id = new(id), Name = "Spring", Status = CampaignStatus.Active, Start = Start, End = Start.AddDays(60),
        TimeZone = "Europe/Berlin", Budget = new(budget, Usd), RedemptionsMax = null,
        Audience = new() { Attributes = new Dictionary<string, IReadOnlyList<string>> { ["age"] = ["18-24", "25-34"] }, OrdersMin = 1 },
        Caps = new() { OpenPerUser = 3, IssuedPerUser = 20, RedeemedPerUser = 10 },
        Guardrails = new()
        {
            Cap = new(5_000, Usd), MinimumSpendMin = new(0, Usd), MinimumSpendMax = new(10_000, Usd), AmountStep = new(50, Usd),
            Categories = ["GROCERY"], WholeCart = true,
        },
        Ranking = new() { Diversity = 0.3 },
    };

    /// <summary>An offer of a fixed amount off the whole cart.</summary>
    public static Offer Offer(string id = "five-off", string campaign = "spring", long amount = 500) => new()
    {
        Id = new(id), Campaign = new(campaign), Title = "Five off", Kind = OfferKind.AmountOff, Amount = new(amount, Usd),
        ValidFor = TimeSpan.FromDays(14),
    };

    /// <summary>A cart of one line.</summary>
    public static Cart Cart(long price = 2_000) => new() { Currency = Usd, Lines = [new(new("i1"), 1, new(price, Usd))] };

    public static IssueRequest Issue(string key, string user = "u1", string offer = "five-off") =>
        new(key, new(user), new(offer), new(7), 0.75, 0.9, 0.3 - 0.1);

    public static RedemptionRequest Redeem(string key, Coupon coupon, long price = 2_000) => new()
    {
        Key = key, User = coupon.User, Code = coupon.Code, Order = $"order-{key}", Cart = Cart(price),
    };
}
