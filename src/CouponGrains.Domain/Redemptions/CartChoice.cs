using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Whose wish decides between the combinations of coupons that are allowed.</summary>
public enum ChoiceMode
{
    /// <summary>The combination that takes the most off.</summary>
    BestForUser = 1,

    /// <summary>Of the combinations to which no further coupon could be added, the one that takes the least off: every
    /// coupon is honoured as far as the rules of stacking allow, and where they force a choice, the shop's
    /// wins.</summary>
    BestForShop = 2,
}

/// <summary>A wish to know which coupons to use on a cart.</summary>
public sealed record ChoiceRequest
{
    /// <summary>The most codes.</summary>
    public const int CodesMax = 30;

    /// <summary>Who.</summary>
    public required UserId User { get; init; }

    /// <summary>The codes, in any writing and order, at most <see cref="CodesMax"/>; one that stands twice counts
    /// once.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>The shop's order: coupons used on it before are reckoned with.</summary>
    public required string Order { get; init; }

    /// <summary>The cart.</summary>
    public required Cart Cart { get; init; }

    /// <summary>Whose wish decides.</summary>
    public ChoiceMode Mode { get; init; } = ChoiceMode.BestForUser;
}

/// <summary>A coupon presented with a cart.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Offer">Its offer, with the cap that holds at the checkout.</param>
/// <param name="Currency">Its campaign's currency.</param>
/// <param name="Guardrails">What its campaign allows; null asks for no margin floor.</param>
public sealed record CartCoupon(string Code, Offer Offer, Currency Currency, Guardrails? Guardrails = null);

/// <summary>A coupon that is used.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Discount">What it takes off what the ones before have left.</param>
public sealed record ChosenCoupon(string Code, Discount Discount);

/// <summary>A coupon that is not used.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Reason">Why not: the first check that it fails.</param>
/// <param name="By">The chosen coupon beside which it may not stand, for
/// <see cref="RedemptionStatus.NotStackable"/>.</param>
public sealed record UnusedCoupon(string Code, RedemptionStatus Reason, string? By = null);

/// <summary>Which coupons are used on a cart, and why the others are not.</summary>
public sealed record CartChoice
{
    /// <summary>What is taken off in all.</summary>
    public required Money Total { get; init; }

    /// <summary>The coupons that are used, in the order in which they are taken off; redeem them in this
    /// order.</summary>
    public required IReadOnlyList<ChosenCoupon> Chosen { get; init; }

    /// <summary>The coupons that are not used, in the order of their codes.</summary>
    public required IReadOnlyList<UnusedCoupon> Unused { get; init; }

    /// <summary>True if every combination was looked at; see <see cref="CartChooser.ExactMax"/>.</summary>
    public bool Exact { get; init; } = true;
}
