using CouponGrains.Domain.Experiments;

namespace CouponGrains.Domain.Events;

/// <summary>What a user did, or what happened to a coupon of his. The numbers are stored: never reuse one.</summary>
public enum EventKind
{
    /// <summary>Looked at an item.</summary>
    View = 1,

    /// <summary>Searched; <see cref="UserEvent.Query"/> holds the words.</summary>
    Search = 2,

    /// <summary>Put an item into the cart.</summary>
    Cart = 3,

    /// <summary>Bought an item; one event for each line of the order.</summary>
    Purchase = 4,

    /// <summary>Gave an item back.</summary>
    Refund = 5,

    /// <summary>A coupon was issued to the user.</summary>
    Issued = 10,

    /// <summary>The user looked at a coupon.</summary>
    CouponViewed = 11,

    /// <summary>The user claimed a coupon.</summary>
    Claimed = 12,

    /// <summary>A coupon was redeemed.</summary>
    Redeemed = 13,

    /// <summary>A coupon ran out unused.</summary>
    Expired = 14,

    /// <summary>The user rated a coupon, 1 to 5.</summary>
    Rated = 15,

    /// <summary>A redemption was rolled back.</summary>
    RolledBack = 16,

    /// <summary>An offer was shown to the user in a list; he holds no coupon of it by that. It tells of the policy, not
    /// of the user's behaviour.</summary>
    Exposed = 17,
}

/// <summary>One event of one user. Immutable; equal ids must mean equal content.</summary>
public sealed record UserEvent
{
    /// <summary>The sender's id of the event: sending it again records nothing.</summary>
    public required EventId Id { get; init; }

    /// <summary>Who.</summary>
    public required UserId User { get; init; }

    /// <summary>What.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>When it happened, UTC; may lie before events that are already recorded.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The item, for the kinds that have one.</summary>
    public ItemId? Item { get; init; }

    /// <summary>Pieces; 1 where it is not meaningful.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>What was paid for the whole line, or the discount of a redemption.</summary>
    public Money? Amount { get; init; }

    /// <summary>The shop's order number, for purchases and redemptions: lines of one order share it.</summary>
    public string? Order { get; init; }

    /// <summary>How long the user stayed, for views.</summary>
    public TimeSpan? Dwell { get; init; }

    /// <summary>The words searched for; at most 256 characters.</summary>
    public string? Query { get; init; }

    /// <summary>The offer behind a coupon's event.</summary>
    public OfferId? Offer { get; init; }

    /// <summary>The coupon's code, for a coupon's event.</summary>
    public string? CouponCode { get; init; }

    /// <summary>1 (poor) to 5 (good), for <see cref="EventKind.Rated"/>.</summary>
    public int? Rating { get; init; }

    /// <summary>The probability with which the policy showed the offer, for <see cref="EventKind.Issued"/>,
    /// <see cref="EventKind.Exposed"/>, and the later events of a coupon.</summary>
    public double? Propensity { get; init; }

    /// <summary>What was known when the offer was shown or issued, for the kinds from <see cref="EventKind.Issued"/>
    /// on; null in events of before, and in those that came from elsewhere.</summary>
    public Exposure? Exposure { get; init; }
}
