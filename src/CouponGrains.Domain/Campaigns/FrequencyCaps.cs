using CouponGrains.Domain.Coupons;

namespace CouponGrains.Domain.Campaigns;

/// <summary>How closely coupons may follow one another for one user. The ranking and the choice of a coupon keep them;
/// an operator who issues an offer by its name may pass them.</summary>
public sealed record FrequencyCaps
{
    /// <summary>The longest cool-down.</summary>
    public static readonly TimeSpan CoolDownMax = TimeSpan.FromDays(366);

    /// <summary>The most coupons issued in any 24 hours, or null.</summary>
    public int? IssuedPerDay { get; init; }

    /// <summary>The most coupons issued in any 7 days, or null.</summary>
    public int? IssuedPerWeek { get; init; }

    /// <summary>How long after an issue nothing is issued; 0 to <see cref="CoolDownMax"/>.</summary>
    public TimeSpan CoolDownAfterIssue { get; init; }

    /// <summary>How long after a coupon ran out unused nothing is issued; 0 to <see cref="CoolDownMax"/>.</summary>
    public TimeSpan CoolDownAfterExpiry { get; init; }

    /// <summary>The first rule that they break, or null.</summary>
    public Refusal? Check() => this switch
    {
        { IssuedPerDay: < 0 } or { IssuedPerWeek: < 0 } =>
            new(RefusalCodes.InvalidValue, "Frequency caps must not be negative.", ""),
        _ when CoolDownAfterIssue < TimeSpan.Zero || CoolDownAfterIssue > CoolDownMax => new(
            RefusalCodes.InvalidValue, $"A cool-down is 0 to {CoolDownMax.TotalDays} days.", "/coolDownAfterIssue"),
        _ when CoolDownAfterExpiry < TimeSpan.Zero || CoolDownAfterExpiry > CoolDownMax => new(
            RefusalCodes.InvalidValue, $"A cool-down is 0 to {CoolDownMax.TotalDays} days.", "/coolDownAfterExpiry"),
        _ => null,
    };

    /// <summary>Tells when a coupon ceases to count.</summary>
    internal void Turns(Coupon coupon, Action<DateTimeOffset> turn)
    {
        if (this is { IssuedPerDay: not null } or { IssuedPerWeek: not null })
        {
            turn(coupon.IssuedAt.AddDays(1));
            turn(coupon.IssuedAt.AddDays(7));
        }

        turn(coupon.IssuedAt + CoolDownAfterIssue);
        turn(coupon.ExpiresAt + CoolDownAfterExpiry);
    }

    /// <summary>The cap that a user with these coupons has reached at <paramref name="now"/>, in words, or null if one
    /// more may be issued.</summary>
    /// <param name="coupons">His coupons that the caps are about.</param>
    /// <param name="now">The time.</param>
    public string? Reached(IEnumerable<Coupon> coupons, DateTimeOffset now)
    {
        if (this is { IssuedPerDay: null, IssuedPerWeek: null, CoolDownAfterIssue.Ticks: 0, CoolDownAfterExpiry.Ticks: 0 })
        {
            return null;
        }

        var (day, week) = (0, 0);
        var (issued, expired) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        foreach (var coupon in coupons)
        {
            day += coupon.IssuedAt > now.AddDays(-1) ? 1 : 0;
            week += coupon.IssuedAt > now.AddDays(-7) ? 1 : 0;
            issued = coupon.IssuedAt > issued ? coupon.IssuedAt : issued;
            var isOver = coupon.State == CouponState.Expired || (coupon.IsOpen && coupon.ExpiresAt <= now);
            var isUnused = isOver && coupon.Uses == 0;
            expired = isUnused && coupon.ExpiresAt > expired ? coupon.ExpiresAt : expired;
        }

        return this switch
        {
            { IssuedPerDay: { } most } when day >= most => $"{day} coupons in 24 hours",
            { IssuedPerWeek: { } most } when week >= most => $"{week} coupons in 7 days",
            _ when issued > DateTimeOffset.MinValue && now - issued < CoolDownAfterIssue => "a pause after each coupon",
            _ when expired > DateTimeOffset.MinValue && now - expired < CoolDownAfterExpiry =>
                "a pause after a coupon that ran out unused",
            _ => null,
        };
    }
}
