using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Domain.Campaigns;

/// <summary>What may still be taken of a campaign.</summary>
/// <param name="Minor">Minor units of its currency, 0 or more.</param>
/// <param name="Uses">Redemptions and reservations, 0 or more; null if they are not counted.</param>
public readonly record struct BudgetRoom(long Minor, long? Uses)
{
    /// <summary>True if both are at least those of <paramref name="other"/>.</summary>
    public bool Covers(BudgetRoom other) => Minor >= other.Minor && !(Uses < other.Uses);
}

/// <summary>A part of what is left of a campaign, which its holder takes from without asking the others.</summary>
/// <param name="Room">What is left of it.</param>
/// <param name="Day">The one day of the campaign's zone on which it may be used, if limits by period were reckoned
/// with; null for any day.</param>
public sealed record BudgetLease(BudgetRoom Room, int? Day = null)
{
    /// <summary>The lease after something was taken; null if it does not cover that: the holder must ask for
    /// all.</summary>
    /// <param name="day">The day on which that counts.</param>
    /// <param name="minor">Minor units, 0 or more.</param>
    /// <param name="uses">Redemptions and reservations, 0 or more.</param>
    public BudgetLease? Take(int day, long minor, long uses) => minor == 0 && uses == 0 ? this
        : Day is { } own && own != day ? null
        : !Room.Covers(new(minor, uses)) ? null
        : this with { Room = new(Room.Minor - minor, Room.Uses - uses) };
}

/// <summary>How a hot campaign's budget is spread over rows, so that silos need not wait for each other. Pure: the
/// store locks, asks here, and writes.</summary>
/// <remarks>What is used of the campaign and what is leased is never more than any of its limits, and no threshold of
/// the budget lies between: so a holder may take from his lease without knowing what the others do. Whoever needs more
/// than his lease locks them all, which ends every lease, decides by the whole, and shares what is left anew. Each
/// share is half of an even part, so leases shrink as the budget runs out, until they would not last for a batch: then
/// there are none, and the campaign is kept on one row. So exactly the limit is given, and nothing is left behind with
/// a holder, alive or dead.</remarks>
public static class BudgetShards
{
    /// <summary>A holder that has not written for so long gets no new lease. Nothing depends on it but how the rest is
    /// shared: a lease of his is ended like any other.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>A lease of fewer uses is not worth its row.</summary>
    public const int UsesMin = 256;

    /// <summary>Nor is one of less than this many times the most that a coupon may take off.</summary>
    public const int CapsMin = 16;

    /// <summary>Until when a lease written at <paramref name="now"/> counts as alive.</summary>
    public static DateTimeOffset UntilOf(DateTimeOffset now) =>
        now < DateTimeOffset.MaxValue - LeaseTime ? now + LeaseTime : DateTimeOffset.MaxValue;

    /// <summary>What may be taken on a day before a limit of the campaign, or a threshold of its budget, is
    /// met.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="use">What has been used of its budget.</param>
    /// <param name="told">The share of the budget, in per cent, of which was told that it is spent.</param>
    /// <param name="used">Tells what has been used of one of its limits in the period of the day.</param>
    public static BudgetRoom RoomOf(Campaign campaign, BudgetUse use, int told, Func<Limit, LimitUse> used)
    {
        var upTo = OutboxMessages.NextThreshold(use.Limit, told) is { } threshold ? threshold - 1 : use.Limit.Minor;
        var minor = upTo - use.Spent.Minor - use.ReservedMinor;
        long? uses = campaign.RedemptionsMax - use.Redeemed - use.Held;
        foreach (var limit in campaign.Limits.Where(limit => limit.Per == LimitPer.Campaign))
        {
            var (count, value) = used(limit);
            minor = Math.Min(minor, limit.Value?.Minor - value ?? long.MaxValue);
            uses = limit.Count is null ? uses : Math.Min(uses ?? long.MaxValue, limit.Count.Value - count);
        }

        return new(Math.Max(0, minor), uses is { } counted ? Math.Max(0, counted) : null);
    }

    /// <summary>A lease for each of <paramref name="holders"/>; null if it would not be worth it: the campaign is then
    /// kept on one row.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="room">See <see cref="RoomOf"/>.</param>
    /// <param name="day">The day of that room.</param>
    /// <param name="holders">How many share it, 1 or more.</param>
    /// <param name="taken">What one batch of the holder takes.</param>
    public static BudgetLease? Share(Campaign campaign, BudgetRoom room, int day, int holders, BudgetRoom taken)
    {
        var share = new BudgetRoom(room.Minor / (2 * holders), room.Uses / (2 * holders));
        var cap = Math.Min(campaign.Guardrails.Cap.Minor, long.MaxValue / CapsMin);
        var least = new BudgetRoom(
            Math.Max(Math.Max(1, cap * CapsMin), Twice(taken.Minor)), Math.Max(UsesMin, Twice(taken.Uses ?? 0)));
        return share.Covers(least) ? new(share, IsOfDay(campaign) ? day : null) : null;
    }

    /// <summary>True if the lease lasts for another batch like the one that took <paramref name="taken"/>.</summary>
    public static bool Lasts(BudgetLease lease, BudgetRoom taken) => lease.Room.Covers(taken);

    private static bool IsOfDay(Campaign campaign) =>
        campaign.Limits.Any(limit => limit.Per == LimitPer.Campaign && limit.Period != LimitPeriod.Campaign);

    private static long Twice(long number) => number > long.MaxValue / 2 ? long.MaxValue : 2 * number;
}
