using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>What one day has used of a campaign's limits.</summary>
internal sealed record BudgetDay(CampaignId Campaign, int Day, long Redeemed, long Spent, long Held, long Reserved);

/// <summary>A change of a campaign's balances.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Day">The day that it counts on.</param>
/// <param name="Spent">Minor units spent more.</param>
/// <param name="Redeemed">Redemptions in force more.</param>
/// <param name="Reserved">Minor units reserved more.</param>
/// <param name="Held">Reservations more.</param>
internal readonly record struct BudgetMove(
    CampaignId Campaign, int Day, long Spent = 0, long Redeemed = 0, long Reserved = 0, long Held = 0)
{
    public long Minor => Spent + Reserved;

    public long Uses => Redeemed + Held;
}

/// <summary>A coupon that is used or reserved on an order.</summary>
/// <param name="Key">The key of the redemption or reservation.</param>
/// <param name="At">When that was made.</param>
/// <param name="Until">Until when it counts; null for a redemption.</param>
/// <param name="Used">The coupon.</param>
internal sealed record OrderUse(string Key, DateTimeOffset At, DateTimeOffset? Until, UsedCoupon Used);

/// <summary>The coupons that a user has of a campaign.</summary>
internal sealed class Holding
{
    /// <summary>All that he was ever issued.</summary>
    public int Issued { get; set; }

    /// <summary>The open ones by code, with their ends.</summary>
    public Dictionary<string, DateTimeOffset> Open { get; } = new(StringComparer.Ordinal);
}

/// <summary>What a user has used of a campaign, by day.</summary>
internal sealed class UserUses
{
    public Dictionary<int, LimitUse> Days { get; } = [];

    public int Count => checked((int)Days.Values.Sum(use => use.Count));

    public void Add(int day, long count, long minor)
    {
        var use = Days.GetValueOrDefault(day);
        Days[day] = new(use.Count + count, use.Minor + minor);
    }
}
