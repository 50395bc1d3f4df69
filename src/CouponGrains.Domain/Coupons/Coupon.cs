namespace CouponGrains.Domain.Coupons;

/// <summary>Where a coupon stands. The numbers are stored: never reuse one.</summary>
public enum CouponState
{
    /// <summary>In the wallet, usable.</summary>
    Issued = 1,

    /// <summary>In the wallet, usable, and taken up by the user.</summary>
    Claimed = 2,

    /// <summary>Used as often as it may be.</summary>
    Redeemed = 3,

    /// <summary>Ran out with a use left.</summary>
    Expired = 4,

    /// <summary>Taken back by the shop.</summary>
    Voided = 5,
}

/// <summary>An offer issued to one user, with a code.</summary>
public sealed record Coupon
{
    /// <summary>What the user shows at the checkout; unguessable, see <see cref="CouponCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Whose it is.</summary>
    public required UserId User { get; init; }

    /// <summary>What it gives.</summary>
    public required OfferId Offer { get; init; }

    /// <summary>Who pays.</summary>
    public required CampaignId Campaign { get; init; }

    /// <summary>The caller's key of the issue: the same user and key give the same coupon.</summary>
    public required string IssueKey { get; init; }

    /// <summary>Where it stands.</summary>
    public CouponState State { get; init; } = CouponState.Issued;

    /// <summary>How often it may be used, once for an order; 1 or more, as <see cref="Offers.Offer.UsesMax"/> said at
    /// its issue.</summary>
    public int UsesMax { get; init; } = 1;

    /// <summary>Its redemptions in force; 0 to <see cref="UsesMax"/>.</summary>
    public int Uses { get; init; }

    /// <summary>From when it is valid.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The instant from which it is not valid any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the user first looked at it, or null.</summary>
    public DateTimeOffset? ViewedAt { get; init; }

    /// <summary>When the user claimed it, or null.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>The user's rating 1 to 5, or null.</summary>
    public int? Rating { get; init; }

    /// <summary>The model that ranked it, <see cref="ModelVersion.None"/> if it was given by hand.</summary>
    public ModelVersion Model { get; init; }

    /// <summary>Its score when it was issued.</summary>
    public double Score { get; init; }

    /// <summary>The probability with which the policy showed it.</summary>
    public double Propensity { get; init; } = 1;

    /// <summary>The redemption probability that the response model told when it was issued; null where none told
    /// one.</summary>
    public double? RedemptionProbability { get; init; }

    /// <summary>True while it can still be used or run out.</summary>
    public bool IsOpen => State is CouponState.Issued or CouponState.Claimed;

    /// <summary>The coupon with one redemption more: after the last that it allows it is redeemed. Throws if none is
    /// left.</summary>
    public Coupon Used() => Uses >= UsesMax
        ? throw new InvalidOperationException("The coupon has no use left.")
        : this with { Uses = Uses + 1, State = Uses + 1 == UsesMax ? CouponState.Redeemed : State };

    /// <summary>The coupon with one redemption less: one that was redeemed is open again, or expired if its time is
    /// over. One that ran out or was taken back meanwhile stays so. Throws if it has no redemption.</summary>
    public Coupon GivenBack(DateTimeOffset now) => Uses < 1
        ? throw new InvalidOperationException("The coupon has no use to give back.")
        : this with
        {
            Uses = Uses - 1,
            State = State != CouponState.Redeemed ? State
                : now >= ExpiresAt ? CouponState.Expired
                : ClaimedAt is null ? CouponState.Issued
                : CouponState.Claimed,
        };
}
