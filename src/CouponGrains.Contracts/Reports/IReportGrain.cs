using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Reports;

namespace CouponGrains.Contracts.Reports;

/// <summary>What people who watch the shop are told; there is one, key 0.</summary>
[Alias("cg.report"), GrainInterfaceType("cg.report")]
public interface IReportGrain : IGrainWithIntegerKey
{
    /// <summary>The last days (1 to 366), today among them, by campaign.</summary>
    [Alias("days")]
    Task<CouponDays> Days(int days, CancellationToken cancel = default);

    /// <summary>How a campaign's budget has been used, and where it is heading.</summary>
    [Alias("course")]
    Task<Answer<BudgetCourse>> Course(CampaignId campaign, CancellationToken cancel = default);

    /// <summary>Notes how often redemptions were refused since this was last told by the same silo, by the status in
    /// snake_case.</summary>
    [Alias("refused")]
    Task Refused(IReadOnlyDictionary<string, long> counts, CancellationToken cancel = default);
}

/// <summary>Days of coupons.</summary>
/// <param name="Days">By day and campaign, oldest first; days on which nothing happened are left out.</param>
/// <param name="Refused">Redemptions refused on these days, by reason. Told by each silo every half minute, so that a
/// silo that is killed takes the last half minute with it.</param>
/// <param name="Complete">False while the log is still being read.</param>
[GenerateSerializer, Immutable, Alias("cg.coupon-days")]
public sealed record CouponDays(
    [property: Id(0)] IReadOnlyList<CouponDay> Days, [property: Id(1)] IReadOnlyDictionary<string, long> Refused,
    [property: Id(2)] bool Complete);

/// <summary>What happened to the coupons and offers of a campaign on a day of UTC.</summary>
[GenerateSerializer, Immutable, Alias("cg.coupon-day")]
public sealed record CouponDay
{
    /// <summary>Midnight UTC.</summary>
    [Id(0)]
    public required DateTimeOffset Day { get; init; }

    /// <summary>The campaign.</summary>
    [Id(1)]
    public required CampaignId Campaign { get; init; }

    /// <summary>Offers shown in lists.</summary>
    [Id(2)]
    public long Exposed { get; init; }

    /// <summary>Coupons issued.</summary>
    [Id(3)]
    public long Issued { get; init; }

    /// <summary>Coupons looked at for the first time.</summary>
    [Id(4)]
    public long Viewed { get; init; }

    /// <summary>Coupons claimed.</summary>
    [Id(5)]
    public long Claimed { get; init; }

    /// <summary>Coupons redeemed, those rolled back later among them.</summary>
    [Id(6)]
    public long Redeemed { get; init; }

    /// <summary>Coupons that ran out.</summary>
    [Id(7)]
    public long Expired { get; init; }

    /// <summary>Redemptions rolled back.</summary>
    [Id(8)]
    public long RolledBack { get; init; }

    /// <summary>Discounts of the redemptions of the day less those of its roll-backs; below zero where more was taken
    /// back than given.</summary>
    [Id(9)]
    public required Money Given { get; init; }
}

/// <summary>How a campaign's budget has been used.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Use">The ledger's balance.</param>
/// <param name="Days">The days on which it was used, oldest first, in the campaign's zone; they sum to the
/// balance.</param>
/// <param name="Forecast">Where it is heading.</param>
[GenerateSerializer, Immutable, Alias("cg.budget-course")]
public sealed record BudgetCourse(
    [property: Id(0)] Campaign Campaign, [property: Id(1)] BudgetUse Use,
    [property: Id(2)] IReadOnlyList<BudgetDay> Days, [property: Id(3)] BudgetForecast Forecast);
