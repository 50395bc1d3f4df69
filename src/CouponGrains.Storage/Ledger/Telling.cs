using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Ledger;

/// <summary>What is told of the ledger's steps, in their transaction.</summary>
internal static class Telling
{
    /// <summary>Records what happened to a coupon, and tells of it.</summary>
    public static RecordedEvent Record(this ILedgerRows rows, Coupon coupon, UserEvent e)
    {
        if (OutboxMessages.Of(e, coupon) is { } message)
        {
            rows.Tell(message);
        }

        return rows.Record(e);
    }

    /// <summary>Tells of a share of the budget that is spent now and was not told before.</summary>
    public static void TellThreshold(this ILedgerRows rows, CampaignId campaign, DateTimeOffset now)
    {
        var use = rows.Budget(campaign);
        if (OutboxMessages.Reached(use, rows.ToldShare(campaign)) is { } percent)
        {
            rows.NoteToldShare(campaign, percent);
            rows.Tell(OutboxMessages.Threshold(campaign, use, percent, now));
        }
    }
}
