using System.Diagnostics.Metrics;
using CouponGrains.Contracts;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Grains.Coupons;

/// <summary>The stage distribute: offers ranked, coupons issued and pushed.</summary>
internal sealed class CouponInstruments
{
    private readonly Counter<long> _ranked;
    private readonly Histogram<double> _ranking;
    private readonly Counter<long> _remembered;
    private readonly Counter<long> _issues;
    private readonly Histogram<double> _issuing;
    private readonly Counter<long> _pushes;

    public CouponInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _ranked = meter.CreateCounter<long>(
            "coupongrains.offers.ranked", "{offer}", "Offers answered to questions for a user's offers.");
        _ranking = meter.CreateHistogram(
            "coupongrains.offers.duration", "s", "Time to rank the offers for one user.", advice: StageTimes.Fast);
        _remembered = meter.CreateCounter<long>(
            "coupongrains.offers.remembered", "{answer}", "Questions for offers that were answered as the one before.");
        _issues = meter.CreateCounter<long>(
            "coupongrains.coupons.issues", "{coupon}",
            "Wishes to issue a coupon, by outcome: issued, repeated, or the refusal.");
        _issuing = meter.CreateHistogram(
            "coupongrains.coupons.issue.duration", "s", "Time to choose and issue one coupon.",
            advice: StageTimes.Fast);
        _pushes = meter.CreateCounter<long>(
            "coupongrains.coupons.pushes", "{push}", "Coupons sent to whoever listens, by outcome: sent or failed.");
    }

    /// <summary>Offers were ranked for a user.</summary>
    public void Ranked(OffersAnswer answer, TimeSpan took)
    {
        var personal = new KeyValuePair<string, object?>("personal", answer.Personal);
        _ranked.Add(answer.Offers.Count, personal);
        _ranking.Record(took.TotalSeconds, personal);
    }

    /// <summary>A question was answered as the one before.</summary>
    public void Remembered() => _remembered.Add(1);

    /// <summary>A wish to issue was answered; <paramref name="isNew"/> if the answer is a coupon made now.</summary>
    public void Issued(Answer<Coupon> answer, bool isNew, TimeSpan took)
    {
        _issues.Add(1, new KeyValuePair<string, object?>(
            "outcome", answer.Refusal?.Code ?? (isNew ? "issued" : "repeated")));
        _issuing.Record(took.TotalSeconds);
    }

    /// <summary>A coupon was pushed, or could not be.</summary>
    public void Pushed(bool sent)
    {
        // Both are told each time: a count that begins at 1 hides its first step from who asks for rates.
        _pushes.Add(sent ? 1 : 0, new KeyValuePair<string, object?>("outcome", "sent"));
        _pushes.Add(sent ? 0 : 1, new KeyValuePair<string, object?>("outcome", "failed"));
    }
}
