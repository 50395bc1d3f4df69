using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Reports;

/// <summary>How often something happened to coupons and offers of a campaign on a day.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Day">Midnight UTC of the day on which it happened.</param>
/// <param name="Kind">What.</param>
/// <param name="Count">How often.</param>
/// <param name="Amount">The sum of the amounts of these events: discounts, for redemptions and roll-backs.</param>
public sealed record KindCount(CampaignId Campaign, DateTimeOffset Day, EventKind Kind, long Count, Money Amount);

/// <summary>What a campaign's limits have been used for on a day of its own zone. What came back is taken off on the
/// day on which it was given.</summary>
/// <param name="Day">Midnight of the day's date, as if it were UTC.</param>
/// <param name="Redeemed">Redemptions in force.</param>
/// <param name="SpentMinor">Their discounts in minor units of the campaign's currency.</param>
/// <param name="ReservedMinor">What is set aside for reservations.</param>
public sealed record BudgetDay(DateTimeOffset Day, long Redeemed, long SpentMinor, long ReservedMinor);

/// <summary>Sums over the event log and the ledger, for people who watch the shop.</summary>
public interface IReportStore
{
    /// <summary>Counts the events of coupons and offers that stand in the log after the place
    /// <paramref name="after"/>, up to <paramref name="upTo"/>; those of offers that the store does not have are left
    /// out. In no order.</summary>
    Task<IReadOnlyList<KindCount>> Count(long after, long upTo, CancellationToken cancel);

    /// <summary>The days on which the campaign's budget was used, in their order. Together they are what
    /// <see cref="Campaigns.BudgetUse"/> tells of it.</summary>
    Task<IReadOnlyList<BudgetDay>> BudgetDays(CampaignId campaign, CancellationToken cancel);
}
