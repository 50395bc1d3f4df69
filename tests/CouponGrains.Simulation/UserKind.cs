namespace CouponGrains.Simulation;

/// <summary>How a user answers to coupons: the four quadrants of uplift modelling (Radcliffe 2007).</summary>
public enum UserKind
{
    /// <summary>Buys at the full rate, with and without a coupon.</summary>
    AlwaysBuyer,

    /// <summary>Buys seldom at the full price, and more often the deeper the discount.</summary>
    Persuadable,

    /// <summary>Buys seldom, with and without a coupon.</summary>
    LostCause,

    /// <summary>Buys less while a coupon that he has seen is open.</summary>
    DoNotDisturb,
}
