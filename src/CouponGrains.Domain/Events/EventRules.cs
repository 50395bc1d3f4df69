namespace CouponGrains.Domain.Events;

/// <summary>Which events are accepted.</summary>
public static class EventRules
{
    /// <summary>The most events in one batch.</summary>
    public const int BatchMax = 1_000;

    /// <summary>The longest search text, in characters.</summary>
    public const int QueryLengthMax = 256;

    /// <summary>The most pieces in one event.</summary>
    public const int QuantityMax = 1_000_000;

    /// <summary>How far a sender's clock may be ahead of ours.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromHours(24);

    /// <summary>The earliest time of an event.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first rule that <paramref name="e"/> breaks, or null if it is accepted. Pointers are relative to
    /// the event.</summary>
    public static Refusal? Check(UserEvent e, DateTimeOffset now)
    {
        if (!Enum.IsDefined(e.Kind))
        {
            return new(RefusalCodes.UnknownEventKind, $"There is no event kind {(int)e.Kind}.", "/kind");
        }

        if (e.At < Earliest || e.At > now + ClockSkewMax)
        {
            return new(RefusalCodes.DateOutOfRange,
                $"The time must lie between {Earliest:yyyy-MM-dd} and {ClockSkewMax.TotalHours} hours from now, but was "
                + $"{e.At:O}.", "/at");
        }

        if (e.Quantity is < 1 or > QuantityMax)
        {
            return new(RefusalCodes.InvalidValue, $"The quantity must be 1 to {QuantityMax}, but was {e.Quantity}.",
                "/quantity");
        }

        if (e.Amount is { Minor: < 0 })
        {
            return new(RefusalCodes.NegativePrice, $"The amount must not be negative, but was {e.Amount}.", "/amount");
        }

        if (e.Dwell is { Ticks: < 0 } || e.Dwell > TimeSpan.FromDays(1))
        {
            return new(RefusalCodes.InvalidValue, "The dwell time must be 0 to 24 hours.", "/dwell");
        }

        if (e.Query is { Length: > QueryLengthMax })
        {
            return new(RefusalCodes.InvalidValue, $"The query must have at most {QueryLengthMax} characters.",
                "/query");
        }

        if (e.Order is not null && !IdRules.IsValid(e.Order))
        {
            return new(RefusalCodes.InvalidId, $"An order has 1 to {IdRules.LengthMax} characters, no control characters.",
                "/order");
        }

        if (e.CouponCode is not null && !IdRules.IsValid(e.CouponCode))
        {
            return new(RefusalCodes.InvalidId, $"A code has 1 to {IdRules.LengthMax} characters, no control characters.",
                "/couponCode");
        }

        if (e.Rating is < 1 or > 5)
        {
            return new(RefusalCodes.InvalidValue, $"A rating is 1 to 5, but was {e.Rating}.", "/rating");
        }

        if (e.Propensity is { } p && !(p > 0 && p <= 1))
        {
            return new(RefusalCodes.InvalidValue, "A propensity is above 0 and at most 1.", "/propensity");
        }

        if (e.Exposure is not null && e.Kind < EventKind.Issued)
        {
            return new(RefusalCodes.InvalidValue, $"An event of kind {e.Kind} has no exposure.", "/exposure");
        }

        if (e.Exposure?.Check() is { } exposure)
        {
            return exposure;
        }

        return e.Kind switch
        {
            EventKind.View or EventKind.Cart or EventKind.Purchase or EventKind.Refund when e.Item is null
                => new(RefusalCodes.MissingField, $"An event of kind {e.Kind} names an item.", "/item"),
            EventKind.Search when string.IsNullOrWhiteSpace(e.Query)
                => new(RefusalCodes.MissingField, "A search names its query.", "/query"),
            EventKind.Rated when e.Rating is null
                => new(RefusalCodes.MissingField, "A rating names its value.", "/rating"),
            >= EventKind.Issued when e.CouponCode is null && e.Offer is null
                => new(RefusalCodes.MissingField, $"An event of kind {e.Kind} names a coupon or an offer.",
                    "/couponCode"),
            _ => null,
        };
    }
}
