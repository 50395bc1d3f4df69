using System.Diagnostics.Metrics;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Grains.Redemptions;

/// <summary>The stage settle: coupons used and given back, and what of the budgets they have taken.</summary>
internal sealed class RedemptionInstruments
{
    /// <summary>Campaigns whose budget is shown: a label must not grow without bound. Beyond it, the fullest.</summary>
    private const int CampaignsMax = 200;

    private readonly Counter<long> _redemptions;
    private readonly Counter<long> _reservations;
    private readonly Counter<long> _rollbacks;
    private readonly Histogram<double> _duration;
    private volatile IReadOnlyList<(string Campaign, double Used)> _budgets = [];

    public RedemptionInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _redemptions = meter.CreateCounter<long>(
            "coupongrains.redemptions", "{redemption}", "Wishes to use a coupon, by the status of the answer.");
        _reservations = meter.CreateCounter<long>(
            "coupongrains.reservations", "{reservation}", "Wishes to reserve a coupon, by the status of the answer.");
        _rollbacks = meter.CreateCounter<long>(
            "coupongrains.rollbacks", "{redemption}", "Wishes to roll a redemption back, by the status of the answer.");
        _duration = meter.CreateHistogram(
            "coupongrains.redemption.duration", "s", "Time to redeem one coupon, durably.", advice: StageTimes.Fast);
        meter.CreateObservableGauge(
            "coupongrains.campaign.budget.used", Used, "1",
            "The share of an active campaign's budget that is spent, 0 to 1; every silo that serves tells it.");
    }

    /// <summary>Refused redemptions that the reports are to be told of.</summary>
    public RefusalCounts Refusals { get; } = new();

    /// <summary>A wish to redeem was answered.</summary>
    public void Redeemed(RedemptionAnswer answer, CampaignId? refusedOf, TimeSpan took)
    {
        _redemptions.Add(1, Status(answer.Status));
        _duration.Record(took.TotalSeconds);
        if (answer.Status != RedemptionStatus.Redeemed)
        {
            Refusals.Add(RefusalCounts.All, Word.Of(answer.Status), 1);
            if (refusedOf is { } campaign)
            {
                Refusals.Add(campaign.Value, Word.Of(answer.Status), 1);
            }
        }
    }

    /// <summary>A wish to reserve was answered.</summary>
    public void Reserved(ReservationAnswer answer) => _reservations.Add(1, Status(answer.Status));

    /// <summary>A wish to roll back was answered.</summary>
    public void RolledBack(RedemptionAnswer answer) => _rollbacks.Add(1, Status(answer.Status));

    /// <summary>The budgets of the active campaigns, as they are now.</summary>
    public void Budgets(IEnumerable<(CampaignId Campaign, BudgetUse Use)> budgets) => _budgets = [.. budgets
        .Where(b => b.Use.Limit.Minor > 0)
        .Select(b => (b.Campaign.Value, (double)b.Use.Spent.Minor / b.Use.Limit.Minor))
        .OrderByDescending(b => b.Item2)
        .Take(CampaignsMax)];

    private IEnumerable<Measurement<double>> Used() => _budgets.Select(b =>
        new Measurement<double>(b.Used, new KeyValuePair<string, object?>("campaign", b.Campaign)));

    private static KeyValuePair<string, object?> Status(RedemptionStatus status) => new("status", Word.Of(status));
}
